"""The register of activities: who works in which trade, where, since when, and what they look for.

With a consent of its own; found by pseudonym inside the network only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.peers.groups import groups
from bot.peers.members import ACTIVE, members

SHOWN = 8  # entries of one look-up

activities = sa.Table(
    "peer_activities",
    metadata,
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("sector", sa.String(32), nullable=False),
    sa.Column("region", sa.String(8)),
    sa.Column("since", sa.SmallInteger, nullable=False),  # a year
    sa.Column("seeks", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)
sa.Index("ix_peer_activities_sector", activities.c.sector, activities.c.region)

Row = sa.Row[tuple[Any, ...]]


def put(
    conn: sa.Connection, person_id: int, *, sector: str, region: str | None, since: int,
    seeks: Sequence[str], now: datetime,
) -> None:  # fmt: skip
    """Records the activity, or what has changed of it."""
    values: dict[str, object] = {"sector": sector, "region": region or None, "since": since,
                                 "seeks": list(seeks), "changed_at": now}  # fmt: skip
    row = {"person_id": person_id, "at": now, **values}
    if insert_new(conn, activities, [row], "person_id") != 1:
        conn.execute(
            activities.update().where(activities.c.person_id == person_id).values(values)
        )


def remove(conn: sa.Connection, person_id: int) -> None:
    conn.execute(activities.delete().where(activities.c.person_id == person_id))


def find(
    conn: sa.Connection, person_id: int, sector: str, region: str | None
) -> Sequence[Row]:
    """Others in the same trade by the name they have in a group that the asker is in too; those
    of the region first. Each by one name only: two of one person would tell that they are."""
    mine = sa.select(members.c.group_id).where(members.c.person_id == person_id, ACTIVE)
    shared = sa.and_(ACTIVE, members.c.group_id.in_(mine))
    first = sa.select(sa.func.min(members.c.id)).where(shared).group_by(members.c.person_id)
    here = sa.case((activities.c.region == (region or ""), 0), else_=1)
    query = (
        sa.select(activities, members.c.name, groups.c.tag)
        .join(members, members.c.person_id == activities.c.person_id)
        .join(groups, groups.c.id == members.c.group_id)
        .where(activities.c.sector == sector, activities.c.person_id != person_id,
               members.c.id.in_(first))
        .order_by(here, activities.c.since, activities.c.person_id).limit(SHOWN)
    )  # fmt: skip
    return conn.execute(query).all()


def table(conn: sa.Connection) -> Sequence[Row]:
    """How many activities there are by sector and region; whoever shows it hides small cells."""
    query = sa.select(
        activities.c.sector, activities.c.region, sa.func.count().label("count")
    ).group_by(activities.c.sector, activities.c.region)
    return conn.execute(query.order_by(activities.c.sector, activities.c.region)).all()
