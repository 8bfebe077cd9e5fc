"""A small model, read back from its file, reads messages; the same data gives the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.build import build
from nlu.engine import OUT, Engine
from tests.nlu.conftest import PRIORITIES, write


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("please how do I renew the passport of my son", "ask_passport", "en"),
        ("mon passeport est perdu où aller", "ask_passport", "fr"),
        ("the debt of my journey is too big", "ask_debts", "en"),
        ("comment payer les dettes du voyage", "ask_debts", "fr"),
        ("Good morning!", "greet", "en"),
    ],
)
def test_intent_and_language(engine: Engine, text: str, intent: str, language: str) -> None:
    reading = engine.read(text)
    assert (reading.intent.name, reading.language.name) == (intent, language)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("he is beating me again", "violence_now"), ("il me frappe", "violence_now"),
        ("we have not eaten and no food in the house", "no_food_or_medicine"),
        ("he is choking me", "violence_now"), ("SOS", "violence_now"),
        ("how do I renew my passport", None), ("le film parle d'un tueur", None), ("hello", None),
    ],
)  # fmt: skip
def test_danger(engine: Engine, text: str, danger: str | None) -> None:
    found = engine.read(text).urgency
    assert found.name == danger
    assert found.priority == (None if danger is None else PRIORITIES[danger])
    assert (found.confidence >= 0.5) == (danger is not None)


@pytest.mark.parametrize(
    "text", ["", "   ", "今天天气怎么样", "مرحبا", "qqqq xxxxx", "12345", "??", "\x00"]
)
def test_what_cannot_be_read_is_out_of_scope_and_asked_back(engine: Engine, text: str) -> None:
    reading = engine.read(text)
    assert (reading.intent.name, reading.understood, reading.urgency.name) == (OUT, False, None)
    assert reading.language.confidence == 0.0


def test_no_single_word_but_a_greeting_claims_a_language(engine: Engine) -> None:
    for word in ("passeport", "Kofi", "ok", "dettes"):
        assert engine.read(word).language.confidence <= 0.5
    assert engine.read("Bonjour").language.confidence > 0.5
    assert engine.read("j'ai perdu mon passeport hier").language.confidence > 0.5


def test_accents_and_capitals_do_not_matter(engine: Engine) -> None:
    one = engine.read("Où faire un nouveau passeport?")
    other = engine.read("OU FAIRE UN NOUVEAU PASSEPORT?")
    assert (one.intent, one.language, one.urgency) == (other.intent, other.language, other.urgency)


def test_a_place_is_found_with_its_span(engine: Engine) -> None:
    text = "passport office in Tamale"
    place = next(e for e in engine.read(text).entities if e.entity == "region")
    assert text[place.start : place.end] == "Tamale"


def test_the_answer_has_the_shape_of_the_interface(engine: Engine) -> None:
    found = engine.read("my passport is lost").as_json()
    assert list(found) == ["text", "language", "intent", "intent_ranking", "entities", "urgency",
                           "understood"]  # fmt: skip
    assert found["intent"] == found["intent_ranking"][0]


def test_the_same_phrases_give_the_same_model(model: Path, tmp_path: Path) -> None:
    write(tmp_path / "data")
    again = tmp_path / "again.npz"
    build(PRIORITIES, path=again, folder=tmp_path / "data", tuning=tmp_path / "none")
    with np.load(model) as a, np.load(again) as b:
        assert sorted(a) == sorted(b)
        assert all(np.array_equal(a[name], b[name]) for name in a)
