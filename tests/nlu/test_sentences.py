"""Sentences lose no word, and no message makes too many of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.sentences import LONG, MOST, sentences

WORD = re.compile(r"[ab]+")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("he beats me now", []),
        ("Ok. Thanks.", []),
        ("Hello. I need a passport. Please.", []),
        ("I came from Libya. He beats me now.", ["I came from Libya.", "He beats me now."]),
        ("he beats me.I am at Bantama", ["he beats me.", "I am at Bantama"]),
        ("first line here\nsecond line here", ["first line here", "second line here"]),
        ("Hello. I need it? Where is it?", ["Hello. I need it?", "Where is it?"]),
        ("GHS 3.50 is the fee they say", []),
    ],
)
def test_where_a_message_is_parted(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_who_uses_no_marks_is_read_through_a_window() -> None:
    words = [f"w{n}" for n in range(40)]
    found = [part.split() for part in sentences(" ".join(words))]
    assert found == [words[0:16], words[8:24], words[16:32], words[24:40]]


@given(st.text(alphabet="ab .!?\n", max_size=4000))
def test_no_word_is_lost_and_the_number_is_bounded(text: str) -> None:
    found = sentences(text)
    assert len(found) <= MOST
    if found:
        assert set(WORD.findall(" ".join(found))) == set(WORD.findall(text))
    else:
        assert len(text.split()) <= LONG
