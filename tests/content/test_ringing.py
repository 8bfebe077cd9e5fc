"""How alarms ring: the pack's own block, its defaults, and mistakes that must not silence one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.library import CONTENT, Library
from bot.library.ringing import Ringing, Step, read_ringing

STEP = {"after": 0, "who": "duty", "by": ["console"]}
SECOND = timedelta(seconds=1)


def test_ghana_rings_as_the_defaults_do(library: Library) -> None:
    assert library.country.ringing == read_ringing(None) == read_ringing({}) == Ringing()
    assert library.country.routing == "automatic"


def test_the_file_of_ghana_writes_every_default_down() -> None:
    written = yaml.safe_load((CONTENT / "gh" / "country.yml").read_text())["ringing"]
    assert set(written) == set(vars(Ringing()))


def test_the_defaults_in_numbers() -> None:
    ringing = Ringing()
    assert [(s.after.total_seconds(), s.who, s.by) for s in ringing.chain] == [
        (0, "duty", ("console",)),
        (120, "duty", ("telegram", "sms", "email")),
        (300, "supervisors", ("console", "telegram", "sms", "email")),
    ]
    assert ringing.again == ringing.absent_after == timedelta(minutes=10)
    assert ringing.owner_within == {0: timedelta(minutes=5), 1: timedelta(hours=2)}
    assert ringing.reopen_within == timedelta(days=3)


def test_what_is_written_replaces_the_default_and_nothing_else() -> None:
    chain = [STEP, {"after": 60, "who": "supervisors", "by": ["sms", "email"]}]
    found = read_ringing({"chain": chain, "owner_within": {0: 90}, "again": 30})
    assert found == Ringing(
        chain=(Step(0 * SECOND, "duty", ("console",)),
               Step(60 * SECOND, "supervisors", ("sms", "email"))),
        owner_within={0: 90 * SECOND}, again=30 * SECOND,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ({"chain": []}, "at least one step"), ({"chain": None}, "at least one step"),
        ({"chain": {}}, "at least one step"), ({"chain": ["duty"]}, "step 1"),
        ({"chain": [STEP | {"who": "everybody"}]}, "step 1: who .*'everybody'"),
        ({"chain": [STEP | {"by": ["pigeon"]}]}, "step 1: by .*'pigeon'"),
        ({"chain": [STEP | {"by": []}]}, "step 1: by"),
        ({"chain": [STEP | {"by": "sms"}]}, "step 1: by"),
        ({"chain": [STEP | {"by": [["sms"]]}]}, "step 1: by"),
        ({"chain": [STEP | {"after": -1}]}, "step 1: after"),
        ({"chain": [STEP | {"after": 1.5}]}, "step 1: after"),
        ({"chain": [STEP | {"after": True}]}, "step 1: after"),
        ({"chain": [STEP | {"when": 1}]}, "step 1: a mapping of after, who, by"),
        ({"chain": [{"after": 0, "who": "duty"}]}, "step 1: by is missing"),
        ({"chain": [STEP | {"after": 60}, STEP]}, "comes after"),
        ({"chain": [STEP, STEP]}, "comes after"),
        ({"again": 0}, "again"), ({"again": "600"}, "again"), ({"again": 10**30}, "again"),
        ({"absent_after": 0}, "absent_after"), ({"reopen_within": -5}, "reopen_within"),
        ({"reopen_within": None}, "reopen_within"),
        ({"owner_within": [300]}, "owner_within"), ({"owner_within": {"0": 300}}, "owner_within"),
        ({"owner_within": {-1: 300}}, "owner_within"), ({"owner_within": {True: 3}}, "owner"),
        ({"owner_within": {0: 0}}, "owner_within: 0"),
        ({"agian": 600}, "agian"), ([], "mapping"), ("loud", "mapping"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(block: Any, named: str) -> None:
    with pytest.raises(ValueError, match=f"^ringing.*{named}"):
        read_ringing(block)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["chain", "again", "after", "who", "by", "duty", "sms", "owner_within"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["chain", "again", "after", "who", "by"]), inner),
)  # fmt: skip


@given(JUNK)
def test_whatever_is_written_there_is_read_or_named(block: Any) -> None:
    try:
        found = read_ringing(block)
    except ValueError:
        return
    assert found.chain
    assert found.again > 0 * SECOND
