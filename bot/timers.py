"""Timers: something that falls due becomes an event in the inbox, like everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.events import Kind
from bot.inbox import inbox

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("body", Json, nullable=False),  # what the event will say: {"purpose": …}
    sa.Column("fired", sa.Boolean, nullable=False, server_default=sa.false()),
)
# SQLite writes a boolean as 0, PostgreSQL as false: the two spell the same condition.
sa.Index(
    "ix_timers_waiting", timers.c.due_at,
    sqlite_where=sa.text("fired = 0"), postgresql_where=sa.text("fired = false"),
)  # fmt: skip


@dataclass(frozen=True)
class Timer:
    """A timer to be set; one with the same key changes nothing."""

    key: str
    person_id: int
    due_at: datetime
    body: dict[str, Any]


def put(conn: sa.Connection, new: Sequence[Timer]) -> None:
    """Sets timers."""
    insert_new(conn, timers, [vars(t) for t in new], "key")


def ring(conn: sa.Connection, now: datetime, limit: int = 500) -> int:
    """Turns timers that are due into inbox events; returns how many."""
    due = conn.execute(
        sa.select(timers)
        .where(timers.c.fired == sa.false(), timers.c.due_at <= now)
        .order_by(timers.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if due:
        insert_new(
            conn, inbox,
            [{"channel": "timer", "external_id": t.key, "kind": Kind.DUE.value,
              "person_id": t.person_id, "body": t.body, "received_at": now} for t in due],
            "channel", "external_id",
        )  # fmt: skip
        conn.execute(
            timers.update().where(timers.c.id.in_([t.id for t in due])).values(fired=True)
        )
    return len(due)
