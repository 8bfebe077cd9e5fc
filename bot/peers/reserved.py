"""Reserved names: one that somebody had in a group is nobody else's for a year, so that nobody
passes for who was there before."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata

KEPT = timedelta(days=365)

reserved = sa.Table(
    "peer_reserved_names",
    metadata,
    sa.Column("group_id", BigId, sa.ForeignKey("peer_groups.id"), primary_key=True),
    sa.Column("name_key", sa.String(32), primary_key=True),
    # Who may have it back; NULL: nobody, they asked to be forgotten.
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), index=True),
    sa.Column("until", Moment, nullable=False),
)


def put(
    conn: sa.Connection, group_id: int, key: str, member_id: int | None, until: datetime
) -> None:
    """Keeps the name until then."""
    row: dict[str, object] = {
        "group_id": group_id, "name_key": key, "member_id": member_id, "until": until
    }  # fmt: skip
    release(conn, group_id, key)
    insert_new(conn, reserved, [row], "group_id", "name_key")


def by_others(
    conn: sa.Connection, group_id: int, key: str, member_id: int, now: datetime
) -> bool:
    """Whether the name is kept for somebody else than this member."""
    r = reserved.c
    query = sa.select(r.name_key).where(
        r.group_id == group_id, r.name_key == key, r.until > now,
        sa.or_(r.member_id.is_(None), r.member_id != member_id),
    )  # fmt: skip
    return conn.execute(query).first() is not None


def release(conn: sa.Connection, group_id: int, key: str) -> None:
    """Somebody has the name now: their membership keeps it."""
    r = reserved.c
    conn.execute(reserved.delete().where(r.group_id == group_id, r.name_key == key))


def forget(conn: sa.Connection, member_id: int) -> None:
    """Nothing tells any more whose the names were; they stay taken as long."""
    conn.execute(
        reserved.update().where(reserved.c.member_id == member_id).values(member_id=None)
    )


def purge(conn: sa.Connection, now: datetime) -> None:
    conn.execute(reserved.delete().where(reserved.c.until <= now))
