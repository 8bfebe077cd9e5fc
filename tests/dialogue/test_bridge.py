"""What no native speaker has read goes with the country's own language; what is checked, alone."""

from __future__ import annotations

import pytest

from bot.dialogue.core import Heard, World
from bot.dialogue.person import Person
from bot.dialogue.turn import turn
from bot.events import Kind
from bot.library import Library
from bot.voice import spoken, voice
from tests.conftest import NOON
from tests.dialogue.test_turn import heard

DRAFTS = [language for language in spoken() if voice(language).draft]


def chosen(library: Library, language: str, token: str) -> str:
    person = Person(language=language, language_chosen=True, met=True)
    return turn(person, Heard(kind=Kind.CHOICE, token=token), World(library, NOON)).says[0].text


def test_english_and_french_are_no_drafts_and_stand_alone(library: Library) -> None:
    assert {"en", "fr"} <= set(spoken()) - set(DRAFTS)
    assert "What is it about" not in chosen(library, "fr", "menu")


@pytest.mark.parametrize("language", DRAFTS)
def test_a_sentence_of_a_draft_language_goes_with_the_english_one(
    library: Library, language: str
) -> None:
    own, _, english = chosen(library, language, "menu").partition("\n\n")
    assert own == voice(language)._("What is it about?")
    assert english == "What is it about?"


@pytest.mark.parametrize("language", DRAFTS)
def test_a_translated_article_goes_with_the_english_one_and_an_english_one_comes_once(
    library: Library, language: str
) -> None:
    both = chosen(library, language, "topic:national_id")
    assert library.articles["national_id", language].answer in both
    assert library.articles["national_id", "en"].answer in both
    assert ("baggage", language) not in library.articles
    once = chosen(library, language, "topic:baggage")
    assert once.count(library.articles["baggage", "en"].answer) == 1


@pytest.mark.parametrize("language", DRAFTS)
@pytest.mark.parametrize("danger", ["violence_now", "suicide_self_harm", "detention"])
def test_a_safety_text_is_said_in_both(library: Library, language: str, danger: str) -> None:
    person = Person(language=language, language_chosen=True, met=True)
    (say,) = turn(person, heard("somebody writes this", danger=danger), World(library, NOON)).says
    for code in (language, "en"):
        text = library.safety[danger, code].filled(library.helplines).strip()
        assert text in say.text


def test_the_person_stays_in_their_language(library: Library) -> None:
    person = Person(language=DRAFTS[0], language_chosen=True, met=True)
    outcome = turn(person, Heard(kind=Kind.CHOICE, token="menu"), World(library, NOON))
    assert outcome.person.language == DRAFTS[0]
