"""Ratings: whether an answer helped, without the person behind it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("topic", sa.String(48), nullable=False, index=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("useful", sa.Boolean, nullable=False),
    sa.Column("at", Moment, nullable=False),
)


def put(
    conn: sa.Connection, *, key: str, topic: str, language: str, channel: str, useful: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Stores one rating."""
    conn.execute(
        ratings.insert(),
        {"key": key, "topic": topic, "language": language, "channel": channel, "useful": useful,
         "at": now},
    )  # fmt: skip
