"""Relays: trusted members with a few powers in one group, for a term. They see no identities."""

from __future__ import annotations

from bot.dialogue import tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.peers.commands import Command
from bot.dialogue.peers.effects import Decide, HelpAuthor, Hide, Invite, OnCall, PeerEffect, Pin
from bot.dialogue.peers.relayed import marked
from bot.dialogue.peers.world import Event, Membership, News
from bot.dialogue.tokens import token
from bot.events import Option

COMMANDS = ("pin", "hide", "approve", "decline", "help")


def tools(talk: Talk, mine: Membership) -> Outcome:
    """What a relay can do, and how it is typed."""
    _, id = talk.voice._, mine.group.id
    if mine.relay_until is None or not mine.relays(talk.world.now):
        return talk.say(_("This is for relays of the group."), tokens.menu(talk.voice))
    when = talk.voice.when(mine.relay_until, talk.library.country.timezone)
    text = "\n".join([
        _("You are a relay of this group until {when}.").format(when=when),
        _("PIN 12: post 12 is shown to newcomers. HIDE 12: out, until a moderator looks."),
        _("HELP 12: a counsellor writes to whoever asked for help in post 12."),
        _("You do not see who members are, and no counsellor's talk."),
    ])  # fmt: skip
    return talk.say(
        text, Option(_("Invitation code"), token("invite", id)),
        Option(_("I am on call"), token("oncall", id, 1)),
        Option(_("Not on call"), token("oncall", id, 0)), tokens.menu(talk.voice),
    )  # fmt: skip


def command(talk: Talk, mine: Membership, wanted: Command) -> Outcome:
    """A typed power; a member without it is told so."""
    if not mine.relays(talk.world.now):
        text = talk.voice._("This is for relays of the group.")
        return talk.say(text, state=talk.person.state)
    group, number = mine.group.id, wanted.number
    effects: dict[str, PeerEffect] = {
        "pin": Pin(group, number),
        "hide": Hide(group, number),
        "help": HelpAuthor(group, number),
        "approve": Decide(group, approve=True, number=number),
        "decline": Decide(group, approve=False, number=number),
    }
    return Outcome(person=talk.person, effects=(effects[wanted.verb],))


def invite(talk: Talk, mine: Membership) -> Outcome:
    if not mine.relays(talk.world.now):
        return tools(talk, mine)
    return Outcome(person=talk.person, effects=(Invite(mine.group.id),))


def on_call(talk: Talk, mine: Membership, on: str) -> Outcome:
    if not mine.relays(talk.world.now):
        return tools(talk, mine)
    _ = talk.voice._
    text = _("You are on call: held posts of the group come to you.") if on == "1" else _(
        "You are not on call."
    )
    return talk.say(text, state=talk.person.state).and_(OnCall(mine.group.id, on == "1"))


def decided(talk: Talk, mine: Membership, post: str, yes: str) -> Outcome:
    """The buttons below a held post."""
    if not mine.relays(talk.world.now) or not post.isdecimal() or len(post) > 15:
        return tools(talk, mine)
    effect = Decide(mine.group.id, approve=yes == "1", post=int(post))
    return Outcome(person=talk.person, effects=(effect,))


def decide(talk: Talk, news: News) -> tuple[Option, ...]:
    """Below a held post."""
    _ = talk.voice._
    return (
        Option(_("Send it"), token("decide", news.group, news.post, 1)),
        Option(_("Do not send"), token("decide", news.group, news.post, 0)),
    )


def told(talk: Talk, news: News, group: str) -> str:
    """What relays, and members about relays, are told."""
    _ = talk.voice._
    until = talk.voice.when(news.until, talk.library.country.timezone) if news.until else ""
    match news.event:
        case Event.APPOINTED:
            return _(
                "You are now a relay of {group}, until {until}. Thank you. "
                "Write GROUPS to see what you can do."
            ).format(group=group, until=until)
        case Event.TERM_ENDS:
            return _(
                "Your time as a relay of {group} is over. You welcomed, approved or answered "
                "{count} times. Thank you."
            ).format(group=group, count=news.number)
        case Event.NEWCOMER:
            return _("{group}: somebody new has joined. A word of welcome helps.").format(
                group=group
            )
        case Event.HELD:
            text = _('{group}: a post waits ({reason}).\n{name}: "{text}"').format(
                group=group, reason=news.reason, name=news.name,
                text=marked(talk.voice, news.kind, news.text),
            )  # fmt: skip
            if not news.number:
                return text
            typed = _("Or write: APPROVE {number}, or DECLINE {number}.")
            return f"{text}\n{typed.format(number=news.number)}"
        case Event.NOT_WAITING:
            return _("{group}: no post waits under the number {number}.").format(
                group=group, number=news.number
            )
        case Event.UNCHECKED:
            return _(
                "{group}: this photo or voice note has not been checked yet, so you cannot send it."
            ).format(group=group)
        case Event.INVITATION:
            return _(
                "Whoever sends this to our number enters {group}: JOIN {code}. "
                "It works until {until}."
            ).format(group=group, code=news.text, until=until)
        case Event.ASKED:
            return _("Noted: a counsellor writes to the author of #{number}.").format(
                number=news.number
            )
        case Event.REACHED:
            return news.text
        case _:
            return _("{group}: done.").format(group=group)
