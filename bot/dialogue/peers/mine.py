"""My groups: what waits, how often posts come, pause, who reads, leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.dialogue import tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.peers import join, labels
from bot.dialogue.peers.effects import CatchUp, Hush, Leave, SetMode
from bot.dialogue.peers.world import Membership, Mode
from bot.dialogue.states import Open
from bot.dialogue.tokens import token
from bot.events import Option

PAUSES = (8, 24, 168)  # hours


def groups(talk: Talk) -> Outcome:
    """All of the person's groups, or the trades when there are none yet."""
    _, mine = talk.voice._, talk.world.peers.active
    if not mine:
        return join.sectors(talk, "0")
    lines = [_("Your groups:")]
    for one in mine:
        waits = max(one.last - one.got, 0)
        line = _("{group}: you are {name}. Write #{tag} and your words.").format(
            group=labels.group(talk, one.group), name=one.name, tag=one.group.tag
        )
        lines.append(line + (" " + _("Waiting: {count}.").format(count=waits) if waits else ""))
    options = [Option(labels.group(talk, m.group), token("mygroup", m.group.id)) for m in mine[:6]]
    return talk.say(
        "\n".join(lines), *options, Option(_("Another group"), token("sectors", 0)),
        Option(_("My activity"), "activity"), tokens.menu(talk.voice), state=Open(),
    )  # fmt: skip


def group(talk: Talk, mine: Membership) -> Outcome:
    """One group and what can be done in it."""
    _ = talk.voice._
    text = _("{group}. Members: {count}. You are {name}. Posts come: {often}.").format(
        group=labels.group(talk, mine.group), count=mine.group.members, name=mine.name,
        often=labels.mode(talk.voice, mine.mode).lower(),
    )  # fmt: skip
    if mine.hushed_until and talk.world.now < mine.hushed_until:
        when = talk.voice.when(mine.hushed_until, talk.library.country.timezone)
        text += " " + _("Paused until {when}.").format(when=when)
    return talk.say(text, *labels.menu_of(talk, mine), tokens.menu(talk.voice), state=Open())


def who_reads(talk: Talk, mine: Membership) -> Outcome:
    """Honest: who sees what."""
    text = talk.voice._(
        "Members see {name} and what you write. Moderators and relays read it too. "
        "Only our moderators can find out which conversation {name} belongs to, and each time "
        "that is recorded. Your number is shown to nobody. Texts are kept for 30 days."
    ).format(name=mine.name)
    return talk.say(text, *labels.menu_of(talk, mine), tokens.menu(talk.voice))


def how_often(talk: Talk, mine: Membership) -> Outcome:
    _ = talk.voice._
    options = [Option(labels.mode(talk.voice, m), token("mode", mine.group.id, m)) for m in Mode]
    text = _("How often do you want the posts? By SMS they come once a day at most.")
    return talk.say(text, *options)


def set_mode(talk: Talk, mine: Membership, mode: str) -> Outcome:
    if mode not in set(Mode):
        return how_often(talk, mine)
    text = talk.voice._("Noted: {often}.").format(often=labels.mode(talk.voice, Mode(mode)).lower())
    return talk.say(text, *labels.menu_of(talk, mine)).and_(SetMode(mine.group.id, mode))


def pause(talk: Talk, mine: Membership, hours: str = "") -> Outcome:
    """Silence for a while; 0 ends it."""
    _, now = talk.voice._, talk.world.now
    if hours == "0":
        text = _("Posts come again.")
        return talk.say(text, *labels.menu_of(talk, mine)).and_(Hush(mine.group.id, None))
    if not hours.isdecimal() or int(hours) not in PAUSES:
        words = {8: _("8 hours"), 24: _("One day"), 168: _("One week")}
        options = [Option(words[h], token("hush", mine.group.id, h)) for h in PAUSES]
        if mine.hushed_until and now < mine.hushed_until:
            options.insert(0, Option(_("End the pause"), token("hush", mine.group.id, 0)))
        return talk.say(_("For how long?"), *options)
    until = now + timedelta(hours=int(hours))
    when = talk.voice.when(until, talk.library.country.timezone)
    text = _("Nothing from this group until {when}.").format(when=when)
    return talk.say(text, *labels.menu_of(talk, mine)).and_(Hush(mine.group.id, until))


def catch_up(talk: Talk, mine: Membership) -> Outcome:
    """What waits, now."""
    _ = talk.voice._
    waits = max(mine.last - mine.got, 0)
    if not waits:
        return talk.say(_("Nothing new in this group."), *labels.menu_of(talk, mine))
    text = _("On their way to you: {count}.").format(count=waits)
    return talk.say(text).and_(CatchUp(mine.group.id))


def leave(talk: Talk, mine: Membership, what: str) -> Outcome:
    """One question, then out; the name stays theirs."""
    _, id = talk.voice._, mine.group.id
    if what != "now":
        text = _("Leave {group}? You can come back at any time.").format(
            group=labels.group(talk, mine.group)
        )
        return talk.say(
            text, Option(_("Leave"), token("leave", id, "now")),
            Option(_("Stay"), token("mygroup", id)),
        )  # fmt: skip
    text = _("You have left {group}.").format(group=labels.group(talk, mine.group))
    return talk.say(
        text, Option(_("My groups"), "groups"), tokens.menu(talk.voice), state=Open()
    ).and_(Leave(id))


def leave_which(talk: Talk) -> Outcome:
    """Free words that want to leave: the only group, or choose."""
    return only(talk, "leave", lambda here, mine: leave(here, mine, "ask"), "ask")


def only(
    talk: Talk, kind: str, do: Callable[[Talk, Membership], Outcome], *more: str
) -> Outcome:
    """Does it in the person's only group, else asks in which; `kind` and `more` are its token."""
    mine = talk.world.peers.active
    if len(mine) == 1:
        return do(talk, mine[0])
    if not mine:
        return join.sectors(talk, "0")
    options = [
        Option(labels.group(talk, m.group), token(kind, m.group.id, *more)) for m in mine[:8]
    ]
    return talk.say(talk.voice._("Which group?"), *options, tokens.menu(talk.voice))
