"""Questions to the bot: how many it answered, and how its answers were rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot import smallcells
from bot.caselog import caselog
from bot.cases import cases
from bot.db import Moment
from bot.inbox import inbox
from bot.period import Slot
from bot.ratings import ratings
from bot.readings import readings

TAKEN, OVER = "taken", ("assigned", "closed", "left", "merged", "reopened", "returned")


@dataclass(frozen=True)
class Asked:
    """What people asked the bot in a slot, and how often it did not understand them."""

    slot: Slot
    answered: int
    missed: int

    @property
    def share(self) -> float | None:
        """Answered of all; None when nobody asked."""
        asked = self.answered + self.missed
        return self.answered / asked if asked else None


@dataclass(frozen=True)
class Topic:
    """How an answer of the library was rated: how often, and the share that it helped."""

    topic: str
    ratings: str
    useful: float | None


def asked(conn: sa.Connection, slots: Sequence[Slot]) -> list[Asked]:
    """Questions to the bot by slot. What somebody writes to a counsellor is none, nor is a cry
    for help; greetings and the like, when they are understood, are none either."""
    edges = sa.values(
        sa.column("slot", sa.Integer), sa.column("since", Moment), sa.column("until", Moment),
        name="edges",
    ).data([(i, slot.since, slot.until) for i, slot in enumerate(slots)]).cte("slots")  # fmt: skip
    answered = sa.and_(readings.c.understood, readings.c.intent.startswith("ask_", autoescape=True))
    # A case forgets its first talk when it is opened again; its log does not.
    lately = (
        sa.select(caselog.c.what)
        .join(cases, cases.c.id == caselog.c.case_id)
        .where(cases.c.person_id == inbox.c.person_id, caselog.c.at <= inbox.c.received_at,
               caselog.c.what.in_((TAKEN, *OVER)))
        .order_by(caselog.c.id.desc())
        .limit(1)
        .correlate(inbox)
        .scalar_subquery()
    )  # fmt: skip
    query = (
        sa.select(
            edges.c.slot, sa.func.sum(sa.case((answered, 1), else_=0)),
            sa.func.sum(sa.case((readings.c.understood, 0), else_=1)),
        )
        .select_from(edges)
        .join(inbox, sa.and_(inbox.c.received_at >= edges.c.since,
                             inbox.c.received_at < edges.c.until))
        .join(readings, readings.c.event_id == inbox.c.id)
        .where(readings.c.urgency.is_(None), sa.func.coalesce(lately, "") != TAKEN)
        .group_by(edges.c.slot)
    )  # fmt: skip
    counts = {row[0]: (int(row[1]), int(row[2])) for row in conn.execute(query)}
    return [Asked(slot, *counts.get(i, (0, 0))) for i, slot in enumerate(slots)]


def rated(conn: sa.Connection, since: datetime, *, exact: bool) -> list[Topic]:
    """The topics whose answers people rated since then, most ratings first."""
    count, useful = sa.func.count(), sa.func.sum(sa.case((ratings.c.useful, 1), else_=0))
    rows = conn.execute(
        sa.select(ratings.c.topic, count, useful).where(ratings.c.at >= since)
        .group_by(ratings.c.topic).order_by(count.desc(), ratings.c.topic)
    ).all()  # fmt: skip
    counts = smallcells.texts([n for _, n, _ in rows], exact=exact)
    least = smallcells.least(exact=exact)
    return [
        Topic(topic, text, int(good) / n if n >= least else None)
        for (topic, n, good), text in zip(rows, counts, strict=True)
    ]
