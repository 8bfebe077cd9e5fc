"""Training sees a text exactly as the engine will."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import corpus
from nlu.corpus import layout, matrix
from nlu.data import Phrase
from nlu.features import SHARES
from nlu.triage import NONE

TEXTS = ["i lost my passport", "my passport my passport is lost", "where do i renew it",
         "where do i renew my card", "i lost my passport again"]  # fmt: skip


@pytest.mark.parametrize("text", [*TEXTS, "pasport lost xyzzy", "lost", "q"])
def test_many_at_once_are_weighed_like_one(text: str) -> None:
    space = layout(TEXTS)
    row = matrix(space, ["where", text])[1].toarray().ravel()
    vector = space.vectors([text])
    alone = np.zeros(len(space.idf), np.float32)
    alone[vector.rows] = vector.values
    assert row == pytest.approx(alone, abs=1e-5)


def test_portions_are_laid_out_and_weighed_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    space = layout(TEXTS)
    rows = matrix(space, TEXTS)
    monkeypatch.setattr(corpus, "PORTION", 2)
    same = layout(TEXTS)
    assert (same.codes.tolist(), same.idf.tolist()) == (space.codes.tolist(), space.idf.tolist())
    assert (matrix(space, TEXTS) != rows).nnz == 0
    assert matrix(space, []).shape == (0, len(space.codes))


def test_what_is_not_known_of_a_text_makes_it_shorter() -> None:
    space = layout(TEXTS)
    length = np.linalg.norm(space.vectors([TEXTS[0]]).values)
    assert length < sum(SHARES) ** 0.5  # "passport $" has been seen once only
    vectors = space.vectors([TEXTS[0], "i lost my zebra"])
    assert vectors.stretch[0] == pytest.approx(sum(SHARES) ** 0.5 / length, abs=1e-3)
    assert vectors.stretch[1] > vectors.stretch[0] + 0.1


def test_neighbours_that_stand_in_one_text_only_are_no_features() -> None:
    space = layout(TEXTS)
    names = set(space.names(TEXTS[1]).values())
    assert {"my passport", "passport"} <= names
    assert "passport is" not in names


def test_the_words_that_slips_are_read_as_stand_in_several_phrases() -> None:
    assert layout(TEXTS).usual == ["my", "lost", "passport", "do", "renew", "where"]


@pytest.mark.parametrize(("word", "seen"), [("passport", True), ("it", True), ("zebra", False)])
def test_a_space_knows_the_words_it_was_laid_out_with(word: str, seen: bool) -> None:
    assert layout(TEXTS).knows(word) == seen


def test_every_row_of_a_text_has_a_name_for_people() -> None:
    space = layout(TEXTS)
    text = "where do i renew my pasport"
    names = space.names(text)
    assert {int(row) for row in space.vectors([text]).rows} == set(names)
    assert {"renew", "do i", "where … i", "_renew_"[:5]} <= set(names.values())


def test_some_cries_and_look_alikes_are_learnt_with_a_plea_behind() -> None:
    phrases = [Phrase(f"he beats me {n}!", "violence_now", "en", 1) for n in range(corpus.SOME)]
    phrases += [Phrase("il me bat", "violence_now", "fr", 1), Phrase("hello", "greet", "en", 1)]
    found = corpus.corpus(phrases, {"en": ["what shall i do"]})

    def label(phrase: Phrase) -> str | None:
        return phrase.label if phrase.label == "violence_now" else None

    pleading = found.pleading(label)
    [row] = matrix(found.space, ["he beats me 0 what shall i do"]).toarray()
    assert pleading.labels.tolist() == ["violence_now"]
    assert pleading.matrix.toarray()[0] == pytest.approx(row)


def test_the_alarm_learns_short_everyday_talk_as_no_danger() -> None:
    phrases = [Phrase("he beats me", "violence_now", "en", 1), Phrase("hello", "greet", "en", 1),
               Phrase("my passport", "ask_passport", "en", 1),
               Phrase("good morning to you and all of yours", "greet", "en", 1)]  # fmt: skip
    alarms = corpus.corpus(phrases).alarms(frozenset({"violence_now"}))
    assert "hello" in alarms.texts
    assert alarms.labels[list(alarms.texts).index("hello")] == NONE
    assert not {"my passport", phrases[-1].text} & set(alarms.texts)
