"""Which flow of the groups a choice or a free text belongs to; None: to none of them."""

from __future__ import annotations

from bot.dialogue.core import Outcome, Talk
from bot.dialogue.peers import appeal, commands, join, mine, register, relay, talk
from bot.dialogue.peers.commands import Command
from bot.dialogue.peers.effects import ReportPost
from bot.dialogue.peers.world import Membership
from bot.dialogue.states import Appealing, Joining, Open, Recording, Talking
from bot.dialogue.tokens import token
from bot.events import Kind, Option

WHY = ("scam", "abuse", "private", "danger", "other")


def choice(here: Talk, chosen: tuple[str, ...]) -> Outcome | None:
    """What a button, number or word of the groups stands for."""
    match chosen:
        case ("groups",):
            return mine.groups(here)
        case ("sectors", page):
            return join.sectors(here, page)
        case ("sector", sector):
            return join.of_sector(here, sector)
        case ("wish", sector):
            return join.wish(here, sector)
        case ("enter", group):
            return join.enter(here, group)
        case ("age", group, band):
            return join.age(here, group, band)
        case ("rules", group):
            return join.name_wanted(here, group)
        case ("names", group, again):
            return join.name_wanted(here, group, again=_number(again) or 0)
        case ("name", group, name):
            return join.named(here, group, name)
        case ("done",):
            return talk.done(here)
        case ("speak",):
            return mine.only(here, "talk", talk.begin)
        case ("unread",):
            return mine.only(here, "catchup", mine.catch_up)
        case ("appeal", decision):
            return appeal.begin(here, decision)
        case ("activity",):
            return register.begin(here)
        case ("record", sector):
            return register.record(here, sector)
        case ("seeks", what):
            return register.sought(here, what)
        case ("lookup", sector):
            return register.look_up(here, sector)
        case ("peerhelp", _):
            return talk.private_help(here)
        case (kind, group, *more) if kind in _IN_GROUP:
            member = here.world.peers.in_group(_number(group) or 0)
            return _in_group(here, member, kind, more) if member else mine.groups(here)
        case _:
            return None


_IN_GROUP = frozenset((
    "talk", "catchup", "often", "mode", "pause", "hush", "who", "leave", "mygroup", "relay",
    "invite", "oncall", "decide", "answer", "like", "thanks", "report",
))  # fmt: skip


def _in_group(here: Talk, member: Membership, kind: str, more: list[str]) -> Outcome:
    match kind, more:
        case "talk", []:
            return talk.begin(here, member)
        case "catchup", []:
            return mine.catch_up(here, member)
        case "often", []:
            return mine.how_often(here, member)
        case "mode", [mode]:
            return mine.set_mode(here, member, mode)
        case "pause", []:
            return mine.pause(here, member)
        case "hush", [hours]:
            return mine.pause(here, member, hours)
        case "who", []:
            return mine.who_reads(here, member)
        case "leave", [what]:
            return mine.leave(here, member, what)
        case "relay", []:
            return relay.tools(here, member)
        case "invite", []:
            return relay.invite(here, member)
        case "oncall", [on]:
            return relay.on_call(here, member, on)
        case "decide", [post, yes]:
            return relay.decided(here, member, post, yes)
        case "report", [number, why] if _number(number) and why in WHY:
            text = here.voice._("Noted.")
            return here.say(text, state=here.person.state).and_(
                ReportPost(member.group.id, int(number), why)
            )
        case ("answer", [number]) if _number(number):
            return talk.begin(here, member, int(number))
        case (("like" | "thanks") as verb, [number]) if _number(number):
            return talk.command(here, member, Command(verb, int(number)))
        case _:
            return mine.group(here, member)


