"""Copies: the outbox rows that carry a post to its members; those still waiting can be stopped."""

from __future__ import annotations

import sqlalchemy as sa

from bot.events import RANK, Lane, Status
from bot.outbox import outbox
from bot.peers.members import Row

WAITING = (Status.QUEUED.value, Status.AWAITING_RETRY.value)


def stop_post(conn: sa.Connection, post_id: int) -> None:
    """The post was taken back or taken out: whoever has not got it does not get it."""
    theirs = sa.and_(outbox.c.key >= f"post:{post_id}:", outbox.c.key < f"post:{post_id};")
    _stop(conn, theirs)


def stop_member(conn: sa.Connection, row: Row) -> None:
    """The member is out of the group: what waits for them does not go any more."""
    theirs = sa.and_(
        outbox.c.person_id == row.person_id, sa.text("outbox.rank = 0"),
        outbox.c.lane == Lane.BULK.value,
        sa.or_(outbox.c.key.like(f"post:%:{row.id}"), outbox.c.key.like(f"post:%:{row.id}:%"),
               outbox.c.key.like(f"digest:{row.id}:%")),
    )  # fmt: skip
    _stop(conn, theirs)


def _stop(conn: sa.Connection, theirs: sa.ColumnElement[bool]) -> None:
    conn.execute(
        outbox.update().where(theirs, outbox.c.status.in_(WAITING))
        .values(status=Status.ABORTED.value, rank=RANK[Status.ABORTED])
    )  # fmt: skip
