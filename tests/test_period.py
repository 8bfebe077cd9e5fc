"""Days and weeks by the country's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import period
from tests.conftest import NOON

ACCRA, DOUALA, PARIS = ZoneInfo("Africa/Accra"), ZoneInfo("Africa/Douala"), ZoneInfo("Europe/Paris")


def test_the_last_week_ends_today() -> None:
    week = period.last(7, NOON, ACCRA)
    assert [slot.first.day for slot in week.slots] == [17, 18, 19, 20, 21, 22, 23]
    assert week.since == datetime(2026, 11, 17, tzinfo=UTC)
    assert week.slots[-1].until == datetime(2026, 11, 24, tzinfo=UTC)


def test_weeks_begin_on_monday_and_the_first_may_be_short() -> None:
    assert [slot.first for slot in period.last(14, NOON, ACCRA).weeks] == [
        date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 23),
    ]  # fmt: skip


def test_a_long_period_is_drawn_by_week() -> None:
    assert len(period.last(90, NOON, ACCRA).slots) == 90
    year = period.last(365, NOON, ACCRA)
    assert year.slots == year.weeks
    assert len(year.slots) == 53
    assert year.since == datetime(2025, 11, 24, tzinfo=UTC)


def test_today_is_the_country_s_today() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert period.last(7, late, ACCRA).slots[-1].first == date(2026, 11, 23)
    there = period.last(7, late, DOUALA).slots[-1]
    assert there.first == date(2026, 11, 24)
    assert there.since == datetime(2026, 11, 23, 23, tzinfo=UTC)


@given(st.timedeltas(timedelta(0), timedelta(days=365)), st.sampled_from(period.PERIODS))
@pytest.mark.parametrize("zone", [ACCRA, PARIS])
def test_slots_follow_each_other_without_a_gap(zone: ZoneInfo, later: timedelta, days: int) -> None:
    now = NOON + later
    span = period.last(days, now, zone)
    for slots in (span.slots, span.weeks):
        assert slots[0].since == span.since
        assert slots[-1].since <= now < slots[-1].until
        for one, other in pairwise(slots):
            assert one.until == other.since
            assert one.first < other.first
    assert now - span.since <= timedelta(days=days, hours=1)  # a night that has an hour more
