"""Members: one person in one group, under one name. Nothing here tells who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.dialogue.peers import names
from bot.dialogue.peers.world import Group, Membership, Mode, Standing
from bot.peers import groups, reserved
from bot.screening.judge import Past

members = sa.Table(
    "peer_members",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("group_id", BigId, sa.ForeignKey("peer_groups.id"), nullable=False),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Column("name_key", sa.String(32), nullable=False),  # names that sound alike are one
    sa.Column("standing", sa.String(8), nullable=False, server_default="active"),
    sa.Column("until", Moment),  # of a ban; NULL: for good
    sa.Column("silenced_until", Moment),
    sa.Column("hushed_until", Moment),  # by themselves
    sa.Column("mode", sa.String(8), nullable=False, server_default="live"),
    sa.Column("band", sa.String(8), nullable=False),  # of age
    sa.Column("approved", sa.Integer, nullable=False, server_default="0"),  # posts that went out
    sa.Column("warned", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("past", Json, nullable=False),  # when they posted lately, and the digests
    sa.Column("relay_until", Moment),
    sa.Column("on_call", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("got", sa.Integer, nullable=False, server_default="0"),  # last number handed over
    sa.Column("got_at", Moment),
    sa.Column("due_at", Moment),  # when waiting posts are to go as a digest
    sa.Column("wants", sa.Boolean, nullable=False, server_default=sa.false()),  # asked for them
    sa.Column("nudged_at", Moment),  # outside WhatsApp's window
    sa.Column("month", sa.String(7)),  # of the SMS segments that `spent` counts
    sa.Column("spent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("joined_at", Moment, nullable=False),
    sa.Column("left_at", Moment),
    sa.Column("invitation_id", BigId),
    sa.UniqueConstraint("group_id", "person_id"),
    sa.UniqueConstraint("group_id", "name_key"),
    # A post moves the pointer of every live member: with room in the page no index is written.
    postgresql_with={"fillfactor": 50},
)
sa.Index(
    "ix_peer_members_due", members.c.due_at,
    sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL"),
)  # fmt: skip

_relay = sa.text("relay_until IS NOT NULL")
sa.Index(
    "ix_peer_members_relay", members.c.relay_until, sqlite_where=_relay, postgresql_where=_relay
)

FORGOTTEN = "-"  # the name of who asked to be forgotten
ACTIVE = members.c.standing == Standing.ACTIVE.value
Row = sa.Row[tuple[Any, ...]]


def of_people(
    conn: sa.Connection, ids: Iterable[int], known: Mapping[int, Group]
) -> dict[int, tuple[Membership, ...]]:
    """By person id: all memberships in the `known` groups, also ended ones."""
    found: dict[int, list[Membership]] = {}
    query = sa.select(members).where(members.c.person_id.in_(list(ids))).order_by(members.c.id)
    for row in conn.execute(query):
        if row.group_id in known:
            found.setdefault(row.person_id, []).append(as_membership(row, known[row.group_id]))
    return {id: tuple(mine) for id, mine in found.items()}


def as_membership(row: Row, group: Group) -> Membership:
    """A row as the conversation sees it."""
    return Membership(
        id=row.id, group=group, name=row.name, standing=Standing(row.standing), until=row.until,
        silenced_until=row.silenced_until, hushed_until=row.hushed_until, mode=Mode(row.mode),
        approved=row.approved, past=load_past(row.past), relay_until=row.relay_until,
        got=row.got, latest=row.got_at,
    )  # fmt: skip


def load_past(body: Sequence[Sequence[Any]]) -> Past:
    return Past(tuple((datetime.fromisoformat(at), str(what)) for at, what in body))


def dump_past(past: Past) -> list[list[str]]:
    return [[at.isoformat(), what] for at, what in past.sent]


def enter(
    conn: sa.Connection, group_id: int, person_id: int, name: str, band: str, now: datetime,
    *, invitation: int | None = None,
) -> Row | None:  # fmt: skip
    """Makes the person an active member, also one who had left; None when the name is taken.

    Posts from before are not handed over: `got` starts at the last number. The group is locked."""
    group = groups.lock(conn, group_id)
    assert group is not None  # noqa: S101  # groups are never deleted
    last = group.last_number
    before = conn.execute(
        sa.select(members).where(
            members.c.group_id == group_id, members.c.person_id == person_id
        )
    ).first()
    values: dict[str, Any] = {
        "name": name, "name_key": names.key(name), "band": band, "got": last,
        "standing": Standing.ACTIVE.value, "joined_at": now, "left_at": None, "due_at": None,
        "until": None, "invitation_id": invitation,
    }  # fmt: skip
    key, own = values["name_key"], before.id if before else 0
    if _taken(conn, group_id, key, own, now) or reserved.by_others(conn, group_id, key, own, now):
        return None
    reserved.release(conn, group_id, key)
    if before and before.name_key != key and before.name != FORGOTTEN:
        reserved.put(conn, group_id, before.name_key, own, now + reserved.KEPT)
    if before:
        conn.execute(members.update().where(members.c.id == before.id).values(values))
    else:
        row = {"group_id": group_id, "person_id": person_id, "past": [], **values}
        insert_new(conn, members, [row], "group_id", "person_id")
    if before is None or before.standing != Standing.ACTIVE.value:  # else: only another name
        groups.count(conn, group_id, members=1, joined=1)
    return in_group(conn, group_id, person_id)


def _taken(
    conn: sa.Connection, group_id: int, key: str, own: int, now: datetime
) -> bool:
    """Whether another member has the name. Who left loses it when it has been kept for them."""
    m = members.c
    row = conn.execute(
        sa.select(members).where(m.group_id == group_id, m.name_key == key, m.id != own)
    ).first()
    if row is None:
        return False
    if row.standing != Standing.LEFT.value or (row.left_at or now) + reserved.KEPT > now:
        return True
    change(conn, row.id, name_key=f"-{row.id}")
    return False


def forget_name(conn: sa.Connection, row: Row, now: datetime) -> None:
    """Takes the name from the member; nobody else gets it for as long as if they had left now."""
    if row.name == FORGOTTEN:
        return
    if row.name_key != f"-{row.id}":  # else it is somebody else's by now
        reserved.put(conn, row.group_id, row.name_key, None, now + reserved.KEPT)
    reserved.forget(conn, row.id)
    change(conn, row.id, name=FORGOTTEN, name_key=f"-{row.id}", past=[])


def in_group(conn: sa.Connection, group_id: int, person_id: int) -> Row | None:
    """The person's row in the group, whatever their standing."""
    return conn.execute(
        sa.select(members).where(
            members.c.group_id == group_id, members.c.person_id == person_id
        )
    ).first()


