"""Opening hours of the team: when somebody reads, and time that counts only while somebody does."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.library.files import as_date

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
SOON = timedelta(weeks=2)  # an opening further away is as good as none
SEARCH = timedelta(days=400)  # longer than a year full of holidays
NEVER = datetime.min.replace(tzinfo=UTC)
Piece = tuple[datetime, datetime]


@dataclass(frozen=True)
class Duty:
    """Hours on some days of the week (Monday is 0) when a counsellor reads, in the country's time.

    An `end` that is not after `start` is on the next day; midnight is its `time(0)`.
    """

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True)
class Hours:
    """When the team is there. Takes aware moments and returns them in UTC.

    No `duty` means that nothing is known: then nobody is promised, and clocks run on the wall.
    Nobody is on duty on a holiday: a night shift into it ends at midnight, and one that would
    begin on it does not take place.
    """

    duty: tuple[Duty, ...]
    holidays: frozenset[date]
    timezone: ZoneInfo

    def open(self, now: datetime) -> bool:
        """True when a counsellor should be reading now."""
        now = now.astimezone(UTC)
        return any(start <= now < end for start, end in self._pieces(now, now))

    def next_opening(self, now: datetime) -> datetime | None:
        """When the team comes back after a closed time, later than `now`; None when that is not
        known for the next two weeks."""
        now = now.astimezone(UTC)
        closed = NEVER
        for start, end in self._pieces(now, now + SOON):
            if now < start <= now + SOON and start > closed:
                return start
            closed = end
        return None

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment when `working` of opening time has passed since `start`.

        Plain `start + working` when no hours are known, and when 400 days hold too little of them:
        a clock that never rings would be worse than one that rings while nobody is there.
        """
        start = start.astimezone(UTC)
        left = working
        if self.duty and working > timedelta(0):
            for begin, end in self._pieces(start, start + SEARCH):
                begin = max(begin, start)
                if begin < end and end - begin >= left:
                    return begin + left
                left -= max(end - begin, timedelta(0))
        return start + working

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Opening time from `a` to `b`, 0 if `b` is not later; `b - a` when no hours are known."""
        a, b = a.astimezone(UTC), b.astimezone(UTC)
        if not self.duty or b <= a:
            return max(b - a, timedelta(0))
        pieces = self._pieces(a, b)
        return sum(
            (max(min(end, b) - max(start, a), timedelta(0)) for start, end in pieces), timedelta(0)
        )

    def _pieces(self, since: datetime, until: datetime) -> Iterator[Piece]:
        """Opening time in order, no moment twice, from the day before `since` (whose night shift
        may still run) to the day of `until`."""
        day = since.astimezone(self.timezone).date() - DAY
        last = until.astimezone(self.timezone).date()
        reached = NEVER
        while day <= last:
            for start, end in sorted(self._shifts(day)):
                if max(start, reached) < end:
                    yield max(start, reached), end
                    reached = end
            day += DAY

    def _shifts(self, day: date) -> Iterator[Piece]:
        if day in self.holidays:
            return
        for duty in self.duty:
            if day.weekday() in duty.days:
                ends_on, end = day, duty.end
                if duty.end <= duty.start:
                    ends_on = day + DAY
                    end = time(0) if ends_on in self.holidays else duty.end
                yield self._moment(day, duty.start), self._moment(ends_on, end)

    def _moment(self, day: date, clock: time) -> datetime:
        """The first moment when the clock on the wall shows this time or a later one, in UTC."""
        naive = datetime.combine(day, clock)
        moment = naive.replace(tzinfo=self.timezone).astimezone(UTC)
        if self._wall(moment) == naive:
            return moment
        # In spring the clock jumps over this time. The jump lies between both readings of it.
        early = naive.replace(tzinfo=self.timezone, fold=1).astimezone(UTC)
        seconds = range(int((moment - early).total_seconds()) + 1)
        found = bisect_left(
            seconds, naive, key=lambda second: self._wall(early + timedelta(seconds=second))
        )
        return early + timedelta(seconds=found)

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(self.timezone).replace(tzinfo=None)


def read_hours(duty: Any, holidays: Any, timezone: ZoneInfo) -> Hours:
    """`duty` and `holidays` of `country.yml`; raises KeyError, TypeError or ValueError."""
    free = [(as_date(day), day) for day in holidays or ()]
    for found, written in free:
        if found is None:
            raise ValueError(f"holidays: {written!r} is not a day like '2026-12-25'")
    return Hours(
        duty=tuple(_duty(entry) for entry in duty or ()),
        holidays=frozenset(found for found, _ in free if found),
        timezone=timezone,
    )


def _duty(entry: dict[str, Any]) -> Duty:
    days, start, end = entry["days"], entry["from"], entry["to"]
    if not days or not set(days) <= set(DAYS):
        raise ValueError(f"duty: days are a list of {', '.join(DAYS)}, not {days!r}")
    if start == end:
        raise ValueError(f"duty: from {start!r} to itself; a whole day is '00:00' to '24:00'")
    return Duty(
        tuple(DAYS.index(day) for day in days),
        _clock(start),
        time(0) if end == "24:00" else _clock(end),
    )


def _clock(text: Any) -> time:
    # YAML reads an unquoted 17:00 as the number 1020.
    if not isinstance(text, str) or not re.fullmatch(r"\d\d:\d\d", text, re.ASCII):
        raise ValueError(f"duty: {text!r} is not a time in quotes like '08:00'")
    return time.fromisoformat(text)
