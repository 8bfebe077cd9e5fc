"""Invitations: a code on a poster or from a relay that leads into one group."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
LENGTH = 6
LIVES = timedelta(days=60)

invitations = sa.Table(
    "peer_invitations",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("code", sa.String(8), nullable=False, unique=True),
    sa.Column("group_id", BigId, sa.ForeignKey("peer_groups.id"), nullable=False),
    sa.Column("staff_id", BigId),  # who made it: of staff,
    sa.Column("member_id", BigId),  # or a relay
    sa.Column("used", sa.Integer, nullable=False, server_default="0"),
    sa.Column("until", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)


def new(
    conn: sa.Connection, group_id: int, now: datetime, *, staff_id: int | None = None,
    member_id: int | None = None,
) -> tuple[str, datetime]:  # fmt: skip
    """A new code and until when it works. It has a digit, so that no trade is spelled so."""
    code = ""
    while not any(c.isdigit() for c in code):
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    until = now + LIVES
    conn.execute(invitations.insert(), {
        "code": code, "group_id": group_id, "staff_id": staff_id, "member_id": member_id,
        "until": until, "created_at": now,
    })  # fmt: skip
    return code, until


def groups_of(conn: sa.Connection, codes: Iterable[str], now: datetime) -> dict[str, int]:
    """By code: the group it opens; codes that do not work are left out."""
    wanted = list(codes)
    if not wanted:
        return {}
    query = sa.select(invitations.c.code, invitations.c.group_id).where(
        invitations.c.code.in_(wanted), invitations.c.until > now
    )
    return {row.code: row.group_id for row in conn.execute(query)}


def of_group(
    conn: sa.Connection, group_id: int, now: datetime, limit: int = 20
) -> Sequence[sa.Row[tuple[Any, ...]]]:
    """The codes that work now, the newest first."""
    i = invitations.c
    query = sa.select(invitations).where(i.group_id == group_id, i.until > now)
    return conn.execute(query.order_by(i.id.desc()).limit(limit)).all()


def use(conn: sa.Connection, code: str, group_id: int, now: datetime) -> int | None:
    """Counts a member it brought; returns its id."""
    return conn.execute(
        invitations.update()
        .where(invitations.c.code == code, invitations.c.group_id == group_id,
               invitations.c.until > now)
        .values(used=invitations.c.used + 1).returning(invitations.c.id)
    ).scalar()  # fmt: skip
