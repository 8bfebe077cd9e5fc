"""Slips of the finger are undone when one known word lies one slip away."""

from __future__ import annotations

import pytest

from nlu.spelling import Speller

KNOWN = "for hospital passport money help card cart l'avance is"
SPELLER = Speller(KNOWN.split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hospitl", "hospital"), ("hosspital", "hospital"), ("hodpital", "hospital"),
        ("hopsital", "hospital"), ("pasport", "passport"), ("mony", "money"), ("moneyy", "money"),
        ("hepl", "help"), ("gelp", "help"), ("forr", "for"), ("ofr", "for"), ("iis", "is"),
        ("l'avnce", "l'avance"),
    ],
)  # fmt: skip
def test_one_slip_is_undone(typed: str, meant: str) -> None:
    assert SPELLER.read([typed]) == [meant]


@pytest.mark.parametrize(
    "typed",
    ["hptal", "mouey7", "kofi", "abc", "", "honeyed", "card's", "fir", "fo", "su", "pasportt"],
)
def test_other_words_stay(typed: str) -> None:
    assert SPELLER.read([typed]) == [typed]


def test_the_more_usual_word_wins() -> None:
    assert SPELLER.read(["carx"]) == ["card"]


def test_the_likelier_slip_wins_unless_the_other_word_is_much_more_usual() -> None:
    assert SPELLER.read(["carg"]) == ["cart"]  # the key beside t
    others = [f"{a}{b}ww" for a in "fghij" for b in "uvwxyz"]
    assert Speller(["card", *others, "cart"]).read(["carg"]) == ["card"]


def test_a_longer_word_of_another_beginning_is_not_taken() -> None:
    assert SPELLER.read(["bard"]) == ["bard"]
