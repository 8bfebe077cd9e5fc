"""The figures of a period: counted from what happened, and silent about the few."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import figures, period
from bot.db import Database
from bot.figures import Case, Group, Times
from bot.library import Library
from tests.conftest import NOON
from tests.engine.stories import Stories

HOUR, DAY = 60.0, timedelta(days=1)
SINCE = NOON - 30 * DAY


@pytest.fixture
def stories(database: Database, library: Library) -> Stories:
    return Stories(database, library)


def read(stories: Stories) -> list[Case]:
    return stories.database.call(figures.opened, SINCE, NOON)[0]


def total(stories: Stories, *, exact: bool = True) -> Group:
    return figures.total(read(stories), exact=exact)


def table(stories: Stories, by: str, *, exact: bool = True) -> dict[object, str]:
    found = figures.broken_down(read(stories), by, exact=exact)
    return {group.name: group.cases for group in found}


def test_nobody_came(stories: Stories) -> None:
    nothing = Times(None, None)
    assert total(stories) == Group(name=None, cases="0", first=nothing, solved=nothing,
                                   in_time=None, good=None, reopened="")  # fmt: skip
    assert table(stories, "priority") == {}


def test_the_first_answer_counts_from_the_opening(stories: Stories) -> None:
    for minutes in (10, 20, 60):
        stories.need(NOON - DAY, answered=minutes)
    stories.need(NOON - DAY)
    found = total(stories)
    assert found.cases == "4"
    assert found.first == Times(20 * 60, pytest.approx(52 * 60))
    assert found.solved == Times(None, None)


def test_a_second_answer_changes_nothing(stories: Stories) -> None:
    stories.need(NOON - DAY, answered=10, waits=5, closed=300, again=400)
    assert total(stories).first.median == 10 * 60


def test_the_time_in_which_the_person_had_to_answer_is_not_ours(stories: Stories) -> None:
    stories.need(NOON - DAY, answered=10, waits=2 * HOUR, closed=5 * HOUR)
    assert total(stories).solved.median == 3 * 3600
    # Answered, then silence until it was closed: only the ten minutes were ours.
    stories.need(NOON - DAY, answered=10, closed=5 * HOUR)
    assert sorted(case.solved or 0 for case in read(stories)) == [600, 3 * 3600]


def test_in_time_is_late_or_overdue_but_not_what_may_still_be_answered(stories: Stories) -> None:
    stories.need(NOON - DAY, priority=0, urgency="violence_now", answered=14)
    stories.need(NOON - DAY, priority=0, urgency="violence_now", answered=15)
    stories.need(NOON - DAY, priority=0, urgency="violence_now", answered=16)
    assert total(stories).in_time == pytest.approx(2 / 3)
    stories.need(NOON - timedelta(minutes=20), priority=0, urgency="violence_now")
    assert total(stories).in_time == 0.5
    stories.need(NOON - timedelta(minutes=10), priority=0, urgency="violence_now")
    stories.need(NOON - DAY, priority=2, closed=30, outcome="not_needed")
    assert total(stories).in_time == 0.5


def test_ratings_outcomes_and_what_came_back(stories: Stories) -> None:
    stories.need(NOON - DAY, answered=5, closed=60, outcome="referred", good=True, times=2)
    stories.need(NOON - DAY, answered=5, closed=60, outcome="no_contact", good=False)
    stories.need(NOON - DAY, answered=5, closed=60, again=90)
    found = total(stories)
    assert (found.good, found.reopened) == (pytest.approx(2 / 3), "1")
    assert table(stories, "outcome") == {"referred": "2", "no_contact": "1", None: "1"}


@pytest.mark.parametrize(("by", "groups"), [
    ("priority", [0, 1, 2]),
    ("class", ["asked", "detention", "violence_now"]),
    ("language", ["en", "fr"]),
    ("region", [None, "GH-AA"]),
    ("channel", ["telegram", "sms"]),
])  # fmt: skip
def test_each_breakdown_has_the_biggest_first(
    stories: Stories, by: str, groups: list[object]
) -> None:
    stories.need(NOON - DAY, priority=2, region="GH-AA")
    stories.need(NOON - DAY, priority=2)
    stories.need(NOON - DAY, priority=1, reason="urgent", urgency="detention", language="fr")
    stories.need(NOON - DAY, priority=0, reason="urgent", urgency="violence_now", channel="sms")
    assert list(table(stories, by)) == groups
    assert sum(map(int, table(stories, by).values())) == 4


def test_the_few_are_hidden_with_their_times_from_those_who_may_not_see_them(
    stories: Stories,
) -> None:
    stories.need(NOON - DAY, language="en", answered=10, closed=60, good=True, times=9)
    stories.need(NOON - DAY, language="fr", answered=30, closed=90, good=True, times=5)
    stories.need(NOON - DAY, language="ee", answered=20, closed=90, good=False, again=95, times=4)
    english, french, ewe = figures.broken_down(read(stories), "language", exact=False)
    assert (english.cases, english.first.median, english.good) == ("9", 600, 1.0)
    assert (french.cases, french.first.median) == ("5+", 1800)  # 5 would give away the 4
    assert (ewe.name, ewe.cases, ewe.reopened) == ("ee", "<5", "")
    assert (ewe.first, ewe.solved, ewe.in_time, ewe.good) == (
        Times(None, None), Times(None, None), None, None,
    )  # fmt: skip
    *_, open_ewe = figures.broken_down(read(stories), "language", exact=True)
    assert (open_ewe.cases, open_ewe.reopened, open_ewe.first.median) == ("4", "4", 1200)


def test_a_time_of_one_case_among_many_is_hidden_too(stories: Stories) -> None:
    stories.need(NOON - DAY, times=8)
    stories.need(NOON - DAY, answered=10, closed=60, good=False)
    found = total(stories, exact=False)
    assert (found.cases, found.first.median, found.solved.median) == ("9", None, None)
    assert (found.good, found.reopened) == (None, "0")
    assert total(stories).first.median == 600


def test_the_order_of_small_groups_does_not_tell_their_sizes(stories: Stories) -> None:
    for language, times in (("en", 5), ("ak", 1), ("fr", 4), ("ee", 2)):
        stories.need(NOON - DAY, language=language, times=times)
    assert list(table(stories, "language", exact=False)) == ["en", "ak", "ee", "fr"]
    assert list(table(stories, "language")) == ["en", "fr", "ee", "ak"]


def test_only_what_was_opened_in_the_period_counts(stories: Stories) -> None:
    stories.need(SINCE - timedelta(seconds=1), answered=10)
    stories.need(SINCE, answered=20)
    assert total(stories).first.median == 20 * 60


def test_one_reading_is_bounded_and_says_so(stories: Stories) -> None:
    ids = [stories.need(NOON - DAY) for _ in range(4)]
    found, more = stories.database.call(figures.opened, SINCE, NOON, limit=3)
    assert [case.id for case in found] == ids[:0:-1]
    assert more
    assert not stories.database.call(figures.opened, SINCE, NOON, limit=4)[1]


def test_cases_fall_into_their_days_and_weeks(stories: Stories) -> None:
    fortnight = period.last(14, NOON, stories.country.timezone)
    for days, minutes in ((0, 10), (0, 30), (6, 50), (13, 70)):
        stories.need(NOON - days * DAY, answered=minutes)
    counts = [len(part) for part in figures.by_slot(read(stories), fortnight.slots)]
    assert counts == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2]
    # NOON is a Monday: its week has two cases, the one before one.
    weeks = figures.weekly(read(stories), fortnight.weeks, exact=True)
    assert [week.median for week in weeks] == [70 * 60, 50 * 60, 20 * 60]
    hidden = figures.weekly(read(stories), fortnight.weeks, exact=False)
    assert {week.median for week in hidden} == {None}


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=40), st.sampled_from([0.5, 0.9, 0, 1]))
def test_percentiles_are_those_of_everybody(values: list[float], share: float) -> None:
    expected = float(np.percentile(values, share * 100))
    assert figures.percentile(sorted(values), share) == pytest.approx(expected)
