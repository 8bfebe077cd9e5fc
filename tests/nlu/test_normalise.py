"""One plain spelling, however a text is typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalise import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Mepɛ sɛ me3k)n   fie", "mepe se meekon fie"),
        ("Où est l’ hôtel 'Noël' ?", "ou est l hotel noel"),
        ("don't  'stop'...please", "don't stop please"),
        ("helpppp meee!!", "helpp mee"),
        ("(call 3 times)", "call 3 times"),
        ("naïve_user\tNHIS\nCARD", "naive user nhis card"),
        ("𝐇𝐞𝐥𝐩 ｍｅ 🙏 Ŋutɔ", "help me nuto"),
        ("помощь", "помощь"),
        ("", ""),
    ],
)
def test_typed_and_folded(typed: str, folded: str) -> None:
    assert fold(typed) == folded


TEXTS = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Z"], max_codepoint=0x2100), max_size=40
) | st.text("abŋɔé3)('_ `’-Aß\u0301\u200b", max_size=20)


@given(TEXTS)
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_words_stand_one_space_apart_and_nothing_else_does(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert not set(folded) & set("_!?.,;:-`\"()")


def test_only_so_many_letters_are_read() -> None:
    assert fold("ab " * 5000, limit=8) == "ab ab ab"
