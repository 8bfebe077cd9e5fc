"""The sample that slow engines learn from, and what Rasa takes of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.library import Library
from nlu import baseline, data, sample
from nlu.data import Phrase


def test_every_label_and_language_gives_as_many_and_the_writers_take_turns() -> None:
    phrases = [Phrase(f"{language} {label} {writer} {n}", label, language, writer)
               for language in ("en", "fr") for label in ("greet", "threats")
               for writer in (1, 2) for n in range(5)]  # fmt: skip
    found = sample.chosen(phrases, 15)
    assert Counter((p.language, p.label) for p in found) == {
        (language, label): 3 for language in ("en", "fr") for label in ("greet", "threats")
    }
    assert [p.text for p in found[:3]] == ["en greet 1 0", "en greet 2 0", "en greet 1 1"]


def test_a_label_with_few_phrases_gives_them_all() -> None:
    phrases = [Phrase("a", "greet", "en", 1), *(Phrase(str(n), "menu", "en", 1) for n in range(9))]
    assert Counter(p.label for p in sample.chosen(phrases, 8)) == {"greet": 1, "menu": 4}


def test_the_files_of_a_sample_hold_what_was_chosen(tmp_path: Path) -> None:
    chosen = sample.write(tmp_path, 1500)
    assert 1000 < len(chosen) <= 1500
    assert sorted(map(repr, data.read(tmp_path))) == sorted(map(repr, chosen))


def test_rasas_domain_lists_the_intents_and_nothing_else(library: Library) -> None:
    domain = yaml.safe_load(baseline.DOMAIN.read_text(encoding="utf-8"))
    taxonomy = library.taxonomy
    assert domain["intents"] == [*(f"ask_{t}" for t in taxonomy.topics), *taxonomy.dialogue]
    labels = {phrase.label for phrase in data.read()}
    assert labels - set(domain["intents"]) == {*taxonomy.urgency, data.NOT_URGENT}


@pytest.mark.parametrize(
    ("answers", "start"),
    [
        ([("a", "a", 0.9), ("a", "a", 0.5), ("a", "b", 0.2)], 0.5),
        ([("a", "b", 0.9)], 1.0),
        ([("out_of_scope", "out_of_scope", 0.9)], 1.0),
        ([("a", "out_of_scope", 0.9), ("a", "a", 0.4)], 0.4),
        ([("a", "a", 0.9), ("a", "a", 0.5), ("a", "b", 0.5)], 0.9),
        ([], 1.0),
    ],
)  # fmt: skip
def test_the_threshold_is_the_lowest_with_enough_right_answers(
    answers: list[tuple[str, str, float]], start: float
) -> None:
    assert baseline.understood_from(answers) == start
