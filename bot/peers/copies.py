"""Copies: the outbox rows that carry posts to members; those still waiting can be stopped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.channels import limits
from bot.events import RANK, Lane, Status
from bot.outbox import outbox
from bot.peers import missed
from bot.peers.members import Row, members
from bot.rendering import gsm7

WAITING = (Status.QUEUED.value, Status.AWAITING_RETRY.value)
_BULK = sa.and_(sa.text("outbox.rank = 0"), outbox.c.lane == Lane.BULK.value)


def stop_post(
    conn: sa.Connection, post_id: int, group_id: int, now: datetime, *, returns: bool
) -> None:
    """The post was taken back, or taken out and then perhaps `returns`: whoever has not got it
    does not get it. A digest that says it is written anew for its member."""
    o = outbox.c
    singles = sa.and_(o.key >= f"post:{post_id}:", o.key < f"post:{post_id};")
    stopped = [_member(row) for row in _stop(conn, singles)]
    digests = conn.execute(
        sa.select(o.id, o.part).where(
            _BULK, o.key >= "digest:", o.key < "digest;", o.status.in_(WAITING),
            o.person_id.in_(sa.select(members.c.person_id).where(members.c.group_id == group_id)),
        )
    )  # fmt: skip
    saying = [row.id for row in digests if post_id in row.part.get("posts", ())]
    for row in _stop(conn, o.id.in_(saying)) if saying else ():
        stopped.append(_member(row))
        others = set(row.part["posts"]) - {post_id}
        missed.put(conn, [(_member(row), id) for id in others])
        _anew(conn, row, now)
    if returns:
        missed.put(conn, [(member, post_id) for member in stopped])


def stop_member(conn: sa.Connection, row: Row) -> None:
    """The member is out of the group: what waits for them does not go any more."""
    o = outbox.c
    _stop(conn, sa.and_(
        o.person_id == row.person_id, _BULK,
        sa.or_(o.key.like(f"post:%:{row.id}"), o.key.like(f"post:%:{row.id}:%"),
               o.key.like(f"digest:{row.id}:%")),
    ))  # fmt: skip


def _member(row: Row) -> int:
    """Whose copy it is: the keys are post:<post>:<member>… and digest:<member>:…"""
    kind, first, second = row.key.split(":")[:3]
    return int(second if kind == "post" else first)


def _anew(conn: sa.Connection, row: Row, now: datetime) -> None:
    """The member's digest is due once more, and what this one cost is theirs again."""
    m = members.c
    mine = members.update().where(m.id == _member(row))
    conn.execute(mine.values(due_at=now))
    if limits(row.channel).digests:
        spent = m.spent - gsm7.segments(row.part["text"])
        conn.execute(mine.where(m.month == f"{row.created_at:%Y-%m}").values(spent=spent))


def _stop(conn: sa.Connection, theirs: sa.ColumnElement[bool]) -> list[Row]:
    """Stops those of these that wait, and returns them."""
    o = outbox.c
    done = conn.execute(
        outbox.update().where(theirs, o.status.in_(WAITING))
        .values(status=Status.ABORTED.value, rank=RANK[Status.ABORTED])
        .returning(o.key, o.part, o.channel, o.created_at)
    )  # fmt: skip
    return sorted(done.all(), key=lambda row: row.key)
