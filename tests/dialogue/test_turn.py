"""No text, token or event whatsoever breaks a turn, and danger comes first in every state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import CHANNELS, limits
from bot.dialogue import tokens
from bot.dialogue.core import Heard, OpenCase, World
from bot.dialogue.person import Person
from bot.dialogue.states import (
    Appealing,
    Deleting,
    Joining,
    Locating,
    Open,
    Recording,
    State,
    Talking,
)
from bot.dialogue.turn import turn
from bot.events import Attachment, Kind, Lane, Option
from bot.library import Library
from bot.rendering import gsm7, render
from bot.voice import spoken, voice
from nlu.reading import Guess, Reading, Urgency
from tests.conftest import NOON

STATES: list[State] = [
    Open(), Locating(topic="passport"), Deleting(),
    Open(offered=(Option("Menu", "menu"),), misses=3), Open(alarm="threats"),
    Joining(group=1, band="25-34", step="name"), Talking(group=1), Appealing(decision=1),
    Recording(sector="poultry"),
]  # fmt: skip


def reading(text: str, intent: str = "out_of_scope", danger: str | None = None) -> Reading:
    urgency = Urgency(danger, 0 if danger else None, 0.9 if danger else 0.0)
    guess = Guess(intent, 0.99)
    return Reading(text=text, language=Guess("en", 0.9), intent=guess, ranking=(guess,),
                   entities=(), urgency=urgency, understood=intent != "out_of_scope")  # fmt: skip


def heard(text: str, **more: str) -> Heard:
    return Heard(kind=Kind.MESSAGE, text=text, reading=reading(text, **more))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("met", [False, True])
def test_danger_leads_in_every_state(
    library: Library, state: State, stopped: bool, met: bool
) -> None:
    for name in library.taxonomy.urgency:
        for language in spoken():
            person = Person(state=state, stopped=stopped, met=met, language=language,
                            language_chosen=True)  # fmt: skip
            outcome = turn(person, heard("somebody writes this", danger=name), World(library, NOON))
            (say,) = outcome.says
            fixed = library.safety_text(name, language).filled(library.helplines)
            assert say.text.startswith(fixed)
            assert say.lane is Lane.SAFETY
            assert outcome.effects == (OpenCase("urgent", 0, name),)
            assert outcome.person.stopped is stopped


def test_every_safety_message_fits_three_sms_with_its_honest_lines(library: Library) -> None:
    for name in library.taxonomy.urgency:
        for language in ("en", "fr"):
            person = Person(language=language, language_chosen=True)
            (say,) = turn(person, heard("x", danger=name), World(library, NOON)).says
            parts = render(say, limits("sms"), voice(language))
            assert gsm7.segments(parts[0].text) <= 3, (name, language)


def all_tokens(library: Library) -> list[str]:
    found = []
    for topic in library.taxonomy.topics:
        found += [f"topic:{topic}", f"more:{topic}:1", f"more:{topic}:2", f"find:{topic}",
                  f"rate:{topic}:1", f"rate:{topic}:0", f"calm:{topic}"]  # fmt: skip
        found += [f"offices:{topic}:{code}:{n}" for code in ("GH-AA", "GH-NP") for n in (0, 1, 9)]
    found += [f"group:{group}" for group in library.taxonomy.groups]
    found += ["menu", "human", "languages", "language:en", "language:fr", "help", "me",
              "phase:abroad", "mydata", "delete:ask", "delete:now", "delete:keep", "stop",
              "start", "robot", "find:", "regions::0", "regions::1", "calm:", "sms:1",
              "sms:0", "sms:7"]  # fmt: skip
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_token_says_something_every_channel_can_carry(
    library: Library, language: str
) -> None:
    person = Person(language=language, language_chosen=True, met=True)
    for token in all_tokens(library):
        assert len(token.encode()) <= 64
        assert tokens.parse(token), token
        outcome = turn(person, Heard(kind=Kind.CHOICE, token=token), World(library, NOON))
        assert outcome.says, token
        for say in outcome.says:
            for option in say.options:
                assert tokens.parse(option.token), (token, option)
            for channel in CHANNELS:
                bounds = limits(channel)
                parts = render(say, bounds, voice(person.language))
                shown = [o for p in parts for o in p.options]
                labels = [o.label for o in shown]
                assert len(labels) == len(set(labels)), (channel, token, labels)
                assert channel != "sms" or all(gsm7.is_gsm7(p.text) for p in parts), token


@given(token=st.text(max_size=80))
def test_no_token_whatsoever_breaks_a_turn(library: Library, token: str) -> None:
    person = Person(met=True)
    outcome = turn(person, Heard(kind=Kind.CHOICE, token=token), World(library, NOON))
    assert outcome.says


@given(
    text=st.text(max_size=300), state=st.sampled_from(STATES),
    intent=st.sampled_from(["greet", "ask_passport", "out_of_scope", "ask_nonsense", "affirm"]),
    attachment=st.none() | st.sampled_from(Attachment),
    place=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)  # fmt: skip
def test_nothing_a_person_sends_breaks_a_turn(
    library: Library, text: str, state: State, intent: str, attachment: Attachment | None,
    place: tuple[float, float] | None,
) -> None:  # fmt: skip
    event = Heard(kind=Kind.MESSAGE, text=text, reading=reading(text, intent),
                  attachment=attachment, place=place)  # fmt: skip
    outcome = turn(Person(state=state), event, World(library, NOON))
    assert outcome.says or outcome.effects  # "LINK": the code is said once it is made


def test_a_menu_has_the_same_numbers_every_time(library: Library) -> None:
    world = World(library, NOON)
    first = turn(Person(met=True), heard("menu"), world)
    again = turn(first.person, heard("menu"), world)
    assert first.says == again.says


def test_what_nobody_should_promise_is_never_said(library: Library) -> None:
    (say,) = turn(Person(met=True), heard("person"), World(library, NOON)).says
    assert "soon" not in say.text
    assert library.country.hours.duty == ()
    assert "I cannot say when" in say.text


def test_a_label_of_ours_is_no_cry_for_help(library: Library) -> None:
    offered = (Option("Violence: services", "topic:gbv_help"),)
    person = Person(met=True, state=Open(offered=offered))
    for text in ("1", "violence: services"):
        outcome = turn(person, heard(text, danger="violence_now"), World(library, NOON))
        assert not outcome.effects


def test_an_edited_message_is_not_answered_twice_but_is_still_triaged(library: Library) -> None:
    world = World(library, NOON)
    quiet = Heard(kind=Kind.MESSAGE, text="menu", reading=reading("menu"), edited=True)
    assert turn(Person(met=True), quiet, world).says == ()
    danger = reading("they come", danger="threats")
    loud = Heard(kind=Kind.MESSAGE, text="they come", reading=danger, edited=True)
    assert turn(Person(met=True), loud, world).says
