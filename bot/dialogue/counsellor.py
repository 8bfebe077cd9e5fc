"""A counsellor has the conversation: what the person is told, and what still works meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.dialogue import human, link, menu, refer, rights, tokens
from bot.dialogue.core import Act, Consent, Left, OpenCase, Outcome, RateCase, Said, Say, Talk
from bot.events import Option


def said(talk: Talk) -> Outcome:
    """Something of staff reaches the person; nothing does while they have stopped us."""
    spoken = talk.heard.said
    if spoken is None or talk.person.stopped:
        return Outcome(person=talk.person)
    _ = talk.voice._
    match spoken.act:
        case Act.TAKEN:
            text = _now_reads(talk, spoken.name)
        case Act.REPLY:
            text = f"{spoken.name}: {spoken.text}"
        case Act.NUDGE:
            return _nudge(talk)
        case Act.RETURNED:
            text = _("The counsellor had to leave. Your case is back with our team.")
            text += " " + human.duty(talk)
        case Act.CLOSED:
            return _closed(talk, spoken)
        case (
            Act.CODE | Act.LINKED | Act.LINKED_STAFF | Act.NOT_LINKED | Act.OWN_CODE | Act.MAY_SMS
        ):
            return link.said(talk, spoken)
        case Act.REFER | Act.REFERRED | Act.REFERRALS:
            return refer.said(talk, spoken)
        case _:
            assert_never(spoken.act)
    return Outcome(person=talk.person, says=(Say(text=text),))


def _now_reads(talk: Talk, name: str) -> str:
    return talk.voice._(
        "{name}, a counsellor, now reads this conversation and will answer you. "
        "For the automatic answers write MENU."
    ).format(name=name)


def _nudge(talk: Talk) -> Outcome:
    """Outside WhatsApp's window only this fixed text may go; it says nothing about the case."""
    text = talk.voice._("We have an answer for you. Write any word to read it.")
    return Outcome(person=talk.person, says=(Say(text=text, template="nudge"),))


def _closed(talk: Talk, spoken: Said) -> Outcome:
    _ = talk.voice._
    lines = [_("{name} has ended this talk.").format(name=spoken.name)]
    if spoken.agreed:
        lines.append(_("Agreed: {what}").format(what=spoken.agreed))
    if spoken.next:
        lines.append(_("Next: {what}").format(what=spoken.next))
    lines.append(_("The automatic answers are back. Did this talk help you?"))
    return talk.say(
        "\n".join(lines),
        Option(_("Yes, it helped"), tokens.token("solved", spoken.case, 1)),
        Option(_("No, it did not"), tokens.token("solved", spoken.case, 0)),
    )


def listening(talk: Talk, chosen: tuple[str, ...] | None) -> Outcome:
    """The person writes to the counsellor: the bot is silent, but leaving and stopping work.

    A "menu" from before the counsellor spoke was for the bot: it sends nobody away.
    """
    _ = talk.voice._
    match chosen:
        case ("menu",) if not talk.heard.overtaken:
            text = _("The automatic answers are back. The counsellor still has your case.")
            return _left(menu.groups(talk, text))
        case ("stop",):
            return _left(rights.stop(talk))
        case ("start",) if talk.person.stopped:  # they could not be told who reads now
            text = _now_reads(talk, talk.person.counsellor or "")
            person = replace(talk.person, stopped=False)
            return Outcome(person=person, says=(Say(text=text),)).and_(
                Consent("messages", given=True)
            )
        case ("solved", case, good):
            return Outcome(person=talk.person).and_(*_rating(case, good))
        case ("link",):
            return link.make(talk)
        case ("sms", yes):
            return link.sms(talk, yes)
        case ("refer", id, yes):
            return refer.answer(talk, id, yes)
        case ("referrals",):
            return refer.show(talk)
        case _:
            return Outcome(person=talk.person)


def _left(outcome: Outcome) -> Outcome:
    """What the person writes next, even in the same batch, is for the bot again."""
    return replace(outcome, person=replace(outcome.person, counsellor=None)).and_(Left())


def rated(talk: Talk, case: str, good: str) -> Outcome:
    """The one question after the closing."""
    _, effects = talk.voice._, _rating(case, good)
    if not effects:
        return menu.groups(talk)
    if effects[0].good:
        return talk.say(_("Good. Write again whenever you need something.")).and_(*effects)
    text = _("Thank you for telling us. Somebody of our team will look at it again.")
    text += " " + human.duty(talk)
    return talk.say(text, tokens.menu(talk.voice)).and_(
        *effects, OpenCase("follow_up", human.asked(talk))
    )


def answered(talk: Talk) -> Outcome | None:
    """A yes or no in words to that question, while it is what was asked last."""
    reading = talk.heard.reading
    good = {"affirm": "1", "deny": "0"}.get(reading.intent.name) if reading else None
    for option in talk.person.state.offered if good and reading and reading.understood else ():
        match tokens.parse(option.token):
            case ("solved", case, _):
                return rated(talk, case, good or "")
    return None


def prefer(talk: Talk, gender: str) -> Outcome:
    """The person would rather talk to a woman or to a man."""
    if gender not in ("f", "m"):
        return human.ask_for(talk)
    _ = talk.voice._
    wish = _("a woman") if gender == "f" else _("a man")
    text = _("Noted: {wish}, if possible. I cannot promise it.").format(wish=wish)
    return talk.say(text, tokens.menu(talk.voice)).and_(
        OpenCase("asked", human.asked(talk), wants=gender)
    )


def _rating(case: str, good: str) -> tuple[RateCase, ...]:
    if not case.isdecimal() or len(case) > 18 or good not in ("0", "1"):
        return ()
    return (RateCase(int(case), good == "1"),)
