"""Learning from use: one question, once; the answer can be changed under "My data"."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import menu, tokens
from bot.dialogue.core import Consent, Effect, Learn, Outcome, Talk
from bot.dialogue.person import Learning
from bot.events import Option
from bot.voice import Voice

PURPOSE = "learning"  # the consent


def heard(talk: Talk, why: str, topic: str = "") -> tuple[Effect, ...]:
    """What is to be learnt from, of a person who said yes; nothing of anybody else."""
    return (Learn(why, topic),) if talk.person.learning is Learning.YES else ()


def asked_once(talk: Talk, outcome: Outcome) -> Outcome:
    """The outcome with the question below its last message, unless it was ever asked."""
    if talk.person.learning or not outcome.says:
        return outcome
    last = outcome.says[-1]
    options = (*last.options, *_answers(talk.voice))
    said = replace(last, text=f"{last.text}\n{_question(talk.voice)}", options=options)
    state = replace(outcome.person.state, offered=options)
    person = replace(outcome.person, state=state, learning=Learning.ASKED)
    return replace(outcome, person=person, says=(*outcome.says[:-1], said))


def option(voice: Voice) -> Option:
    """The way to the question, from "My data"."""
    return Option(voice._("Learning from me"), tokens.token("learn", "ask"))


def answer(talk: Talk, what: str) -> Outcome:
    """Yes (`1`), no (`0`), or the question again with what holds now (`ask`)."""
    _ = talk.voice._
    match what:
        case "1":
            text = _("Thank you. You can take it back under MY DATA.")
            return _decided(talk, text, Learning.YES)
        case "0":
            text = _("Noted: I learn no more from your messages. Those not yet used are deleted.")
            return _decided(talk, text, Learning.NO)
        case "ask":
            yes = talk.person.learning is Learning.YES
            now = _("Now: yes.") if yes else _("Now: no.")
            outcome = talk.say(f"{_question(talk.voice)} {now}", *_answers(talk.voice),
                               tokens.menu(talk.voice))  # fmt: skip
            asked = talk.person.learning or Learning.ASKED
            return replace(outcome, person=replace(outcome.person, learning=asked))
        case _:
            return menu.groups(talk)


def _decided(talk: Talk, text: str, learning: Learning) -> Outcome:
    outcome = talk.say(text, tokens.menu(talk.voice))
    person = replace(outcome.person, learning=learning)
    return replace(outcome, person=person).and_(
        Consent(PURPOSE, given=learning is Learning.YES)
    )


def _question(voice: Voice) -> str:
    return voice._(
        "May our team read your messages that I get wrong, without names and numbers, to teach me?"
    )


def _answers(voice: Voice) -> tuple[Option, Option]:
    """Not just "Yes": the message may end with another question."""
    return (Option(voice._("Yes, learn from me"), tokens.token("learn", "1")),
            Option(voice._("No, do not learn"), tokens.token("learn", "0")))  # fmt: skip
