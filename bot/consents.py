"""Consents: what a person allowed or withdrew, when, where and under which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("purpose", sa.String(32), nullable=False),  # messages, later: survey, referral …
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
