"""The team at this moment: what each has done today, and who has waited longest for any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.caselog import caselog
from bot.cases import OPEN, cases
from bot.db import Moment

BEGINS = ("opened", "reopened", "returned", "wrote")  # from one of these on a person waits
ENDS = ("replied", "closed")


@dataclass(frozen=True)
class Queue:
    """The untaken cases of one priority: the one that has waited longest, since when, how many."""

    priority: int
    case_id: int
    since: datetime
    waiting: int


def answered(conn: sa.Connection, since: datetime) -> dict[int, int]:
    """In how many cases each of staff (by id) has answered since then."""
    query = (
        sa.select(caselog.c.staff_id, sa.func.count(sa.distinct(caselog.c.case_id)))
        .join(cases, cases.c.id == caselog.c.case_id)
        # The log has no index by time; what was answered was touched, and that has one.
        .where(cases.c.touched_at >= since, caselog.c.at >= since, caselog.c.what == "replied")
        .group_by(caselog.c.staff_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def queues(conn: sa.Connection) -> list[Queue]:
    """Where somebody waits, the most urgent priority first.

    A person waits since they came or wrote and nobody answered; a case that came back after weeks
    has not waited for weeks.
    """
    untaken = sa.and_(OPEN, cases.c.taken_at.is_(None))
    ended = (
        sa.select(caselog.c.case_id, sa.func.max(caselog.c.id).label("id"))
        .join(cases, cases.c.id == caselog.c.case_id)
        .where(untaken, caselog.c.what.in_(ENDS)).group_by(caselog.c.case_id)
        .subquery()
    )  # fmt: skip
    begun = sa.and_(
        caselog.c.case_id == cases.c.id, caselog.c.what.in_(BEGINS),
        caselog.c.id > sa.func.coalesce(ended.c.id, 0),
    )  # fmt: skip
    since = sa.func.coalesce(sa.func.min(caselog.c.at), cases.c.opened_at, type_=Moment)
    waits = (
        sa.select(cases.c.priority, cases.c.id, since.label("since"))
        .outerjoin(ended, ended.c.case_id == cases.c.id).outerjoin(caselog, begun)
        .where(untaken).group_by(cases.c.priority, cases.c.id, cases.c.opened_at)
        .subquery()
    )  # fmt: skip
    same = waits.c.priority
    place = sa.func.row_number().over(partition_by=same, order_by=(waits.c.since, waits.c.id))
    ranked = sa.select(
        *waits.c, place.label("place"), sa.func.count().over(partition_by=same).label("waiting")
    ).subquery()
    rows = conn.execute(
        sa.select(ranked).where(ranked.c.place == 1).order_by(ranked.c.priority)
    )
    return [Queue(row.priority, row.id, row.since, row.waiting) for row in rows]
