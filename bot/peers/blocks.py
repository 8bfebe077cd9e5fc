"""Blocks: a member gets nothing more from another one; that one does not learn of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata

blocks = sa.Table(
    "peer_blocks",
    metadata,
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), primary_key=True),
    sa.Column("author_id", BigId, sa.ForeignKey("peer_members.id"), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)


def put(conn: sa.Connection, member_id: int, author_id: int, now: datetime) -> None:
    """From now on nothing of the author reaches the member."""
    row: dict[str, object] = {"member_id": member_id, "author_id": author_id, "at": now}
    insert_new(conn, blocks, [row], "member_id", "author_id")
