"""Cases: a period of human interaction with a person, with a priority and a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

# Until when a person of ours should have answered; the reasons are in the README.
TARGET = {0: timedelta(minutes=15), 1: timedelta(hours=24), 2: timedelta(days=3)}

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("urgency", sa.String(32)),  # a class of the taxonomy
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("region", sa.String(8)),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
)
_unclosed = sa.text("closed_at IS NULL")
# One open case a person: a second cry joins the first instead of splitting the story.
sa.Index(
    "uq_cases_open", cases.c.person_id, unique=True,
    sqlite_where=_unclosed, postgresql_where=_unclosed,
)  # fmt: skip
sa.Index(
    "ix_cases_queue", cases.c.priority, cases.c.due_at,
    sqlite_where=_unclosed, postgresql_where=_unclosed,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What is known when a case opens."""

    person_id: int
    reason: str  # urgent · asked · not_understood · failed_turn
    urgency: str | None
    priority: int
    language: str
    region: str | None
    channel: str


def open_case(conn: sa.Connection, new: NewCase, now: datetime) -> int:
    """Opens a case, or raises the person's open one to the higher priority; returns its id."""
    due = now + TARGET[new.priority]
    found = conn.execute(
        sa.select(cases.c.id, cases.c.priority, cases.c.urgency, cases.c.due_at)
        .where(cases.c.person_id == new.person_id, sa.text("closed_at IS NULL"))
        .with_for_update()
    ).first()
    if found is None:
        row = {**vars(new), "opened_at": now, "due_at": due}
        return int(conn.execute(cases.insert().returning(cases.c.id), row).scalar_one())
    if new.priority < found.priority or (new.urgency and not found.urgency):
        conn.execute(
            cases.update().where(cases.c.id == found.id).values(
                priority=min(new.priority, found.priority),
                urgency=new.urgency or found.urgency,
                reason=new.reason,
                due_at=min(due, found.due_at),
            )
        )
    return int(found.id)


def waiting(conn: sa.Connection, limit: int = 100) -> list[sa.Row[tuple[object, ...]]]:
    """Open cases, the most urgent and the longest overdue first."""
    return list(conn.execute(
        sa.select(cases).where(sa.text("closed_at IS NULL"))
        .order_by(cases.c.priority, cases.c.due_at).limit(limit)
    ))  # fmt: skip


def has_open(conn: sa.Connection, person_id: int) -> bool:
    """True while somebody of ours still owes this person an answer."""
    query = sa.select(cases.c.id).where(
        cases.c.person_id == person_id, sa.text("closed_at IS NULL")
    )
    return conn.execute(query.limit(1)).first() is not None
