"""Slips of the finger are undone when one known word lies one slip away."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.spelling import Speller, _unlikely, spellable

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


@given(st.lists(st.text("abcé'", min_size=1, max_size=5), max_size=8, unique=True),
       st.lists(st.text("abcé'", max_size=5), max_size=8))  # fmt: skip
def test_the_likeliest_of_all_known_words_is_found(known: list[str], typed: list[str]) -> None:
    """By codes, as by comparing with every word."""
    words = [word for word in known if spellable(word)]

    def likeliest(word: str) -> str:
        slips = [(_unlikely(word, other), n) for n, other in enumerate(words)]
        likely = [(slip + log(n + 1), n) for slip, n in slips if slip is not None]
        return words[min(likely)[1]] if spellable(word) and likely else word

    unknown = [word for word in typed if word not in words]
    assert Speller(known).read(unknown) == [likeliest(word) for word in unknown]
