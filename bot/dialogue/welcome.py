"""First contact, language, help, and what we know about the person."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import menu, tokens
from bot.dialogue.core import Outcome, Say, Talk
from bot.dialogue.person import Person, Phase
from bot.dialogue.states import Open
from bot.events import Option
from bot.voice import Voice, autonym, spoken, voice

SURE = 0.9  # of the language, before a message changes it
FIRST_WORD, FIRST_WORDS = 0.8, 0.5  # of the very first message: something must be chosen
ENOUGH_WORDS = 3  # a name or an "ok" says nothing about the language
GREETINGS = frozenset({"greet", "goodbye", "thank"})


def tune(talk: Talk) -> Person:
    """The person with the language of this message, unless they chose one themselves."""
    person, heard = talk.person, talk.heard
    if person.language_chosen:
        return person
    if heard.reading is None or not heard.text:
        hint = (heard.locale or "")[:2]
        if not person.met and hint in spoken():
            return replace(person, language=hint)
        return person
    guess = heard.reading.language
    words = len(heard.text.split())
    if guess.name not in spoken() or guess.name == person.language:
        return person
    if _names_only(heard.text) and heard.reading.intent.name not in GREETINGS:
        return person
    if voice(guess.name).draft:  # a wrong guess costs more than a late one
        sure = words >= ENOUGH_WORDS - (not person.met) and guess.confidence >= SURE
    elif person.met:
        sure = words >= ENOUGH_WORDS and guess.confidence >= SURE
    else:  # "menu" is a word of both
        sure = guess.confidence >= (FIRST_WORD if words == 1 else FIRST_WORDS)
    return replace(person, language=guess.name) if sure else person


def _names_only(text: str) -> bool:
    """Whether each of several words has a capital, as in names and places; not a text all in
    capitals."""
    words = text.split()
    return len(words) > 1 and not text.isupper() and all(word[0].isupper() for word in words)


def welcome(talk: Talk) -> str:
    """What this is, what it costs, who reads, how to stop: one short message."""
    _ = talk.voice._
    name = talk.library.country.name.get(talk.person.language, talk.library.country.name["en"])
    text = _(
        "Welcome to Sankofa: information for people who return to {country}. "
        "It is free; only your network's price. A machine answers first; "
        "counsellors may read what you write. To end: STOP."
    ).format(country=name)
    return f"{text} {_safe_word(talk)}"


def _safe_word(talk: Talk) -> str:
    """What rings whatever else is understood (`nlu.safeword`)."""
    return talk.voice._("In danger, write SOS.")


def greet(talk: Talk) -> Outcome:
    """A greeting gets the menu; the welcome before it is the turn's affair."""
    _ = talk.voice._
    return menu.groups(talk, _("Ask me anything in your own words, or choose:"))


def help_(talk: Talk) -> Outcome:
    """How to use this, in four lines."""
    _ = talk.voice._
    text = _(
        "Write your question in your own words, for example: I lost my Ghana Card.\n"
        "MENU shows the topics. GROUPS: returnees in your trade. PERSON asks for a human. "
        "LANGUAGE changes the language. MY DATA shows what we store. STOP ends the messages."
    )
    text = f"{text}\n{_safe_word(talk)}"
    return talk.say(text, tokens.menu(talk.voice), tokens.human(talk.voice))


def languages(talk: Talk) -> Outcome:
    """The languages that are ready, each under its own name."""
    _ = talk.voice._
    options = [Option(autonym(code), tokens.token("language", code)) for code in spoken()]
    return talk.say(_("Which language do you want?"), *options)


def choose_language(talk: Talk, code: str) -> Outcome:
    """The person's choice; from now on no message changes it."""
    if code not in spoken():
        return languages(talk)
    person = replace(talk.person, language=code, language_chosen=True)
    talk = talk.as_person(person)
    _ = talk.voice._
    return menu.groups(talk, _("I now write English to you. Ask me anything, or choose:"))


def about_me(talk: Talk) -> Outcome:
    """What the service remembers, and how to change it."""
    _, person = talk.voice._, talk.person
    region = talk.library.regions.name(person.region, person.language) if person.region else "-"
    text = _("I remember: language {language}, region {region}, situation: {phase}.").format(
        language=autonym(person.language), region=region, phase=_phase(talk.voice, person.phase)
    )
    options = [Option(_phase(talk.voice, p), tokens.token("phase", p)) for p in Phase]
    return talk.say(
        text + "\n" + _("What is your situation now?"), *options,
        Option(_("Change language"), "languages"),
        Option(_("Change region"), tokens.token("find", "")),
        Option(_("My data"), "mydata"),
    )  # fmt: skip


def choose_phase(talk: Talk, phase: str) -> Outcome:
    """Remembered so that the menu begins with what matters now."""
    if phase not in list(Phase):
        return about_me(talk)
    talk = talk.as_person(replace(talk.person, phase=phase))
    return menu.groups(talk, talk.voice._("Noted. What do you want to know?"))


def with_welcome(talk: Talk, outcome: Outcome) -> Outcome:
    """The welcome before the first answer, in one message with it when it is a menu."""
    first = outcome.says[0] if outcome.says else None
    person = replace(outcome.person, met=True)
    text = welcome(talk)
    if first is not None and isinstance(person.state, Open) and person.state.topic is None:
        joined = replace(first, text=f"{text}\n\n{first.text}")
        return replace(outcome, person=person, says=(joined, *outcome.says[1:]))
    return replace(outcome, person=person, says=(Say(text=text), *outcome.says))


def _phase(voice: Voice, phase: str | None) -> str:
    _ = voice._
    match phase:
        case Phase.ABROAD:
            return _("Still abroad")
        case Phase.ARRIVED:
            return _("Just arrived")
        case Phase.SETTLED:
            return _("Settled")
        case _:
            return "-"