def one(conn: sa.Connection, id: int) -> Row | None:
    return conn.execute(sa.select(members).where(members.c.id == id)).first()


def end(
    conn: sa.Connection, row: Row, standing: Standing, now: datetime,
    *, until: datetime | None = None,
) -> None:  # fmt: skip
    """The member is out: left, removed, or banned until a moment."""
    inside = row.standing == Standing.ACTIVE.value
    if inside:
        groups.count(conn, row.group_id, members=-1)
    change(conn, row.id, standing=standing.value, until=until,
           left_at=now if inside else row.left_at, due_at=None, relay_until=None,
           on_call=False)  # fmt: skip


def change(conn: sa.Connection, id: int, **values: Any) -> None:
    """Sets columns of one member."""
    conn.execute(members.update().where(members.c.id == id).values(**values))


def relays(conn: sa.Connection, group_id: int, now: datetime, *, on_call: bool) -> list[Row]:
    """The group's relays whose term runs; with `on_call`, those who answer now."""
    query = sa.select(members).where(
        members.c.group_id == group_id, ACTIVE, members.c.relay_until > now
    )
    if on_call:
        query = query.where(members.c.on_call)
    return list(conn.execute(query.order_by(members.c.id)))


def wrote(conn: sa.Connection, person_ids: Sequence[int], now: datetime) -> None:
    """These people wrote: what waited outside WhatsApp's window may go now."""
    if person_ids:
        conn.execute(
            members.update()
            .where(members.c.person_id.in_(person_ids), members.c.nudged_at.is_not(None))
            .values(nudged_at=None, due_at=now)
        )  # fmt: skip
