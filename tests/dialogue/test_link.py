"""Codes between phones: what is decided without the database, and what is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import CHANNELS, limits
from bot.dialogue.core import Act, ClaimCode, Consent, Heard, MakeCode, Said, World
from bot.dialogue.link import ALPHABET, FALLBACK, LENGTH, TRIES, WITHIN, code_in
from bot.dialogue.person import Person
from bot.dialogue.states import Deleting, Locating, Open, State
from bot.dialogue.turn import turn
from bot.events import Kind
from bot.library import Library
from bot.rendering import gsm7, render
from bot.voice import spoken, voice
from tests.conftest import NOON
from tests.dialogue.test_turn import heard

ACTS = (Act.CODE, Act.LINKED, Act.LINKED_STAFF, Act.NOT_LINKED, Act.OWN_CODE, Act.MAY_SMS)
CODE, BARE = "LINK AB2CD3EF", "AB2CD3EF"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LINK AB2CD3EF", BARE), ("link ab2cd3ef", BARE), ("Link-AB2CD3EF", BARE),
        ("linkab2cd3ef", BARE), ("/start LINKAB2CD3EF", BARE), ("  LINK: AB2CD3EF. ", BARE),
        ("LINK", None), ("LINK AB2CD3E", None), ("LINK AB2CD3EFG", None),
        ("my code is LINK AB2CD3EF", None), ("LINK AB0CD3EF", None), ("AB2CD3EF", None),
        ("LIN\u212a AB2CD3EF", None), ("LINK AB2CD3E\u017f", None), ("/start", None), ("", None),
    ],
)  # fmt: skip
def test_a_code_is_the_whole_message(text: str, found: str | None) -> None:
    assert code_in(text) == found


@given(st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH), st.sampled_from(
    ["LINK {}", "link {}", "/start LINK{}", "\n LINK-{}\t"]
), st.booleans())  # fmt: skip
def test_every_code_is_read_back(made: str, frame: str, lower: bool) -> None:
    assert code_in(frame.format(made.lower() if lower else made)) == made


@given(st.text(max_size=40) | st.from_regex(r"(?i)(/start )?link.{0,12}"))
def test_what_is_read_as_a_code_could_be_one(text: str) -> None:
    found = code_in(text)
    assert found is None or (len(found) == LENGTH and set(found) <= set(ALPHABET))


def told(act: Act) -> Heard:
    return Heard(kind=Kind.STAFF, said=Said(act=act, text=CODE, name="Ama"))


@pytest.mark.parametrize("state", [Open(), Locating(topic="passport"), Deleting()])
@pytest.mark.parametrize("counsellor", [None, "Ama"])
def test_a_code_is_claimed_in_every_state_and_with_a_counsellor_too(
    library: Library, state: State, counsellor: str | None
) -> None:
    person = Person(met=True, state=state, counsellor=counsellor)
    world = World(library, NOON)
    # Whatever eight letters may look like to the alarm.
    for danger in (None, "threats"):
        outcome = turn(person, heard(CODE, danger=danger), world)
        assert (outcome.says, outcome.effects) == ((), (ClaimCode("AB2CD3EF"),))
        assert outcome.person.language == person.language
    assert turn(person, heard("Link"), world).effects == (MakeCode(),)


def test_a_code_in_an_edited_message_goes_nowhere(library: Library) -> None:
    edited = Heard(kind=Kind.MESSAGE, text=CODE, edited=True)
    assert turn(Person(met=True), edited, World(library, NOON)).effects == ()


def test_five_tries_in_any_hour(library: Library) -> None:
    person, now = Person(met=True), NOON
    for n in range(40):
        outcome = turn(person, heard(CODE), World(library, now))
        tries = [moment for moment in person.tried if now - moment < WITHIN]
        assert bool(outcome.effects) == (len(tries) < TRIES), n
        assert bool(outcome.says) != bool(outcome.effects)
        person, now = outcome.person, now + timedelta(minutes=7)
        assert len(person.tried) <= TRIES


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("counsellor", [None, "Ama"])
def test_every_sentence_fits_every_channel_whoever_has_the_talk(
    library: Library, act: Act, counsellor: str | None
) -> None:
    for language in spoken():
        person = Person(language=language, language_chosen=True, counsellor=counsellor)
        (say,) = turn(person, told(act), World(library, NOON)).says
        assert "{" not in say.text
        for channel in CHANNELS:
            parts = render(say, limits(channel), voice(language))
            assert len(parts) == 1
            if voice(language).draft:  # its own letters, and the English below
                continue
            assert channel != "sms" or gsm7.is_gsm7(parts[0].text)
            assert act is not Act.CODE or gsm7.segments(parts[0].text) == 1
        assert turn(Person(stopped=True), told(act), World(library, NOON)).says == ()


@pytest.mark.parametrize(("text", "given"), [("yes", True), ("No", False), ("1", True),
                                             ("2", False), ("SMS OUI", True)])  # fmt: skip
def test_the_question_about_sms_is_answered(library: Library, text: str, given: bool) -> None:
    world = World(library, NOON)
    asked = turn(Person(met=True), told(Act.MAY_SMS), world).person
    assert turn(asked, heard(text), world).effects == (Consent(FALLBACK, given),)


def test_with_a_counsellor_only_the_whole_words_answer_it(library: Library) -> None:
    world = World(library, NOON)
    asked = turn(Person(met=True, counsellor="Ama"), told(Act.MAY_SMS), world).person
    for text in ("yes", "no", "1", "2"):
        assert turn(asked, heard(text), world).effects == ()
    assert turn(asked, heard("sms no"), world).effects == (Consent(FALLBACK, False),)
