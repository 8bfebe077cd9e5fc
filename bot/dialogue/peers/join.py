"""Into a group: sector, group, adults only, the rules, a name that gives nobody away."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.peers import labels, names
from bot.dialogue.peers.effects import Join, Wish
from bot.dialogue.peers.world import Group, Standing
from bot.dialogue.states import Joining, Open
from bot.dialogue.tokens import token
from bot.events import Option
from nlu.normalise import fold

A_PAGE = 8
BANDS = ("18-24", "25-34", "35-49", "50+")
UNDER_AGE = "under18"
_JOIN = re.compile(
    r"(?:i (?:want|would like|wan) to |i wan |je (?:veux|voudrais) |please )?"
    r"(?:join|enter|rejoindre|joindre|entrer dans|adherer a|integrer)\b\s*(.*)"
)
_INVITED = re.compile(r"(?ai)(?:/start )?(?:join|rejoindre)[ :-]*([A-HJ-NP-Z2-9]{6})[.!]?")


def invitation_in(text: str) -> str | None:
    """The code of an invitation, when the whole message is one ("JOIN K7WPQ2"). A word of six
    letters is a sector more often than a code: a code has a digit."""
    found = _INVITED.fullmatch(text.strip())
    return found[1].upper() if found and any(c.isdigit() for c in found[1]) else None


def wanted(talk: Talk) -> str | None:
    """The sector of "join tailoring", "" where it names none of ours, None when it is no such
    wish."""
    found = _JOIN.fullmatch(fold(talk.heard.text))
    if found is None:
        return None
    return sector_in(talk, found[1]) or ""


def sector_in(talk: Talk, text: str) -> str | None:
    """The first sector that a text names, the longest name first."""
    words = fold(text).split()
    for size in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            if known := talk.library.sectors.get(" ".join(words[start : start + size])):
                return known
    return None


def asked(talk: Talk) -> Outcome:
    """Free words that want a group: of the sector they name, else choose one."""
    reading = talk.heard.reading
    sector = (reading.entity("sector") if reading else None) or sector_in(talk, talk.heard.text)
    return of_sector(talk, sector) if sector else sectors(talk, "0")


def sectors(talk: Talk, page: str) -> Outcome:
    """The trades, those with a group first."""
    _, language = talk.voice._, talk.person.language
    there = {group.sector for group in talk.world.peers.groups}
    order = sorted(
        talk.library.taxonomy.sectors,
        key=lambda id: (id not in there, fold(talk.library.sector(id, language))),
    )
    first = int(page) * A_PAGE if page.isdecimal() and len(page) < 3 else 0
    shown = order[first : first + A_PAGE] or order[:A_PAGE]
    options = [Option(talk.library.sector(id, language), token("sector", id)) for id in shown]
    if first + A_PAGE < len(order):
        options.append(Option(_("More trades"), token("sectors", first // A_PAGE + 1)))
    text = _("Groups of returnees in the same trade. Nobody sees your number. Which trade?")
    return talk.say(text, *options, tokens.menu(talk.voice))


def of_sector(talk: Talk, sector: str) -> Outcome:
    """The groups of a trade that the person may enter: their language and region first."""
    _, person = talk.voice._, talk.person
    if sector not in talk.library.taxonomy.sectors:
        return sectors(talk, "0")
    found = [group for group in talk.world.peers.groups if group.sector == sector]
    if not found:
        text = _("There is no group for {trade} yet. Shall we tell you when one opens?").format(
            trade=talk.library.sector(sector, person.language)
        )
        return talk.say(
            text, Option(_("Yes, tell me"), token("wish", sector)),
            Option(_("Other trades"), token("sectors", 0)), tokens.menu(talk.voice),
        )  # fmt: skip
    found.sort(key=lambda g: (g.language != person.language, g.region != person.region, g.id))
    if len(found) == 1:
        return enter(talk, str(found[0].id))
    options = [Option(labels.group(talk, g), token("enter", g.id)) for g in found[:A_PAGE]]
    return talk.say(_("Which group?"), *options, tokens.menu(talk.voice))


def wish(talk: Talk, sector: str) -> Outcome:
    if sector not in talk.library.taxonomy.sectors:
        return sectors(talk, "0")
    text = talk.voice._("Noted. When this group opens, you get one message.")
    return talk.say(text, tokens.menu(talk.voice)).and_(Wish(sector))


def enter(talk: Talk, id: str, code: str = "") -> Outcome:
    """The first question, unless they are in already or may not come in."""
    group = _group(talk, id)
    if group is None:
        return sectors(talk, "0")
    _, now = talk.voice._, talk.world.now
    before = talk.world.peers.ever_in(group.id)
    if before and before.standing is Standing.ACTIVE:
        text = _("You are in this group already, as {name}.").format(name=before.name)
        return talk.say(text, *labels.menu_of(talk, before), tokens.menu(talk.voice))
    if before and before.kept_out(now):
        return talk.say(_("You cannot enter this group at present."), tokens.menu(talk.voice))
    text = _(
        "{group}. Members: {count}. Others see a name you choose, never your number. "
        "Groups are for adults. How old are you?"
    ).format(group=labels.group(talk, group), count=group.members)
    options = [Option(band, token("age", group.id, band)) for band in BANDS]
    options.append(Option(_("Under 18"), token("age", group.id, UNDER_AGE)))
    return talk.say(
        text, *options, tokens.menu(talk.voice), state=Joining(group=group.id, code=code)
    )


def age(talk: Talk, id: str, band: str) -> Outcome:
    """Adults read the rules; who is younger gets a person of ours instead."""
    group, _ = _group(talk, id), talk.voice._
    if group is None:
        return sectors(talk, "0")
    if band not in BANDS:
        text = _(
            "These groups are for adults only. For you there are people who help in private: "
            "ask me anything, or talk to one of our counsellors."
        )
        topic = tokens.topic(talk.library, talk.person.language, "skills_training")
        return talk.say(text, tokens.human(talk.voice), topic, tokens.menu(talk.voice))
    text = "\n".join([
        _("The rules of the group:"),
        _("1. Be kind. No insults, no party politics, no quarrels about faith."),
        _("2. No phone numbers, links, or offers of jobs, visas and travel."),
        _("3. Never send money to somebody you know only from here."),
        _("4. What is said here stays here."),
        _("5. In danger write to us alone, not to the group."),
        _("Moderators and relays can read the group. Do you accept?"),
    ])  # fmt: skip
    state = Joining(group=group.id, band=band, code=_code(talk))
    return talk.say(
        text, Option(_("I accept"), token("rules", group.id)),
        Option(_("I do not accept"), "menu"), state=state,
    )  # fmt: skip


def name_wanted(talk: Talk, id: str, *, problem: str = "", again: int = 0) -> Outcome:
    """Three suggestions, or whatever they type. Who was here before is offered their own name."""
    group, state, _ = _group(talk, id), talk.person.state, talk.voice._
    if group is None or not isinstance(state, Joining) or not state.band:
        return enter(talk, id)  # an old button: the questions come first
    text = problem + _("Choose a name for this group, or type one. Not your real name.")
    found = names.suggestions(group.joined, again=again)
    before = talk.world.peers.ever_in(group.id)
    if before and not problem and not again and names.problem(before.name, frozenset()) is None:
        found = [before.name, *found[:-1]]
    options = [Option(name, token("name", group.id, name)) for name in found]
    options.append(Option(_("Other names"), token("names", group.id, again + 1)))
    return talk.say(
        text, *options, tokens.menu(talk.voice), state=replace(state, offered=(), step="name")
    )


def named(talk: Talk, id: str, typed: str) -> Outcome:
    """The name is checked here; whether it is free only the database knows."""
    group, state, _ = _group(talk, id), talk.person.state, talk.voice._
    if group is None or not isinstance(state, Joining) or not state.band:
        return enter(talk, id)
    name = names.tidy(typed)
    match names.problem(name, talk.library.personal_names):
        case None:
            person = replace(talk.person, state=Open())
            effect = Join(group.id, name, state.band, state.code)
            return Outcome(person=person, effects=(effect,))
        case "number":
            problem = _("A name without numbers or addresses, please.")
        case "ours":
            problem = _("This could pass for our team or an office.")
        case "person":
            problem = _("This looks like a real name. Others should not know who you are.")
        case _:
            problem = _("Two to {count} letters, please.").format(count=names.LONGEST)
    return name_wanted(talk, id, problem=problem + " ", again=1)


def _code(talk: Talk) -> str:
    state = talk.person.state
    return state.code if isinstance(state, Joining) else ""


def _group(talk: Talk, id: str) -> Group | None:
    return talk.world.peers.group(int(id)) if id.isdecimal() and len(id) < 12 else None
