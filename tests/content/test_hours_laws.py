"""What holds for any opening hours at any moment, also around a change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.library.hours import Duty, Hours

ACCRA, BERLIN, CAIRO = map(ZoneInfo, ("Africa/Accra", "Europe/Berlin", "Africa/Cairo"))
HOUR = timedelta(hours=1)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
DUTIES = st.builds(
    Duty, st.lists(st.integers(0, 6), min_size=1, max_size=7).map(tuple), CLOCKS, CLOCKS
)
HOLIDAYS = st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=4)
ZONES = st.sampled_from([ACCRA, BERLIN, CAIRO, ZoneInfo("Australia/Lord_Howe")])
HOURS = st.builds(Hours, st.lists(DUTIES, min_size=1, max_size=4).map(tuple), HOLIDAYS, ZONES)
MOMENTS = st.datetimes(
    datetime(2026, 3, 20), datetime(2026, 4, 30), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@given(hours=HOURS, moments=st.tuples(MOMENTS, MOMENTS, MOMENTS))
def test_time_there_adds_up(hours: Hours, moments: tuple[datetime, datetime, datetime]) -> None:
    a, b, c = sorted(moments)
    assert hours.between(a, b) + hours.between(b, c) == hours.between(a, c)
    assert timedelta(0) <= hours.between(a, b) <= b - a


@given(hours=HOURS, start=MOMENTS, x=MOMENTS)
def test_after_is_the_first_moment_with_that_time_between(
    hours: Hours, start: datetime, x: datetime
) -> None:
    assume(x > start)
    working = hours.between(start, x)
    found = hours.after(start, working)
    assert start <= found <= x
    assert hours.between(start, found) == working
    if working:
        just_before = found - timedelta(microseconds=1)
        assert hours.open(just_before)
        assert hours.between(start, just_before) < working


@given(hours=HOURS, start=MOMENTS, working=st.lists(st.integers(0, 300), min_size=2, max_size=2))
def test_more_work_is_never_done_earlier(hours: Hours, start: datetime, working: list[int]) -> None:
    less, more = (timedelta(minutes=n) for n in sorted(working))
    later = start + timedelta(hours=5)
    assert hours.after(start, less) <= hours.after(start, more)
    assert hours.after(start, more) <= hours.after(later, more)


@given(hours=HOURS, now=MOMENTS)
def test_an_opening_is_one(hours: Hours, now: datetime) -> None:
    coming = hours.next_opening(now)
    if coming is None:
        closed_or_open = hours.between(now, now + timedelta(weeks=2))
        assert not closed_or_open or hours.open(now)
    else:
        assert now < coming <= now + timedelta(weeks=2)
        assert hours.open(coming)
        assert not hours.open(coming - timedelta(microseconds=1))
        assert hours.open(now) or not hours.between(now, coming)


@given(hours=HOURS, now=MOMENTS)
def test_open_is_what_the_clock_on_the_wall_says(hours: Hours, now: datetime) -> None:
    wall = now.astimezone(hours.timezone)
    assume(wall.utcoffset() == (now - 3 * HOUR).astimezone(hours.timezone).utcoffset())
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    clock, there = wall.time(), False
    for duty in hours.duty:
        night = duty.end <= duty.start
        if today.weekday() in duty.days:
            there |= duty.start <= clock and (night or clock < duty.end)
        if night and yesterday.weekday() in duty.days and yesterday not in hours.holidays:
            there |= clock < duty.end
    assert hours.open(now) == (there and today not in hours.holidays)


@given(start=MOMENTS, working=st.timedeltas(timedelta(0), timedelta(days=3000)), hours=HOURS)
def test_every_clock_rings(start: datetime, working: timedelta, hours: Hours) -> None:
    assert hours.after(start, working) >= start
    shut = Hours(hours.duty, frozenset(start.date() + timedelta(n) for n in range(-2, 403)), ACCRA)
    assert shut.after(start, working) == start + working
