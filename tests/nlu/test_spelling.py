"""Slips of the finger are undone when one known word lies one slip away."""

from __future__ import annotations

import pytest

from nlu.spelling import Speller

SPELLER = Speller(["hospital", "passport", "money", "help", "card", "cart"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hospitl", "hospital"), ("hosspital", "hospital"), ("hodpital", "hospital"),
        ("hopsital", "hospital"), ("pasport", "passport"), ("mony", "money"), ("moneyy", "money"),
        ("hepl", "help"),
    ],
)  # fmt: skip
def test_one_slip_is_undone(typed: str, meant: str) -> None:
    assert SPELLER.read(typed) == meant


@pytest.mark.parametrize("typed", ["hptal", "mouey7", "kofi", "abc", "", "honeyed", "card's"])
def test_other_words_stay(typed: str) -> None:
    assert SPELLER.read(typed) == typed


def test_the_more_usual_word_wins() -> None:
    assert SPELLER.read("carx") == "card"


def test_a_longer_word_of_another_beginning_is_not_taken() -> None:
    assert SPELLER.read("bard") == "bard"
