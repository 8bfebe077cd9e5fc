"""Members as staff see them: by the name they have in a group. No way leads from here to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.dialogue.peers.world import Standing
from bot.peers.decisions import decisions
from bot.peers.groups import groups
from bot.peers.members import ACTIVE, members

PAGE = 50
MOST = 20  # groups of one person, relays of a group

Row = sa.Row[tuple[Any, ...]]


def roll(
    conn: sa.Connection, group_id: int, *, find: str = "", page: int = 0
) -> list[Row]:
    """Members by name; those out of the group last. One more than PAGE when there are more."""
    out = sa.case((ACTIVE, 0), else_=1)
    m = members.c
    # Who asked to be forgotten has no name any more.
    query = _without_person().where(m.group_id == group_id, m.name != "-")
    if find:
        query = query.where(sa.func.lower(m.name).contains(find.lower(), autoescape=True))
    else:
        query = query.where(sa.or_(ACTIVE, m.standing != Standing.LEFT.value))
    ordered = query.order_by(out, sa.func.lower(m.name), m.id)
    return list(conn.execute(ordered.limit(PAGE + 1).offset(page * PAGE)))


def relays(conn: sa.Connection, group_id: int, now: datetime) -> list[tuple[Row, int]]:
    """The relays of the group, and how often each did something for it since they joined."""
    m, d = members.c, decisions.c
    done = (
        sa.select(sa.func.count()).select_from(decisions)
        .where(d.relay_id == m.id, d.at >= m.joined_at).scalar_subquery()
    )  # fmt: skip
    query = (
        _without_person().add_columns(done.label("done"))
        .where(m.group_id == group_id, ACTIVE, m.relay_until > now)
        .order_by(m.relay_until, m.id).limit(MOST)
    )  # fmt: skip
    return [(row, row.done) for row in conn.execute(query)]


def _without_person() -> sa.Select[Any]:
    """A member as staff see them: there is no way from here to the person."""
    m = members.c
    return sa.select(m.id, m.group_id, m.name, m.standing, m.until, m.silenced_until, m.warned,
                     m.approved, m.relay_until, m.on_call, m.joined_at, m.left_at)  # fmt: skip


def one(conn: sa.Connection, member_id: int) -> Row | None:
    """One member, the same way."""
    return conn.execute(_without_person().where(members.c.id == member_id)).first()


def names(conn: sa.Connection, member_ids: Iterable[int | None]) -> dict[int, str]:
    """By member id: the name in the group."""
    wanted = {id for id in member_ids if id is not None}
    query = sa.select(members.c.id, members.c.name).where(members.c.id.in_(wanted))
    return {row.id: row.name for row in conn.execute(query)} if wanted else {}


def of_person(conn: sa.Connection, person_id: int) -> Sequence[Row]:
    """The groups that a person is or was in, and under which name; for whoever helps them."""
    m, g = members.c, groups.c
    query = (
        _without_person().add_columns(g.tag, g.sector, g.region)
        .join(groups, g.id == m.group_id)
        .where(m.person_id == person_id).order_by(m.standing, m.id).limit(MOST)
    )  # fmt: skip
    return conn.execute(query).all()
