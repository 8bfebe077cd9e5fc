"""Wishes: who would join a group that does not exist yet, and is told when it opens."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata
from bot.dialogue.peers.world import Event, Group, News
from bot.peers import news

wishes = sa.Table(
    "peer_wishes",
    metadata,
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("sector", sa.String(32), primary_key=True),
    sa.Column("region", sa.String(8)),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("at", Moment, nullable=False),
)


def put(
    conn: sa.Connection, person_id: int, sector: str, *, region: str | None, language: str,
    now: datetime,
) -> None:  # fmt: skip
    row: dict[str, object] = {"person_id": person_id, "sector": sector, "region": region,
                              "language": language, "at": now}  # fmt: skip
    insert_new(conn, wishes, [row], "person_id", "sector")


def count(conn: sa.Connection) -> dict[str, int]:
    """How many wait for a group, by sector."""
    query = sa.select(wishes.c.sector, sa.func.count()).group_by(wishes.c.sector)
    return {row[0]: row[1] for row in conn.execute(query)}


def fulfil(conn: sa.Connection, group: Group, now: datetime) -> int:
    """A group has opened: those who wished for it are told once; returns how many."""
    fits = wishes.c.sector == group.sector
    if group.region:
        fits &= sa.or_(wishes.c.region == group.region, wishes.c.region.is_(None))
    found = list(conn.scalars(sa.select(wishes.c.person_id).where(fits)))
    told = News(event=Event.OPENED, group=group.id, sector=group.sector)
    for person_id in found:
        news.tell(conn, person_id, f"opened:{group.id}:{person_id}", told, now)
    conn.execute(wishes.delete().where(wishes.c.person_id.in_(found), fits))
    return len(found)
