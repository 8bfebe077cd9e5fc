"""Training sees a text exactly as the engine will."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import corpus
from nlu import layout as layouts
from nlu.copies import AMONG, BOTH, EVERY, SLIPPED, Way, slipped
from nlu.data import Around, Phrase
from nlu.features import marked
from nlu.layout import layout, matrix
from nlu.space import STRETCHED

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
    monkeypatch.setattr(layouts, "PORTION", 2)
    same = layout(TEXTS)
    assert (same.codes.tolist(), same.idf.tolist()) == (space.codes.tolist(), space.idf.tolist())
    assert (matrix(space, TEXTS) != rows).nnz == 0
    assert matrix(space, []).shape == (0, len(space.codes))


def test_what_is_not_known_of_a_text_makes_it_shorter() -> None:
    space = layout(TEXTS)
    length = np.linalg.norm(space.vectors([TEXTS[0]]).values)
    vectors = space.vectors([TEXTS[0], "i lost my zebra", "zebra"])
    assert 1 < vectors.stretch[0] < vectors.stretch[1] - 0.1  # "passport $" has been seen once only
    assert vectors.stretch[2] == STRETCHED
    every = layout(TEXTS, least=1).vectors([TEXTS[0]])
    assert every.stretch[0] == pytest.approx(1, abs=1e-3)
    assert np.linalg.norm(every.values) > length


def test_a_longer_text_is_a_little_longer_in_the_space() -> None:
    """And not as much as it has words."""
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    space = layout([" ".join(words * 4)], least=1)
    short, long = (np.linalg.norm(space.vectors([" ".join(words[:n])]).values) for n in (2, 10))
    assert 1.1 * short < long < 2 * short


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
    assert {"renew", "do i", "where … i", "_ren"} <= set(names.values())


def danger(phrase: Phrase) -> bool:
    return phrase.label == "violence_now"


@pytest.mark.parametrize(
    ("way", "language", "text"),
    [
        (Way(0, among=True, slipped=False), "en", "he beats me 0 what shall i do"),
        (Way(0, among=False, slipped=True), "en", slipped("he beats me 0!")),
        (Way(0, among=True, slipped=True), "en", slipped("he beats me 0 what shall i do")),
        (Way(0, among=True, slipped=False), "fr", "he beats me 0"),  # nothing is said around it
    ],
)
def test_some_phrases_are_learnt_as_others_type_them(way: Way, language: str, text: str) -> None:
    phrases = [Phrase("hello", "greet", language, 1)]
    phrases += [Phrase(f"he beats me {n}!", "violence_now", language, 1) for n in range(EVERY + 1)]
    found = corpus.corpus(phrases, {"en": Around(plea=["what shall i do"])})
    copies = found.copies(danger, way, {})
    assert copies.texts == ["he beats me 0", f"he beats me {EVERY}"]
    assert copies.labels.tolist() == ["violence_now"] * 2
    row, _ = copies.matrix.toarray()
    assert row == pytest.approx(matrix(found.space, [marked(text)]).toarray()[0])


def test_the_ways_copy_different_phrases() -> None:
    phrases = [Phrase(f"he beats me {n}", "violence_now", "en", 1) for n in range(EVERY)]
    found = corpus.corpus(phrases)
    ways = (AMONG, SLIPPED, BOTH)
    copied = [text for way in ways for text in found.copies(danger, way, {}).texts]
    assert len(set(copied)) == len(copied) == 3


def test_phrases_of_some_words_can_stand_beside_another() -> None:
    texts = ["my passport", "how do i renew my passport", "word " * 17]
    phrases = [Phrase(text, "ask_passport", "en", 1) for text in texts]
    phrases.append(Phrase("he beats me every night", "violence_now", "en", 1))
    phrases.append(Phrase("où est mon passeport", "ask_passport", "fr", 1))
    found = corpus.corpus(phrases).neighbours(lambda phrase: not danger(phrase))
    assert found == {"en": [texts[1]], "fr": ["où est mon passeport"]}


def test_of_a_sample_some_rows_are_taken() -> None:
    phrases = [Phrase(f"word {n}", "greet", "en", 1) for n in range(5)]
    sample = corpus.corpus(phrases).sample()
    assert sample.thin(2).texts == ["word 0", "word 2", "word 4"]
    chosen = sample.where(np.array([False, True, False, False, True]))
    assert chosen.texts == ["word 1", "word 4"]
    assert (chosen.matrix != sample.matrix[[1, 4]]).nnz == 0
    assert chosen.labelled("none").labels.tolist() == ["none"] * 2


def test_a_space_may_have_longer_n_grams() -> None:
    short, long = layout(TEXTS), layout(TEXTS, longest=5)
    assert set(long.codes) > set(short.codes)
    assert {"_card", "renew"} <= set(long.names("my card renew").values())
    assert "_card" not in short.names("my card renew").values()
    unseen, known = (space.vectors(["cardrenew"]).rows for space in (short, long))
    assert len(known) > len(unseen)
