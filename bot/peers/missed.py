"""Missed: posts that passed a member by while they were taken out, or whose copy was stopped. When
such a post is out again, the member's next digest brings it, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, insert_from, insert_new, metadata
from bot.peers.posts import TEXTS, State, posts

missed = sa.Table(
    "peer_missed",
    metadata,
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), primary_key=True),
    sa.Column("post_id", BigId, sa.ForeignKey("peer_posts.id"), primary_key=True),
)

# Taken out after others had it, and may come back: by a moderator, or by an appeal.
AWAY = sa.and_(
    posts.c.number.is_not(None),
    posts.c.state.in_((State.HIDDEN.value, State.DECLINED.value)),
)


def put(conn: sa.Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Notes pairs of a member and a post."""
    rows: list[dict[str, object]] = [
        {"member_id": member, "post_id": post} for member, post in sorted(set(pairs))
    ]
    insert_new(conn, missed, rows, "member_id", "post_id")


def away(conn: sa.Connection, group_id: int, after: int, last: int) -> list[int]:
    """The posts of the group with these numbers that are taken out now."""
    query = sa.select(posts.c.id).where(
        posts.c.group_id == group_id, posts.c.number > after, posts.c.number <= last, AWAY
    )
    return list(conn.scalars(query))


def pass_by(
    conn: sa.Connection, post_id: int, member_ids: sa.Select[tuple[int]]
) -> None:
    """The pointers of these members go past a post that is taken out."""
    query = member_ids.add_columns(sa.literal(post_id, BigId))
    insert_from(conn, missed, ("member_id", "post_id"), query, "member_id", "post_id")


def back() -> sa.Select[tuple[int, int]]:
    """Members and posts that they missed and that are out again."""
    return (
        sa.select(missed.c.member_id, missed.c.post_id)
        .join(posts, posts.c.id == missed.c.post_id)
        .where(posts.c.state == State.OUT.value)
    )


def brought(conn: sa.Connection, member_id: int) -> None:
    """What was out again has been handed over."""
    out = sa.select(posts.c.id).where(posts.c.state == State.OUT.value)
    conn.execute(
        missed.delete().where(missed.c.member_id == member_id, missed.c.post_id.in_(out))
    )


def clear(conn: sa.Connection, member_id: int) -> None:
    """The member starts anew: nothing from before is handed over."""
    conn.execute(missed.delete().where(missed.c.member_id == member_id))


def purge(conn: sa.Connection, now: datetime) -> None:
    """Posts of which no words are left do not come any more."""
    old = sa.select(posts.c.id).where(posts.c.created_at < now - TEXTS)
    conn.execute(missed.delete().where(missed.c.post_id.in_(old)))
