"""Talking in a group: what somebody writes goes to all others, unless the rules say otherwise."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import human, tokens
from bot.dialogue.core import Outcome, Say, Talk
from bot.dialogue.peers import labels
from bot.dialogue.peers.commands import Command, question
from bot.dialogue.peers.effects import BlockAuthor, Post, React, Withdraw
from bot.dialogue.peers.world import Membership
from bot.dialogue.states import Open, Talking
from bot.dialogue.tokens import token
from bot.events import Attachment, Option
from bot.screening.judge import Author, judge
from bot.screening.rules import Finding, Verdict
from bot.voice import voice

RELAYED = {Attachment.PHOTO: "photo", Attachment.VOICE: "voice"}


def begin(talk: Talk, mine: Membership, reply: int = 0) -> Outcome:
    """From now on everything goes to the group."""
    _ = talk.voice._
    if reply:
        text = _("Write your answer to #{number}.").format(number=reply)
    else:
        text = _(
            "You are talking in {group} as {name}. What you write now goes to the others "
            "({count}). To leave the talk: MENU."
        ).format(group=labels.group(talk, mine.group), name=mine.name, count=_others(mine))
    return talk.say(
        text, Option(_("Leave the talk"), "done"),
        state=Talking(group=mine.group.id, reply=reply),
    )  # fmt: skip


def done(talk: Talk) -> Outcome:
    """Back to the service."""
    text = talk.voice._("You have left the talk; you are still in the group. Posts still come.")
    return talk.say(
        text, Option(talk.voice._("My groups"), "groups"), tokens.menu(talk.voice), state=Open()
    )


def said(talk: Talk, mine: Membership, text: str, *, reply: int = 0) -> Outcome:
    """A post: judged by the rules, then all others get it, or a moderator sees it first."""
    media = RELAYED.get(talk.heard.attachment) if talk.heard.attachment else None
    if talk.heard.attachment and not (media and talk.heard.media):
        refused = talk.voice._("Only text, photos and voice notes go into a group.")
        return replace(_stay(talk), says=(Say(text=refused),))
    words, asks = question(text)
    if not words and not media:
        return begin(talk, mine, reply)
    now, group = talk.world.now, mine.group
    author = Author(
        approved=mine.approved, trusted=mine.relays(now), silenced_until=mine.silenced_until,
        past=mine.past,
    )  # fmt: skip
    judged = judge(
        words, group.rules, author, now, language=group.language,
        offers=talk.world.peers.offers, words=labels.hidden(voice(group.language)),
        media=media is not None,
    )  # fmt: skip
    effect = Post(
        group=group.id, judgement=judged, written=words, reply=reply, question=asks,
        media=media or "", media_ref=talk.heard.media,
    )  # fmt: skip
    return replace(_stay(talk), says=_told(talk, judged.verdict, judged.findings)).and_(effect)


def _told(talk: Talk, verdict: Verdict, findings: tuple[Finding, ...]) -> tuple[Say, ...]:
    """What its author hears at once; one that goes out is confirmed with its number."""
    _ = talk.voice._
    if verdict in (Verdict.ACCEPT, Verdict.MASK):
        return ()
    reasons = "; ".join(labels.why(talk.voice, f.value) for f in findings[:2])
    if verdict is Verdict.HOLD:
        text = _("Not sent yet: {reason}. A moderator decides, and you are told.")
    else:
        text = _("Not sent: {reason}.")
    return (Say(text=text.format(reason=reasons)),)


def _stay(talk: Talk) -> Outcome:
    """Who is in the talk stays in it; an answer was to one post only."""
    state = talk.person.state
    if isinstance(state, Talking):
        state = replace(state, reply=0)
    return Outcome(person=replace(talk.person, state=state))


def command(talk: Talk, mine: Membership, wanted: Command) -> Outcome:
    """What a member typed about a post of the group."""
    _, group, number = talk.voice._, mine.group.id, wanted.number
    match wanted.verb:
        case "say":
            return said(talk, mine, wanted.text)
        case "reply":
            return said(talk, mine, wanted.text, reply=number)
        case "like" | "thanks" as kind:
            return _stay(talk).and_(React(group, number, kind))
        case "report":
            return report(talk, mine, number)
        case "block":
            return _stay(talk).and_(BlockAuthor(group, number))
        case _:
            return _stay(talk).and_(Withdraw(group, number))


def report(talk: Talk, mine: Membership, number: int) -> Outcome:
    """What is wrong with it? Nobody in the group learns who asked."""
    _, group = talk.voice._, mine.group.id

    def why(label: str, kind: str) -> Option:
        return Option(label, token("report", group, number, kind))

    text = _("What is wrong with #{number}? Nobody in the group learns that you asked.")
    state = talk.person.state
    return talk.say(
        text.format(number=number),
        why(_("It asks for money, or cheats"), "scam"),
        why(_("It hurts or threatens"), "abuse"),
        why(_("It shows who somebody is"), "private"),
        why(_("Somebody is in danger"), "danger"),
        why(_("Something else"), "other"),
        state=replace(state, offered=()) if isinstance(state, Talking) else None,
    )  # fmt: skip


def private_help(talk: Talk) -> Outcome:
    """Help that the group does not see: a counsellor."""
    return human.ask_for(talk)


def _others(mine: Membership) -> int:
    return max(mine.group.members - 1, 0)
