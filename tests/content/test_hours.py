"""Opening hours: a week on the wall, nights, holidays, and the two odd days of the year."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.library.hours import Hours, read_hours

ACCRA, BERLIN, CAIRO = map(ZoneInfo, ("Africa/Accra", "Europe/Berlin", "Africa/Cairo"))
HOUR = timedelta(hours=1)
WEEK = "mon tue wed thu fri sat sun"
# Monday 23 November 2026 begins the week of the tables.
DAYS = {name: date(2026, 11, 23 + n) for n, name in enumerate(WEEK.split())}


def team(*duty: str, holidays: tuple[str, ...] = (), zone: ZoneInfo = ACCRA) -> Hours:
    """Hours from lines like `mon-fri 08:00-17:00` or `sat 22:00-06:00`."""
    entries = []
    for line in duty:
        days, hours = line.split()
        first, _, last = days.partition("-")
        names = WEEK.split()
        shown = names[names.index(first) : names.index(last or first) + 1]
        entries.append({"days": shown, "from": hours[:5], "to": hours[6:]})
    return read_hours(entries, holidays, zone)


def at(text: str, zone: ZoneInfo = ACCRA) -> datetime:
    """`mon 08:00`, `next mon 08:00` or `2026-03-29 08:00`, on the clock of the zone."""
    day, _, clock = text.rpartition(" ")
    weeks = timedelta(weeks=day.count("next "))
    name = day.replace("next ", "")
    found = DAYS[name] if name in DAYS else date.fromisoformat(name)
    return datetime.combine(found + weeks, time.fromisoformat(clock), zone)


def said(moment: datetime | None, zone: ZoneInfo = ACCRA) -> str:
    assert moment is None or moment.tzinfo is not None
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "never"


OFFICE = team("mon-fri 08:00-12:00", "mon-fri 13:00-17:00", holidays=("2026-11-25",))
NIGHT = team("fri 22:00-06:00")


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (OFFICE, "mon 07:59", False), (OFFICE, "mon 08:00", True), (OFFICE, "mon 11:59", True),
        (OFFICE, "mon 12:00", False), (OFFICE, "mon 12:30", False), (OFFICE, "mon 13:00", True),
        (OFFICE, "mon 17:00", False), (OFFICE, "sat 10:00", False),
        (OFFICE, "wed 10:00", False),  # a holiday
        (NIGHT, "fri 21:59", False), (NIGHT, "fri 23:00", True), (NIGHT, "sat 05:59", True),
        (NIGHT, "sat 06:00", False), (NIGHT, "fri 05:00", False), (NIGHT, "sat 23:00", False),
        (team("mon 13:00-17:00", "mon 08:00-12:00"), "mon 09:00", True),  # in any order
        (team("sun 20:00-24:00"), "sun 23:59", True),
        (team("sun 20:00-24:00"), "next mon 00:00", False),
        (team("sun 20:00-00:00"), "sun 23:59", True),
        (team("mon-sun 00:00-24:00"), "mon 00:00", True),
        (team("mon-sun 00:00-24:00"), "sun 23:59", True),
        (team("fri 22:00-06:00", holidays=("2026-11-28",)), "fri 23:59", True),
        (team("fri 22:00-06:00", holidays=("2026-11-28",)), "sat 00:00", False),
        (team("fri 22:00-06:00", holidays=("2026-11-27",)), "sat 03:00", False),
        (team(), "mon 10:00", False),
    ],
)  # fmt: skip
def test_who_is_there(hours: Hours, now: str, expected: bool) -> None:
    assert hours.open(at(now)) is expected


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (OFFICE, "mon 07:00", "2026-11-23 08:00"), (OFFICE, "mon 12:00", "2026-11-23 13:00"),
        (OFFICE, "mon 18:00", "2026-11-24 08:00"),
        (OFFICE, "tue 18:00", "2026-11-26 08:00"),  # over the holiday
        (OFFICE, "fri 17:00", "2026-11-30 08:00"),
        (OFFICE, "mon 09:00", "2026-11-23 13:00"),  # open now: after the next break
        (team("mon 08:00-12:00", "mon 12:00-17:00"), "mon 09:00", "2026-11-30 08:00"),  # no break
        (team("mon-sun 00:00-24:00"), "mon 09:00", "never"),  # never closed
        (team("mon 08:00-09:00", holidays=("2026-11-23", "2026-11-30")), "mon 01:00", "never"),
        (team("mon 08:00-09:00", holidays=("2026-11-23",)), "mon 01:00", "2026-11-30 08:00"),
        (team(), "mon 10:00", "never"),
    ],
)
def test_when_somebody_comes_back(hours: Hours, now: str, expected: str) -> None:
    assert said(hours.next_opening(at(now))) == expected


@pytest.mark.parametrize(
    ("hours", "start", "working", "expected"),
    [
        (OFFICE, "mon 08:00", 2, "2026-11-23 10:00"),
        (OFFICE, "mon 11:00", 2, "2026-11-23 14:00"),  # over lunch
        (OFFICE, "mon 03:00", 2, "2026-11-23 10:00"),  # the clock starts in the morning
        (OFFICE, "mon 16:00", 2, "2026-11-24 09:00"),  # over night
        (OFFICE, "tue 16:00", 2, "2026-11-26 09:00"),  # over the holiday
        (OFFICE, "fri 16:00", 2, "2026-11-30 09:00"),  # over the weekend
        (OFFICE, "mon 10:00", 2, "2026-11-23 12:00"),  # to the end, not to the next beginning
        (OFFICE, "mon 12:30", 0, "2026-11-23 12:30"),
        (OFFICE, "mon 08:00", 40, "2026-11-30 17:00"),  # the fifth day of a week of four
        (NIGHT, "fri 23:00", 2, "2026-11-28 01:00"), (NIGHT, "sat 05:00", 2, "2026-12-04 23:00"),
        (team("mon 08:00-12:00", "mon 10:00-14:00"), "mon 08:00", 5, "2026-11-23 13:00"),
        (team("mon 08:00-16:00", "mon 10:00-11:00"), "mon 08:00", 7, "2026-11-23 15:00"),
        (team("mon 08:00-12:00", "mon 12:00-14:00"), "mon 08:00", 5, "2026-11-23 13:00"),
        (team("sun 20:00-24:00", "mon 00:00-04:00"), "sun 22:00", 3, "2026-11-30 01:00"),
        (team("mon-sun 00:00-24:00"), "mon 08:00", 72, "2026-11-26 08:00"),
        (team(), "sat 22:00", 24, "2026-11-29 22:00"),  # unknown hours: the wall
        (team("mon 08:00-09:00"), "mon 08:00", 24 * 100, "2027-03-03 08:00"),  # too few in a year
    ],
)  # fmt: skip
def test_when_so_many_hours_have_passed(
    hours: Hours, start: str, working: float, expected: str
) -> None:
    assert said(hours.after(at(start), working * HOUR)) == expected


@pytest.mark.parametrize(
    ("hours", "a", "b", "expected"),
    [
        (OFFICE, "mon 08:00", "mon 17:00", 8), (OFFICE, "mon 11:00", "mon 13:30", 1.5),
        (OFFICE, "mon 12:00", "mon 13:00", 0), (OFFICE, "mon 00:00", "next mon 00:00", 32),
        (OFFICE, "tue 16:00", "mon 09:00", 0), (OFFICE, "tue 16:00", "tue 16:00", 0),
        (NIGHT, "sat 04:00", "sat 12:00", 2),
        (team("mon 08:00-12:00", "mon 10:00-14:00"), "mon 09:00", "mon 13:00", 4),
        (team(), "mon 20:00", "tue 20:00", 24), (team(), "tue 20:00", "mon 20:00", 0),
    ],
)  # fmt: skip
def test_how_long_somebody_was_there(hours: Hours, a: str, b: str, expected: float) -> None:
    assert hours.between(at(a), at(b)) == expected * HOUR


ALWAYS = team("mon-sun 00:00-24:00", zone=BERLIN)
SHORT, LONG = "2026-03-29", "2026-10-25"  # 02:00 becomes 03:00; 03:00 becomes 02:00


@pytest.mark.parametrize(
    ("hours", "a", "b", "expected"),
    [
        (ALWAYS, f"{SHORT} 00:00", f"{SHORT} 12:00", 11),
        (ALWAYS, f"{LONG} 00:00", f"{LONG} 12:00", 13),
        (team(zone=BERLIN), f"{SHORT} 00:00", f"{SHORT} 12:00", 11),  # the wall loses an hour too
        (team("sat 22:00-06:00", zone=BERLIN), "2026-03-28 12:00", f"{SHORT} 12:00", 7),
        (team("sat 22:00-06:00", zone=BERLIN), "2026-10-24 12:00", f"{LONG} 12:00", 9),
        # Times that the clock jumps over are the moment of the jump.
        (team("sun 02:15-02:45", zone=BERLIN), f"{SHORT} 00:00", f"{SHORT} 12:00", 0),
        (team("sun 02:30-04:00", zone=BERLIN), f"{SHORT} 00:00", f"{SHORT} 12:00", 1),
        (team("sun 01:00-02:30", zone=BERLIN), f"{SHORT} 00:00", f"{SHORT} 12:00", 1),
        # Times that come twice count from the first time.
        (team("sun 01:00-02:30", zone=BERLIN), f"{LONG} 00:00", f"{LONG} 12:00", 1.5),
        (team("sun 02:30-04:00", zone=BERLIN), f"{LONG} 00:00", f"{LONG} 12:00", 2.5),
    ],
)
def test_on_the_days_when_clocks_change(hours: Hours, a: str, b: str, expected: float) -> None:
    start, end = at(a, BERLIN), at(b, BERLIN)
    assert hours.between(start, end) == expected * HOUR
    found = hours.after(start, expected * HOUR)
    assert hours.between(start, found) == expected * HOUR
    assert found == end if hours.open(end) or not hours.duty else found <= end


def test_a_day_without_a_midnight_ends_all_the_same() -> None:
    """In Cairo the clock jumps from 00:00 to 01:00 on the last Friday of April."""
    hours = team("thu 20:00-24:00", "fri 00:00-02:00", zone=CAIRO)
    evening = at("2026-04-23 20:00", CAIRO)
    assert said(hours.after(evening, 5 * HOUR), CAIRO) == "2026-04-24 02:00"
    assert hours.between(evening, at("2026-04-24 12:00", CAIRO)) == 5 * HOUR


def test_the_same_moment_on_another_clock_is_the_same() -> None:
    for name in ("Asia/Tokyo", "America/New_York", "UTC"):
        there = at("mon 16:00").astimezone(ZoneInfo(name))
        assert said(OFFICE.after(there, 2 * HOUR)) == "2026-11-24 09:00"
        assert OFFICE.open(there)
        assert said(OFFICE.next_opening(there)) == "2026-11-24 08:00"
