"""The person's own say: stop, start again, see what is stored, delete it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import learn, menu, tokens
from bot.dialogue.core import Consent, Forget, Outcome, Talk
from bot.dialogue.person import Learning
from bot.dialogue.states import Deleting
from bot.events import Option


def stop(talk: Talk) -> Outcome:
    """One confirmation, then silence until the person starts again or is in danger."""
    _ = talk.voice._
    outcome = talk.say(_("You will get no more messages from us. To come back: START."))
    person = replace(outcome.person, stopped=True)
    return replace(outcome, person=person).and_(Consent("messages", given=False))


def start(talk: Talk) -> Outcome:
    """Back again."""
    _ = talk.voice._
    was_stopped = talk.person.stopped
    talk = talk.as_person(replace(talk.person, stopped=False))
    text = _("Welcome back. Ask me anything, or choose:") if was_stopped else None
    outcome = menu.groups(talk, text)
    return outcome.and_(Consent("messages", given=True)) if was_stopped else outcome


def still_stopped(talk: Talk) -> Outcome:
    """Somebody who stopped writes again: one line, nothing else."""
    return talk.say(talk.voice._("You stopped our messages. To come back: START."))


def my_data(talk: Talk) -> Outcome:
    """What is stored, in words."""
    _, person = talk.voice._, talk.person
    region = talk.library.regions.name(person.region, person.language) if person.region else "-"
    text = _(
        "We store: your messages (30 days), your language, region ({region}) and situation if "
        "you gave them, notes of urgent talks and referrals (12 months after they end), and your "
        "number or account, encrypted. Nobody else gets it without your yes; you can take it back."
    ).format(region=region)
    return talk.say(
        text, Option(_("Delete my data"), "delete:ask"),
        Option(_("Use another phone too"), "link"), Option(_("My referrals"), "referrals"),
        learn.option(talk.voice),
        tokens.topic(talk.library, person.language, "privacy"), tokens.menu(talk.voice),
    )  # fmt: skip


def ask_delete(talk: Talk) -> Outcome:
    """One question before something that cannot be undone."""
    _ = talk.voice._
    return talk.say(
        _("Delete your messages and settings now? An open talk with a counsellor stays."),
        Option(_("Delete now"), "delete:now"), Option(_("Keep"), "delete:keep"),
        state=Deleting(),
    )  # fmt: skip


def delete(talk: Talk, what: str) -> Outcome:
    """`now`, `keep`, or anything else: ask."""
    _ = talk.voice._
    match what:
        case "now":
            text = _(
                "Deleted: your messages and settings. Your number stays encrypted only so that "
                "an answer can reach you if you write again."
            )
            outcome = talk.say(text)
            blank = replace(talk.person, region=None, phase=None, met=False,
                            language_chosen=False, learning=Learning.NEVER_ASKED)  # fmt: skip
            state = type(outcome.person.state)()
            return replace(outcome, person=replace(blank, state=state)).and_(Forget())
        case "keep":
            return menu.groups(talk, _("Nothing was deleted."))
        case _:
            return ask_delete(talk)