def _number(text: str) -> int | None:
    """An id or a post's number in a token that anybody may have made up: no more digits than a
    column of the database holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def free(here: Talk) -> Outcome | None:
    """What somebody writes while they talk in a group, or what begins like a command."""
    heard, state = here.heard, here.person.state
    if heard.kind is not Kind.MESSAGE:
        return None
    if isinstance(state, Talking):
        member = here.world.peers.in_group(state.group)
        if member is None:
            return mine.groups(here)
        if found := _command(here):
            return found
        meant = here.world.peers.in_group(heard.replied[0]) if heard.replied else None
        return _said(here, meant or member)
    if (found := _command(here)) or not heard.text.strip():
        return found
    match state:
        case Joining(step="name", group=group):
            return join.named(here, str(group), heard.text)
        case Appealing():
            return appeal.written(here, state)
        case Recording():
            return register.since(here, state)
    if code := join.invitation_in(heard.text):
        return invited(here, code)
    sector = join.wanted(here)
    if sector is None:
        return None
    return join.of_sector(here, sector) if sector else join.sectors(here, "0")


def invited(here: Talk, code: str) -> Outcome:
    """A code from a poster or a relay: which group it opens is the turn's to know."""
    group = here.heard.invited
    if group is None:
        text = here.voice._("This invitation does not work any more. Choose your trade:")
        return register.replace_text(join.sectors(here, "0"), text)
    return join.enter(here, str(group), code)


def _said(here: Talk, member: Membership) -> Outcome:
    return talk.said(here, member, here.heard.text, reply=_answered(here, member))


def _answered(here: Talk, member: Membership) -> int:
    """The post this is an answer to: by a button before, or by the app's own reply."""
    state, replied = here.person.state, here.heard.replied
    if replied and replied[0] == member.group.id:
        return replied[1]
    return state.reply if isinstance(state, Talking) and state.group == member.group.id else 0


def _command(here: Talk) -> Outcome | None:
    """A typed command, or the app's own reply to a post that was relayed."""
    wanted = commands.parse(here.heard.text)
    if wanted and wanted.tag:
        member = here.world.peers.tagged(wanted.tag)
        if member is None:
            return _elsewhere(here, wanted)
        return _do(here, member, wanted)
    if wanted:
        return _numbered(here, wanted)
    if here.heard.replied and not isinstance(here.person.state, Talking):
        group, number = here.heard.replied
        member = here.world.peers.in_group(group)
        return talk.said(here, member, here.heard.text, reply=number) if member else None
    return None


def _do(here: Talk, member: Membership, wanted: Command) -> Outcome:
    if wanted.verb in relay.COMMANDS:
        return relay.command(here, member, wanted)
    return talk.command(here, member, wanted)


def _elsewhere(here: Talk, wanted: Command) -> Outcome | None:
    """A tag of a group that the person is not in: the way in. Any other # is just text."""
    group = next((g for g in here.world.peers.groups if g.tag == wanted.tag), None)
    return join.enter(here, str(group.id)) if group else None


def _numbered(here: Talk, wanted: Command) -> Outcome | None:
    """A number belongs to the group of the talk, else to the one that has it; if several have it,
    to choose."""
    state = here.person.state
    able = [m for m in here.world.peers.active if 0 < wanted.number <= m.last]
    if wanted.verb in relay.COMMANDS and (powers := _powers(here, wanted)):
        able = powers
    if isinstance(state, Talking):
        able = [m for m in able if m.group.id == state.group] or able
    if not able:
        return None
    able.sort(key=lambda m: (m.latest is not None, m.latest), reverse=True)
    text = here.voice._("Which group is #{number} in? Or write #group before it.")
    if len(able) > 1 and wanted.verb in relay.COMMANDS:  # no guess: others would feel it
        return here.say(text.format(number=wanted.number), state=state)
    if len(able) > 1 and wanted.verb in ("reply", "report", "like", "thanks"):
        kind = {"reply": "answer"}.get(wanted.verb, wanted.verb)
        more = ("other",) if kind == "report" else ()
        options = [
            Option(f"#{m.group.tag}", token(kind, m.group.id, wanted.number, *more)) for m in able
        ]
        return here.say(text.format(number=wanted.number), *options, state=Open())
    return _do(here, able[0], wanted)


def _powers(here: Talk, wanted: Command) -> list[Membership]:
    """The groups that a relay can mean: a post that waits has a number of its own."""
    mine = [m for m in here.world.peers.active if m.relays(here.world.now)]
    waits = wanted.verb in ("approve", "decline")
    return [m for m in mine if wanted.number > 0 and (waits or wanted.number <= m.last)]
