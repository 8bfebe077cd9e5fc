"""A name in a group passes for nobody else's, and for none of ours."""

from __future__ import annotations

import time

import pytest

from bot.dialogue.peers import names


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Аdmin", "letters"),  # the first letter is Cyrillic
        ("Gоld Kente", "letters"), ("M0derator", "ours"), ("Moderators", "ours"),
        ("SankofaTeam", "ours"), ("P0lice", "ours"), ("ADM1N", "ours"), ("5ankofa", "ours"),
        ("I0M", "ours"), ("ad-min", "ours"), ("Ɔkɔtɔ", None), ("Dɔ̃ Ŋkɔ", None), ("محمود", None),
        ("Atelier d'Or", None), ("Steady Baobab", None), ("Bright Anchor", None), ("Fleur 7", None),
        ("024 412 3456 Ama", "number"), ("ama@gmail.com", "number"),
    ],
)  # fmt: skip
def test_a_typed_name(typed: str, why: str | None) -> None:
    assert names.problem(names.tidy(typed), frozenset()) == why


def test_all_suggested_names_may_be_taken_and_differ_from_each_other() -> None:
    found = names.suggestions(0, count=len(names._FIRST) * len(names._SECOND))
    assert {names.problem(name, frozenset()) for name in found} == {None}
    assert len({names.key(name) for name in found}) == len(found)


@pytest.mark.parametrize("other", ["GoId Kente", "G0ld Kente", "GOLD  KENTÉ", "gold-kente"])
def test_names_that_look_alike_are_one(other: str) -> None:
    assert names.key(other) == names.key("Gold Kente")


def test_a_key_fits_into_its_column() -> None:
    assert len(names.key("œæ" * 12)) <= names.LONGEST_KEY


@pytest.mark.parametrize("typed", ["a-a." * 2500, "a" * 10_000, "a.-" * 3000])
def test_whoever_types_a_novel_keeps_nobody_busy(typed: str) -> None:
    started = time.process_time()
    assert names.problem(names.tidy(typed), frozenset()) in ("letters", "number")
    assert time.process_time() - started < 0.2
