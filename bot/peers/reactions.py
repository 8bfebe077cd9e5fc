"""Reactions: a member likes a post or thanks for it, once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata
from bot.peers import posts

COUNTERS = {"like": "likes", "thanks": "thanks"}

reactions = sa.Table(
    "peer_reactions",
    metadata,
    sa.Column("post_id", BigId, sa.ForeignKey("peer_posts.id"), primary_key=True),
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)


def put(conn: sa.Connection, post_id: int, member_id: int, kind: str, now: datetime) -> bool:
    """Notes the reaction; False if it is there already."""
    row: dict[str, object] = {"post_id": post_id, "member_id": member_id, "kind": kind, "at": now}
    new = insert_new(conn, reactions, [row], "post_id", "member_id", "kind") == 1
    if new:
        posts.add(conn, post_id, **{COUNTERS[kind]: 1})
    return new
