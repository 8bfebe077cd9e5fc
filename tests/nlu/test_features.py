"""Words, their neighbours and pieces become numbers, in each block its own."""

from __future__ import annotations

import pytest

from nlu import features
from nlu.features import BITS, letter_codes, marked, neighbour_codes, shown, word_code
from nlu.normalise import fold


@pytest.mark.parametrize(
    ("text", "read"),
    [("Where is it?", "where is it ?"), ("HELP!!", "help !"), ("what?! no", "what no ? !"),
     ("all well.", "all well"), ("?", " ?")],
)  # fmt: skip
def test_marks_are_words(text: str, read: str) -> None:
    assert marked(text, fold(text)) == read


def test_a_text_has_a_first_and_a_last_word() -> None:
    assert len(neighbour_codes(["lost", "card"])) == 3 + 2
    assert set(neighbour_codes(["lost", "card"])) != set(neighbour_codes(["card", "lost"]))
    assert neighbour_codes([]) == []


def test_blocks_do_not_meet() -> None:
    words = ["lost", "my", "card"]
    blocks = [code >> BITS for code in (*neighbour_codes(words), *letter_codes("card"))]
    assert blocks == [0] * 4 + [1] * 3 + [2] * (len(blocks) - 7)
    assert word_code("card") >> BITS == 0


def test_every_code_has_a_name() -> None:
    words = ["lost", "card"]
    named = shown(words)
    assert named[word_code("lost")] == "lost"
    assert set(named) == {*map(word_code, words), *neighbour_codes(words),
                          *(code for word in words for code in letter_codes(word))}  # fmt: skip
    assert f"^{features.GAP}card" in named.values()
    assert "_lost"[:3] in named.values()
