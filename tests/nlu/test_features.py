"""Words, their neighbours and pieces become numbers, in each block its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import features
from nlu.features import BITS, edged, letter_codes, marked, neighbour_codes, shown, word_code
from nlu.normalise import fold


@pytest.mark.parametrize(
    ("text", "read"),
    [("Where is it?", "where is it ?"), ("HELP!!", "help"), ("what?! no", "what no ?"),
     ("all well.", "all well"), ("?", " ?")],
)  # fmt: skip
def test_marks_are_words(text: str, read: str) -> None:
    assert marked(text, fold(text)) == read


def neighbours(*texts: Sequence[str]) -> list[list[int]]:
    """The codes of neighbours of each text, read together."""
    words = [(n, word) for n, text in enumerate(texts) for word in edged(text)]
    codes, owners = neighbour_codes(
        np.array([word_code(word) for _, word in words], np.uint32),
        np.array([n for n, _ in words], np.intp),
    )
    return [codes[owners == n].tolist() for n in range(len(texts))]


def test_a_text_has_a_first_and_a_last_word() -> None:
    [lost] = neighbours(["lost", "card"])
    assert len(lost) == 3 + 2
    assert set(lost) != set(*neighbours(["card", "lost"]))
    assert neighbours([]) == [[]]


@given(st.lists(st.lists(st.sampled_from(["lost", "my", "card", "?"]), max_size=4), max_size=5))
def test_texts_read_together_have_the_neighbours_of_each_alone(texts: list[list[str]]) -> None:
    assert neighbours(*texts) == [each for text in texts for each in neighbours(text)]


WORDS = st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=7))


@given(WORDS)
def test_words_read_together_have_the_letters_of_each_alone(words: list[str]) -> None:
    codes, owners = letter_codes(words)
    for n, word in enumerate(words):
        mine = codes[owners == n].tolist()
        assert mine == letter_codes([word])[0].tolist()
        assert len(mine) == len(features.characters(word))


def test_different_pairs_have_different_codes() -> None:
    words = [f"word{n}" for n in range(300)]
    [pairs] = neighbours([word for a in words for b in words for word in (a, b)])
    whole = [word for a in words for b in words for word in (a, b)]
    different = {*zip(["^", *whole], [*whole, "$"], strict=True)}
    near = {code for code in pairs if code >> BITS == 0}
    assert len(different) - len(near) <= 10  # of 2^30 codes: a few in 180,000 share theirs


def test_blocks_do_not_meet() -> None:
    [found] = neighbours(["lost", "my", "card"])
    blocks = [code >> BITS for code in (*found, *letter_codes(["card"])[0].tolist())]
    assert blocks == [0] * 4 + [1] * 3 + [2] * (len(blocks) - 7)
    assert word_code("card") >> BITS == 0


def test_every_code_has_a_name() -> None:
    words = ["lost", "card"]
    named = shown(words)
    assert named[word_code("lost")] == "lost"
    assert set(named) == {*map(word_code, words), *neighbours(words)[0],
                          *letter_codes(words)[0].tolist()}  # fmt: skip
    assert f"^{features.GAP}card" in named.values()
    assert "_lost"[:3] in named.values()
