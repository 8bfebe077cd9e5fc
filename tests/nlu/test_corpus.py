"""Training sees a text exactly as the engine will."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nlu import corpus, data
from nlu import layout as layouts
from nlu.corpus import OF_DANGERS, OFTEN, SEED, SLIPS, Copies
from nlu.data import Around, Phrase
from nlu.features import marked
from nlu.layout import layout, matrix
from nlu.noise import slips
from nlu.space import STRETCHED
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


def danger(phrase: Phrase) -> str | None:
    return phrase.label if phrase.label == "violence_now" else None


@pytest.mark.parametrize(
    ("copies", "language", "text"),
    [
        (Copies(5, around=1, slips=0), "en", "he beats me 0 what shall i do"),
        (Copies(5, around=0, slips=1), "en", slips("he beats me 0!", SLIPS, SEED)),
        (Copies(5, around=1, slips=1), "en", slips("he beats me 0 what shall i do", SLIPS, SEED)),
        (Copies(5, around=1, slips=0), "fr", "he beats me 0"),  # nothing is said around it there
    ],
)
def test_some_phrases_are_learnt_as_others_type_them(
    copies: Copies, language: str, text: str
) -> None:
    phrases = [Phrase("hello", "greet", language, 1)]
    phrases += [Phrase(f"he beats me {n}!", "violence_now", language, 1) for n in range(10)]
    found = corpus.corpus(phrases, {"en": Around(plea=["what shall i do"])})
    again = found.again(danger, copies)
    assert again.texts == ["he beats me 0", "he beats me 5"]
    assert again.labels.tolist() == ["violence_now"] * 2
    row, _ = again.matrix.toarray()
    assert row == pytest.approx(matrix(found.space, [marked(text)]).toarray()[0])


def test_cries_and_look_alikes_are_learnt_once_more_and_keep_what_they_mean() -> None:
    """By the alarm all, by the other model every fifth; plain messages are not."""
    phrases = [Phrase("hello", "greet", "en", 1), Phrase("my id card", "ask_national_id", "en", 1)]
    phrases += [Phrase(f"he beats me {n}", "violence_now", "en", 1) for n in range(10)]
    phrases += [Phrase(f"the drum beats {n}", data.NOT_URGENT, "en", 1) for n in range(10)]
    found = corpus.corpus(phrases)
    dangers = frozenset({"violence_now"})
    alarms = Counter(found.alarms(dangers).labels.tolist())
    assert alarms == {"violence_now": 20, NONE: 20 + 1}  # and "hello"
    other = Counter(found.dangers(dangers).labels.tolist())
    once_more = 10 // OF_DANGERS.every
    assert other == {"violence_now": 10 + once_more, data.NOT_URGENT: 10 + once_more, NONE: 2}


def test_every_kind_of_what_is_around_is_used() -> None:
    assert {("lookup", kind) for kind in OFTEN} == data.KINDS


def test_a_space_may_have_longer_n_grams() -> None:
    short, long = layout(TEXTS), layout(TEXTS, longest=5)
    assert set(long.codes) > set(short.codes)
    assert {"_card", "renew"} <= set(long.names("my card renew").values())
    assert "_card" not in short.names("my card renew").values()
    unseen, known = (space.vectors(["cardrenew"]).rows for space in (short, long))
    assert len(known) > len(unseen)


def test_each_kind_of_what_is_around_comes_and_never_none_of_them() -> None:
    """And each in its place."""
    kinds = Around(opening=["good evening"], place=["in Ho"], plea=["what shall i do"])
    phrases = [Phrase("he beats me", "violence_now", "en", 1)] * 100
    found = corpus.corpus(phrases, {"en": kinds})
    rows = found.again(danger, Copies(1, around=1, slips=0)).matrix.toarray()
    texts = ["good evening he beats me", "he beats me in ho", "he beats me what shall i do",
             "good evening he beats me in ho what shall i do"]  # fmt: skip
    learnt = {tuple(row) for row in rows.round(4)}
    assert {tuple(row) for row in matrix(found.space, texts).toarray().round(4)} <= learnt
    assert tuple(matrix(found.space, ["he beats me"]).toarray()[0].round(4)) not in learnt


def test_the_alarm_learns_short_everyday_talk_as_no_danger() -> None:
    phrases = [Phrase("he beats me", "violence_now", "en", 1), Phrase("hello", "greet", "en", 1),
               Phrase("my passport", "ask_passport", "en", 1),
               Phrase("good morning to you and all of yours", "greet", "en", 1)]  # fmt: skip
    alarms = corpus.corpus(phrases).alarms(frozenset({"violence_now"}))
    assert "hello" in alarms.texts
    assert alarms.labels[list(alarms.texts).index("hello")] == NONE
    assert not {"my passport", phrases[-1].text} & set(alarms.texts)
