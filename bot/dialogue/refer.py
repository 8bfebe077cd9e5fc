"""A referral: one clear question before anything is passed on, and the way back at any time."""

from __future__ import annotations

from babel import Locale

from bot.dialogue import human, menu, tokens
from bot.dialogue.core import (
    Act,
    Decide,
    Effect,
    Outcome,
    Referral,
    Said,
    Say,
    ShowReferrals,
    Standing,
    Talk,
)
from bot.events import Option
from bot.voice import Voice

# What the person's answer makes of a referral. A yes that is there already stays as it is.
ANSWERS = {
    (Standing.ASKED, True): Standing.AGREED,
    (Standing.ASKED, False): Standing.DECLINED,
    (Standing.AGREED, False): Standing.WITHDRAWN,
    (Standing.SENT, False): Standing.WITHDRAWN,
    (Standing.RECEIVED, False): Standing.WITHDRAWN,
}
OPEN = tuple(dict.fromkeys(standing for standing, _ in ANSWERS))


def said(talk: Talk, spoken: Said) -> Outcome:
    """The question, what became of a referral, or all of them. Whoever has the conversation,
    these sentences are ours to say."""
    if spoken.act is Act.REFERRALS:
        return _all(talk, spoken.referrals)
    if not spoken.referrals:
        _ = talk.voice._
        return _offer(talk, _(
            "There is no open question about a referral. If you want one, ask for a person."
        ), (tokens.menu(talk.voice),))  # fmt: skip
    if spoken.act is Act.REFER:
        return _question(talk, spoken.referrals[0])
    return _became(talk, spoken.referrals)


def _question(talk: Talk, referral: Referral) -> Outcome:
    """Everything that would be told is in it; nothing that is not in it is told."""
    _, person = talk.voice._, talk.person
    lines = [_("May we refer you to {office}? We would tell them only this:")
             .format(office=referral.office)]  # fmt: skip
    name = Locale.parse(referral.language).get_language_name(person.language)
    lines.append(_("Language: {language}").format(language=name or referral.language))
    if referral.region:
        region = talk.library.regions.name(referral.region, person.language)
        lines.append(_("Region: {region}").format(region=region))
    if referral.topic:
        need = tokens.topic(talk.library, person.language, referral.topic).label
        lines.append(_("What you need: {topic}").format(topic=need))
    if referral.note:
        lines.append(referral.note)
    lines.append(_("If you say no, nothing changes: we go on helping you here."))
    options = (
        Option(_("Yes"), tokens.token("refer", referral.id, 1)),
        Option(_("No"), tokens.token("refer", referral.id, 0)),
    )
    typed = _("Write: REFER YES, or REFER NO.")
    return _offer(talk, "\n".join(lines), options, taps=options, typed=typed)


def _became(talk: Talk, referrals: tuple[Referral, ...]) -> Outcome:
    _ = talk.voice._
    text = "\n".join(_sentence(talk.voice, referral) for referral in referrals)
    given = [r for r in referrals if r.standing in OPEN]
    if given:
        text += "\n" + _("You can take it back at any time: REFER NO.")
    back = [Option(_("Take it back"), tokens.token("refer", r.id, 0)) for r in given]
    # First what does no harm: a "1" that is sent twice must not take back the yes.
    return _offer(talk, text, (tokens.menu(talk.voice), *back))


def _sentence(voice: Voice, referral: Referral) -> str:
    _ = voice._
    match referral.standing:
        case Standing.DECLINED:
            text = _("Noted: no. We tell {office} nothing and go on helping you here.")
        case Standing.WITHDRAWN if referral.told:
            text = _(
                "Withdrawn: we tell {office} nothing more. What they were told already we cannot "
                "take back; a counsellor can speak with you about it."
            )
        case Standing.WITHDRAWN:
            text = _("Withdrawn: we tell {office} nothing.")
        case _:
            text = _("Noted: yes. We may tell {office} what we showed you, and nothing else.")
    return text.format(office=referral.office)


def _all(talk: Talk, referrals: tuple[Referral, ...]) -> Outcome:
    """Each with its number, the open ones first: they can be withdrawn."""
    _ = talk.voice._
    back = tokens.menu(talk.voice)
    if not referrals:
        return _offer(talk, _("We have referred you to nobody."), (back,))
    lines = [
        _("{number}. {office}: {state}").format(
            number=number, office=r.office, state=_state(talk.voice, r.standing)
        )
        for number, r in enumerate(referrals, 1)
    ]
    options = tuple(
        Option(_("Withdraw {number}").format(number=number), tokens.token("refer", r.id, 0))
        for number, r in enumerate(referrals, 1) if r.standing in OPEN
    )  # fmt: skip
    typed = _("To withdraw write REFER NO.") if options else ""
    return _offer(talk, "\n".join(lines), (*options, back), taps=options, typed=typed)


def _state(voice: Voice, standing: Standing) -> str:
    _ = voice._
    return {
        Standing.ASKED: _("you have not answered yet"),
        Standing.AGREED: _("you said yes; they are not told yet"),
        Standing.DECLINED: _("you said no"),
        Standing.SENT: _("they were told"),
        Standing.RECEIVED: _("they have confirmed it"),
        Standing.DONE: _("done"),
        Standing.WITHDRAWN: _("withdrawn"),
    }[standing]


def _offer(
    talk: Talk, text: str, options: tuple[Option, ...], *, taps: tuple[Option, ...] = (),
    typed: str = "",
) -> Outcome:  # fmt: skip
    """With a counsellor only `taps`, or the words `typed`: a number would be for the counsellor,
    and the menu would end the talk."""
    if human.listens(talk):
        return Outcome(person=talk.person, says=(Say(text=text, options=taps, typed=typed),))
    return talk.say(text, *options)


def answer(talk: Talk, id: str, yes: str) -> Outcome:
    """A yes, a no, or a yes taken back; whether it can be, only the database knows."""
    known = not id or (id.isascii() and id.isdecimal() and len(id) <= 18)
    if not known or yes not in ("0", "1"):
        return menu.groups(talk)
    return Outcome(person=talk.person, effects=(Decide(int(id) if id else None, yes == "1"),))


def show(talk: Talk) -> Outcome:
    """They are said as soon as they are looked up."""
    return Outcome(person=talk.person, effects=(ShowReferrals(),))


def taken_back(talk: Talk, chosen: tuple[str, ...] | None) -> tuple[Effect, ...]:
    """Somebody who has stopped us can still take back a yes."""
    match chosen:
        case ("refer", id, "0"):
            return answer(talk, id, "0").effects
        case _:
            return ()
