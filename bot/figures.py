"""Figures: how many needs came in a period, how fast they were answered, and how well.

A case belongs to the day of its opening. First answer: `replied_at - opened_at`. Solved:
`closed_at - opened_at` less the seconds in which the person had to answer. Times are seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import smallcells
from bot.cases import cases
from bot.period import Slot

MOST = 20_000  # cases in one reading; of more, the newest
PLAIN = ("id", "priority", "urgency", "reason", "language", "region", "channel", "opened_at",
         "replied_at", "closed_at", "outcome", "rating", "reopened")  # fmt: skip  # as they are


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What figures know of a case. `first` and `solved`: seconds until the first answer and until
    the closing; None while there is none."""

    id: int
    priority: int
    urgency: str | None
    reason: str
    language: str
    region: str | None
    channel: str
    opened_at: datetime
    replied_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    outcome: str | None
    rating: bool | None
    reopened: int
    first: float | None
    solved: float | None


BREAKDOWNS: dict[str, Callable[[Case], object]] = {
    "priority": lambda case: case.priority,
    "class": lambda case: case.urgency or case.reason,
    "language": lambda case: case.language,
    "region": lambda case: case.region,
    "channel": lambda case: case.channel,
    "outcome": lambda case: case.outcome,
}


@dataclass(frozen=True)
class Times:
    """The median and the 90th percentile; None where nothing (or too little) was measured."""

    median: float | None
    ninth: float | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """The cases that share a value; counts as texts, shares from 0 to 1 or None."""

    name: object  # the value; None where it is not known
    cases: str
    first: Times
    solved: Times
    in_time: float | None
    good: float | None
    reopened: str


def opened(
    conn: sa.Connection, since: datetime, now: datetime, limit: int = MOST
) -> tuple[list[Case], bool]:
    """The cases opened since then, newest first; and whether there are more than `limit`."""
    columns = (*PLAIN, "due_at", "in_time", "waited")
    query = (
        sa.select(*(cases.c[name] for name in columns))
        # What was opened was touched too, and that has an index.
        .where(cases.c.opened_at >= since, cases.c.touched_at >= since)
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(limit + 1)
    )  # fmt: skip
    rows = conn.execute(query).all()
    return [_case(row, now) for row in rows[:limit]], len(rows) > limit


def _case(row: sa.Row[Any], now: datetime) -> Case:
    plain = {name: getattr(row, name) for name in PLAIN}
    first = solved = None
    if row.replied_at is not None:
        first = (row.replied_at - row.opened_at).total_seconds()
    if row.closed_at is not None:
        solved = max((row.closed_at - row.opened_at).total_seconds() - row.waited, 0.0)
    return Case(first=first, solved=solved, in_time=_in_time(row, now), **plain)


def _in_time(row: sa.Row[Any], now: datetime) -> bool | None:
    """Whether the first answer came in time. One that is overdue did not: what nobody answered
    must not look better than what was answered late."""
    unanswered = row.replied_at is None and row.closed_at is None and row.due_at is not None
    if row.in_time is None and unanswered and row.due_at < now:
        return False
    found: bool | None = row.in_time
    return found


def broken_down(read: Sequence[Case], by: str, *, exact: bool) -> list[Group]:
    """The cases by one of BREAKDOWNS, most cases first. `exact`: also what points at somebody."""
    parts: dict[object, list[Case]] = {}
    for case in read:
        parts.setdefault(BREAKDOWNS[by](case), []).append(case)
    # Small groups in the order of their names: their order must not tell their sizes.
    floor = smallcells.least(exact=exact) - 1
    names = sorted(parts, key=lambda name: (-max(len(parts[name]), floor), str(name)))
    if by == "priority":
        names.sort(key=str)
    return _groups([(name, parts[name]) for name in names], exact=exact)


def total(read: Sequence[Case], *, exact: bool) -> Group:
    """All cases as one group."""
    return _groups([(None, read)], exact=exact)[0]


def _groups(parts: Sequence[tuple[object, Sequence[Case]]], *, exact: bool) -> list[Group]:
    counts = smallcells.texts([len(part) for _, part in parts], exact=exact)
    twice = [sum(case.reopened > 0 for case in part) for _, part in parts]
    reopened = smallcells.texts(twice, exact=exact)
    least = smallcells.least(exact=exact)
    return [
        Group(
            name=name, cases=count, reopened=again if len(part) >= least else "",
            first=_times((case.first for case in part), least),
            solved=_times((case.solved for case in part), least),
            in_time=_share((case.in_time for case in part), least),
            good=_share((case.rating for case in part), least),
        )
        for (name, part), count, again in zip(parts, counts, reopened, strict=True)
    ]  # fmt: skip


def _times(seconds: Iterable[float | None], least: int) -> Times:
    known = sorted(s for s in seconds if s is not None)
    if len(known) < least:
        return Times(None, None)
    return Times(percentile(known, 0.5), percentile(known, 0.9))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the ordered ones do not exceed, between neighbours in a straight
    line. Raises IndexError for none."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _share(answers: Iterable[bool | None], least: int) -> float | None:
    known = [answer for answer in answers if answer is not None]
    return sum(known) / len(known) if len(known) >= least else None


def by_slot(read: Sequence[Case], slots: Sequence[Slot]) -> list[list[Case]]:
    """The cases of each slot; none of them was opened before the first slot."""
    starts = [slot.since for slot in slots]
    found: list[list[Case]] = [[] for _ in slots]
    for case in read:
        found[bisect_right(starts, case.opened_at) - 1].append(case)
    return found


def weekly(read: Sequence[Case], weeks: Sequence[Slot], *, exact: bool) -> list[Times]:
    """The first answers to the cases of each week."""
    least = smallcells.least(exact=exact)
    return [_times((case.first for case in part), least) for part in by_slot(read, weeks)]
