"""Reports: a member asks moderators to look at a post; nobody in the group learns who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata
from bot.peers import posts

HIDES = 3  # open reports of different members take a post out until a moderator looks

reports = sa.Table(
    "peer_reports",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("post_id", BigId, sa.ForeignKey("peer_posts.id"), nullable=False),
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), nullable=False),
    sa.Column("why", sa.String(16), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    sa.UniqueConstraint("post_id", "member_id"),
)
_open = sa.text("done_at IS NULL")
sa.Index("ix_peer_reports_open", reports.c.post_id, sqlite_where=_open, postgresql_where=_open)


def put(conn: sa.Connection, post_id: int, member_id: int, why: str, now: datetime) -> bool:
    """Notes the report; the second one of the same member changes nothing (False)."""
    row: dict[str, object] = {"post_id": post_id, "member_id": member_id, "why": why, "at": now}
    new = insert_new(conn, reports, [row], "post_id", "member_id") == 1
    if new:
        posts.add(conn, post_id, reports=1)
    return new


def of_post(conn: sa.Connection, post_id: int) -> Sequence[sa.Row[tuple[Any, ...]]]:
    """The open reports of a post: why and when, never who."""
    query = sa.select(*(reports.c[name] for name in ("why", "at"))).where(
        reports.c.post_id == post_id, reports.c.done_at.is_(None)
    )
    return conn.execute(query.order_by(reports.c.id)).all()


def settle(conn: sa.Connection, post_id: int, now: datetime) -> None:
    """A moderator has looked at the post."""
    conn.execute(
        reports.update().where(reports.c.post_id == post_id, reports.c.done_at.is_(None))
        .values(done_at=now)
    )  # fmt: skip
    conn.execute(posts.posts.update().where(posts.posts.c.id == post_id).values(reports=0))
