"""Groups: one peer network for a sector, a region or the whole country, and one language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.dialogue.peers.world import Group
from bot.screening.rules import Rules, dump, load

TAG = re.compile(r"[a-z][a-z0-9-]{1,30}")

groups = sa.Table(
    "peer_groups",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("tag", sa.String(32), nullable=False, unique=True),
    sa.Column("sector", sa.String(32), nullable=False),
    sa.Column("region", sa.String(8)),  # NULL: the whole country
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("rules", Json, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("members", sa.Integer, nullable=False, server_default="0"),  # active ones
    sa.Column("joined", sa.Integer, nullable=False, server_default="0"),  # ever
    sa.Column("last_number", sa.Integer, nullable=False, server_default="0"),  # of its posts
    sa.Column("pushed", sa.Integer, nullable=False, server_default="0"),  # handed to live members
    sa.Column("waited", sa.Integer, nullable=False, server_default="0"),  # posts, ever
    sa.Column("created_by", BigId),  # of staff; NULL: the demo
    sa.Column("created_at", Moment, nullable=False),
)
# What the fan-out looks for: literals, so that both engines use it.
_behind = sa.text("pushed < last_number")
sa.Index("ix_peer_groups_behind", groups.c.id, sqlite_where=_behind, postgresql_where=_behind)


@dataclass(frozen=True, kw_only=True)
class NewGroup:
    """A group to be opened."""

    tag: str
    sector: str
    region: str | None
    language: str
    rules: Rules


def open_group(
    conn: sa.Connection, new: NewGroup, now: datetime, *, staff_id: int | None = None
) -> int | None:
    """Opens a group and returns its id; None when the tag is taken or no tag."""
    if not TAG.fullmatch(new.tag):
        return None
    row: dict[str, object] = {
        "tag": new.tag, "sector": new.sector, "region": new.region, "language": new.language,
        "rules": dump(new.rules), "created_by": staff_id, "created_at": now,
    }  # fmt: skip
    if insert_new(conn, groups, [row], "tag") != 1:
        return None
    return int(conn.execute(sa.select(groups.c.id).where(groups.c.tag == new.tag)).scalar_one())


def as_group(row: sa.Row[tuple[object, ...]]) -> Group:
    """A row as the conversation sees it."""
    return Group(
        id=row.id, tag=row.tag, sector=row.sector, region=row.region, language=row.language,
        members=row.members, joined=row.joined, last=row.last_number, rules=load(row.rules),
        open=row.open,
    )  # fmt: skip


def everyone(conn: sa.Connection, *, closed: bool = False) -> list[Group]:
    """All groups, the first opened first; with closed ones only if asked for."""
    query = sa.select(groups).order_by(groups.c.id)
    return [as_group(row) for row in conn.execute(query) if closed or row.open]


def one(conn: sa.Connection, id: int) -> Group | None:
    row = conn.execute(sa.select(groups).where(groups.c.id == id)).first()
    return as_group(row) if row else None


def lock(conn: sa.Connection, id: int) -> sa.Row[tuple[object, ...]] | None:
    """The row, held until the transaction ends: numbers are given one at a time."""
    return conn.execute(sa.select(groups).where(groups.c.id == id).with_for_update()).first()


def lock_all(conn: sa.Connection, ids: Iterable[int]) -> None:
    """Locks these groups in the order that everybody keeps: groups before members, by id."""
    if wanted := sorted(set(ids)):
        conn.execute(
            sa.select(groups.c.id).where(groups.c.id.in_(wanted)).order_by(groups.c.id)
            .with_for_update()
        )  # fmt: skip


def lock_due(conn: sa.Connection, ids: sa.Select[tuple[int]]) -> list[int]:
    """Locks these groups for reading: nobody takes a post out, or back, until the transaction
    ends. Returns their ids."""
    query = sa.select(groups.c.id).where(groups.c.id.in_(ids)).order_by(groups.c.id)
    return list(conn.scalars(query.with_for_update(read=True)))


def next_number(conn: sa.Connection, id: int) -> int:
    """The number of the next post of the group; the row is held until the transaction ends."""
    return _next(conn, id, groups.c.last_number)


def next_waiting(conn: sa.Connection, id: int) -> int:
    """The same for the next post that waits: by it a relay names the post."""
    return _next(conn, id, groups.c.waited)


def _next(conn: sa.Connection, id: int, counter: sa.Column[int]) -> int:
    done = conn.execute(
        groups.update().where(groups.c.id == id)
        .values({counter: counter + 1}).returning(counter)
    )  # fmt: skip
    return int(done.scalar_one())


def set_rules(conn: sa.Connection, id: int, rules: Rules) -> None:
    conn.execute(groups.update().where(groups.c.id == id).values(rules=dump(rules)))


def set_open(conn: sa.Connection, id: int, *, is_open: bool) -> None:
    conn.execute(groups.update().where(groups.c.id == id).values(open=is_open))


def count(conn: sa.Connection, id: int, *, members: int, joined: int = 0) -> None:
    """Adds to the counters of the group."""
    conn.execute(
        groups.update().where(groups.c.id == id)
        .values(members=groups.c.members + members, joined=groups.c.joined + joined)
    )  # fmt: skip
