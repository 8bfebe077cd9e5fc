"""A period of whole days up to today, by the country's clock, cut into days and weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PERIODS = (7, 30, 90, 365)  # days that are offered
DAILY = 90  # days; a longer period is drawn by week


@dataclass(frozen=True)
class Slot:
    """A day or a week of the period, by the country's clock; `until` is the next one's start."""

    first: date
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole days up to today. `slots` are what is drawn: days, or weeks in a long period."""

    days: int
    since: datetime
    slots: tuple[Slot, ...]
    weeks: tuple[Slot, ...]


def last(days: int, now: datetime, zone: ZoneInfo) -> Period:
    """The last `days` days with today, cut into days and into weeks that begin on Monday."""
    today = now.astimezone(zone).date()
    all_days = [today - timedelta(days=back) for back in reversed(range(days))]
    mondays = [day for i, day in enumerate(all_days) if i == 0 or day.weekday() == 0]
    by_day, by_week = _slots(all_days, zone, today), _slots(mondays, zone, today)
    slots = by_day if days <= DAILY else by_week
    return Period(days=days, since=by_day[0].since, slots=slots, weeks=by_week)


def _slots(firsts: Sequence[date], zone: ZoneInfo, today: date) -> tuple[Slot, ...]:
    edges = [*firsts, today + timedelta(days=1)]
    starts = [datetime.combine(day, time(0), zone).astimezone(UTC) for day in edges]
    return tuple(map(Slot, firsts, starts[:-1], starts[1:]))
