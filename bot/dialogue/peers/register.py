"""The register of activities: a member's trade, where, since when, what they look for.

Each entry has a consent of its own and is found by pseudonym only, inside the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue import tokens
from bot.dialogue.core import Consent, Outcome, Talk
from bot.dialogue.peers import join
from bot.dialogue.peers.effects import LookUp, Record, Unrecord
from bot.dialogue.states import Open, Recording
from bot.dialogue.tokens import token
from bot.events import Option
from bot.library import Library
from bot.voice import Voice

PURPOSE = "register"  # of the consent
SEEKS = ("partner", "supplier", "customers", "training")
EARLIEST = 1950


def begin(talk: Talk) -> Outcome:
    """What the register is; only members of a group are in it, under their name there."""
    _, mine = talk.voice._, talk.world.peers.active
    if not mine:
        text = _("The register is for members of a group. Choose your trade first.")
        return replace_text(join.sectors(talk, "0"), text)
    text = _(
        "The register of activities: members find you by your group name, trade and region; "
        "the centre counts running businesses. No name, no number. You can leave it at any time. "
        "Do you want to be in it?"
    )
    return talk.say(
        text, Option(_("Yes, add my activity"), token("record", mine[0].group.sector)),
        Option(_("Look for others"), token("lookup", mine[0].group.sector)),
        Option(_("Take me out"), token("record", "out")), tokens.menu(talk.voice),
    )  # fmt: skip


def record(talk: Talk, sector: str) -> Outcome:
    """Yes to the register: since when do they work?"""
    _ = talk.voice._
    if sector == "out":
        return talk.say(_("You are not in the register any more."), state=Open()).and_(
            Unrecord(), Consent(PURPOSE, given=False)
        )
    if sector not in talk.library.taxonomy.sectors or not talk.world.peers.active:
        return begin(talk)
    text = _("Since which year do you work as {trade}? For example: 2024").format(
        trade=talk.library.sector(sector, talk.person.language)
    )
    return talk.say(text, tokens.menu(talk.voice), state=Recording(sector=sector))


def since(talk: Talk, state: Recording) -> Outcome | None:
    """A year was typed; None when it is something else and the person moved on."""
    _, this = talk.voice._, talk.world.now.year
    words = [word.strip(".,") for word in talk.heard.text.split()]
    years = [int(w) for w in words if w.isdecimal() and EARLIEST <= int(w) <= this]
    if not years:
        return None if len(words) > 3 else talk.say(
            _("A year, please, for example {year}.").format(year=this - 1), state=state
        )
    options = [Option(seeks(talk.voice, s), token("seeks", s)) for s in (*SEEKS, "nothing")]
    return talk.say(_("What do you look for?"), *options, state=replace(state, since=years[0]))


def sought(talk: Talk, what: str) -> Outcome:
    """The last answer: recorded, with the region the person told us."""
    _, state, region = talk.voice._, talk.person.state, talk.person.region
    if not isinstance(state, Recording) or not state.since or not state.sector:
        return begin(talk)
    if what not in (*SEEKS, "nothing"):
        return begin(talk)
    mine = talk.world.peers.active
    region = region or (mine[0].group.region if mine else None) or ""
    entry = Record(
        sector=state.sector, region=region, since=state.since,
        seeks=(what,) if what in SEEKS else (),
    )  # fmt: skip
    text = _("You are in the register. To leave it: GROUPS, then My activity.")
    return talk.say(
        text, Option(_("Look for others"), token("lookup", state.sector)),
        tokens.menu(talk.voice), state=Open(),
    ).and_(entry, Consent(PURPOSE, given=True))  # fmt: skip


def look_up(talk: Talk, sector: str) -> Outcome:
    """Others in the same trade; their answer comes with the names."""
    if sector not in talk.library.taxonomy.sectors or not talk.world.peers.active:
        return begin(talk)
    return Outcome(person=talk.person, effects=(LookUp(sector, talk.person.region or ""),))


@dataclass(frozen=True)
class Entry:
    """An activity as another member may see it."""

    name: str
    tag: str
    region: str | None
    since: int
    seeks: tuple[str, ...]


def listed(voice: Voice, library: Library, entries: Sequence[Entry]) -> str:
    """What a look-up found."""
    _ = voice._
    if not entries:
        return _("Nobody else in this trade is in the register yet.")
    lines = [_("In the register:")]
    for one in entries:
        line = _("{name} (#{tag}), since {year}").format(
            name=one.name, tag=one.tag, year=one.since
        )
        if one.region:
            line += f", {library.regions.name(one.region, voice.language)}"
        if one.seeks:
            wants = ", ".join(seeks(voice, what).lower() for what in one.seeks)
            line += "; " + _("looks for: {what}").format(what=wants)
        lines.append(line)
    lines.append(_("To reach somebody write in the group."))
    return "\n".join(lines)


def seeks(voice: Voice, what: str) -> str:
    _ = voice._
    return {
        "partner": _("A partner"),
        "supplier": _("A supplier"),
        "customers": _("Customers"),
        "training": _("Training"),
        "nothing": _("Nothing now"),
    }[what]


def replace_text(outcome: Outcome, text: str) -> Outcome:
    """The same question with another sentence before it."""
    first, *rest = outcome.says
    return replace(outcome, says=(replace(first, text=text), *rest))


