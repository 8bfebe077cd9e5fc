"""Consents: what a person allowed or withdrew, when, where and under which words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("purpose", sa.String(32), nullable=False),  # messages, learning, referral:<id> …
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("at", Moment, nullable=False),
)


def put(
    conn: sa.Connection, *, person_id: int, purpose: str, given: bool, language: str, channel: str,
    now: datetime,
) -> None:  # fmt: skip
    """Appends to the log; nothing in it is ever changed."""
    conn.execute(
        consents.insert(),
        {"person_id": person_id, "purpose": purpose, "given": given, "language": language,
         "channel": channel, "at": now},
    )  # fmt: skip


def of(conn: sa.Connection, person_id: int) -> list[sa.Row[Any]]:
    """The person's log, oldest first."""
    query = sa.select(consents).where(consents.c.person_id == person_id)
    return list(conn.execute(query.order_by(consents.c.id)))


def latest(conn: sa.Connection, person_ids: Iterable[int], purpose: str) -> dict[int, bool]:
    """By person id: what they said last about this purpose; missing: they were never asked."""
    query = sa.select(consents.c.person_id, consents.c.given).where(
        consents.c.person_id.in_(list(person_ids)), consents.c.purpose == purpose
    )
    rows = conn.execute(query.order_by(consents.c.at, consents.c.id))
    return {row.person_id: row.given for row in rows}
