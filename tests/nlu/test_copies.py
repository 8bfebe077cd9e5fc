"""Phrases as others type them."""

from __future__ import annotations

from nlu import data
from nlu.copies import OFTEN, among, slipped
from nlu.data import Around

CRY = "he beats me!"
PIECES = Around(opening=["good evening"], place=["in Ho"], plea=["what shall i do"],
                comfort=["but do not worry"])  # fmt: skip


def many(around: Around | None, beside: list[str]) -> list[str]:
    """Of different texts, which are left out of what is returned."""
    return [among(f"{CRY[:-1]} {n}!", around, beside).replace(f" {n}", "") for n in range(300)]


def test_every_kind_of_what_is_around_is_used() -> None:
    assert {("lookup", kind) for kind in OFTEN} == data.KINDS


def test_each_kind_comes_in_its_place_and_never_none_of_them() -> None:
    found = set(many(PIECES, []))
    assert {"good evening he beats me!", "he beats me in Ho", "he beats me what shall i do",
            "he beats me but do not worry",
            "good evening he beats me in Ho what shall i do but do not worry"} <= found  # fmt: skip
    assert CRY not in found


def test_another_message_stands_before_or_behind() -> None:
    other = "where is the passport office"
    found = many(PIECES, [other])
    before, behind = found.count(f"{other} {CRY}"), found.count(f"{CRY} {other}")
    assert min(before, behind) > 30
    assert before + behind < 200  # the rest has pieces around it
    assert not any(other in text and "do not worry" in text for text in found)


def test_it_stays_as_it_is_where_nothing_is_known() -> None:
    assert set(many(None, [])) == {CRY}


def test_where_nobody_said_what_is_around_another_message_always_is() -> None:
    assert CRY not in many(None, ["where is the passport office"])


def test_one_text_more_beside_changes_no_copy_with_pieces() -> None:
    fewer, more = many(PIECES, ["hello there my friend"]), many(PIECES, ["hello"] * 9)
    kept = [(a, b) for a, b in zip(fewer, more, strict=True) if "hello" not in a + b]
    assert len(kept) > 150
    assert all(a == b for a, b in kept)


def test_slips_are_the_same_each_time() -> None:
    long = "they have locked us all in the house of the agent since monday evening"
    assert slipped(long) == slipped(long) != long
