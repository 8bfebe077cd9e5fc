"""The inbox: everything that happens to a person is a row here, once, and is read in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import people
from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.events import Incoming, Kind
from bot.vault import Vault

NEW, DONE, FAILED = 0, 1, 2
PER_PERSON = 16  # events of one person in one batch, so that nobody fills it alone
LONGEST = 10_000  # characters of one text; no channel sends as many
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("external_id", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("address_id", BigId),
    sa.Column("body", Json, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.UniqueConstraint("channel", "external_id"),
)
# Literals, not parameters: neither engine uses a partial index for a value it does not know.
_unread = sa.text("status = 0")
sa.Index("ix_inbox_unread", inbox.c.id, sqlite_where=_unread, postgresql_where=_unread)
sa.Index(
    "ix_inbox_unread_person", inbox.c.person_id, inbox.c.id,
    sqlite_where=_unread, postgresql_where=_unread,
)  # fmt: skip
sa.Index("ix_inbox_received_at", inbox.c.received_at)
sa.Index("ix_inbox_person", inbox.c.person_id, inbox.c.id)  # the conversation


@dataclass(frozen=True)
class Event:
    """An unread row."""

    id: int
    channel: str
    kind: Kind
    address_id: int | None
    body: dict[str, Any]
    received_at: datetime
    tries: int


@dataclass(frozen=True)
class Claim:
    """A person under our lease, with the events to read, oldest first."""

    person_id: int
    events: tuple[Event, ...]


def receive(
    conn: sa.Connection, vault: Vault, arrivals: Sequence[Incoming], now: datetime
) -> None:
    """Stores arrivals; one that is there already, or that belongs to nobody, changes nothing."""
    whose = people.meet(conn, vault, arrivals, now)
    owners = _owners_of_messages(conn, arrivals)
    rows: list[dict[str, object]] = []
    for arrival, who in zip(arrivals, whose, strict=True):
        person_id = who.person_id if who else owners.get(arrival.body.get("outbox"))
        if person_id is None:
            continue
        rows.append({
            "channel": arrival.channel, "external_id": arrival.external_id,
            "kind": arrival.kind.value, "person_id": person_id,
            "address_id": who.address_id if who else None,
            "body": storable(arrival.body), "received_at": now,
        })  # fmt: skip
    insert_new(conn, inbox, rows, "channel", "external_id")


def tell(
    conn: sa.Connection, person_id: int, key: str, body: dict[str, Any], now: datetime,
    *, kind: Kind = Kind.STAFF,
) -> bool:  # fmt: skip
    """Staff said or did something in a person's conversation, or something happened in a group of
    theirs; False: this key is there already."""
    row: dict[str, object] = {
        "channel": kind.value, "external_id": key, "kind": kind.value, "person_id": person_id,
        "body": storable(body), "received_at": now,
    }  # fmt: skip
    return insert_new(conn, inbox, [row], "channel", "external_id") == 1


def last_told(conn: sa.Connection, person_ids: Sequence[int]) -> dict[int, int]:
    """By person id: the last unread event of staff, which earlier words of theirs cannot mean."""
    if not person_ids:
        return {}
    query = (
        sa.select(inbox.c.person_id, sa.func.max(inbox.c.id))
        .where(inbox.c.person_id.in_(person_ids), inbox.c.kind == Kind.STAFF.value,
               sa.text("inbox.status = 0"))
        .group_by(inbox.c.person_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in conn.execute(query)}


def storable(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its texts as every database can hold them: no NUL, no half characters, and
    no more than LONGEST of them."""
    return {
        name: _UNSTORABLE.sub("\ufffd", value[:LONGEST]) if isinstance(value, str) else value
        for name, value in body.items()
    }


def _owners_of_messages(
    conn: sa.Connection, arrivals: Sequence[Incoming]
) -> dict[int | None, int]:
    ids = {a.body["outbox"] for a in arrivals if not a.addresses and "outbox" in a.body}
    if not ids:
        return {}
    table = metadata.tables["outbox"]
    rows = conn.execute(sa.select(table.c.id, table.c.person_id).where(table.c.id.in_(ids)))
    return {row.id: row.person_id for row in rows}


def claim(
    conn: sa.Connection, *, token: str, now: datetime, limit: int, lease: timedelta
) -> list[Claim]:
    """Leases up to `limit` persons with unread events, oldest event first, to `token`.

    Persons first and their events in a second statement: on PostgreSQL the first one's snapshot
    may be older than the commit of the worker that just let a person go.
    """
    p = people.people
    free = sa.or_(p.c.lease_until.is_(None), p.c.lease_until <= now)
    waiting = (
        sa.select(inbox.c.person_id)
        .join(p, p.c.id == inbox.c.person_id)
        .where(sa.text("inbox.status = 0"), free)
        .order_by(inbox.c.id)
        .limit(limit * 4)
        .with_for_update(of=p, skip_locked=True, key_share=True)
    )
    ids = list(dict.fromkeys(conn.scalars(waiting)))[:limit]
    if not ids:
        return []
    conn.execute(
        p.update().where(p.c.id.in_(ids)).values(lease=token, lease_until=now + lease)
    )
    rows = conn.execute(
        sa.select(inbox)
        .where(inbox.c.person_id.in_(ids), sa.text("inbox.status = 0"))
        .order_by(inbox.c.id)
        .limit(limit * PER_PERSON)
    )
    events: dict[int, list[Event]] = {id: [] for id in ids}
    for row in rows:
        if len(events[row.person_id]) < PER_PERSON:
            events[row.person_id].append(Event(
                row.id, row.channel, Kind(row.kind), row.address_id, row.body,
                row.received_at, row.tries,
            ))  # fmt: skip
    return [Claim(id, tuple(found)) for id, found in events.items()]


def still_ours(conn: sa.Connection, claims: Sequence[Claim], token: str) -> list[Claim]:
    """Locks the claimed persons; leaves out those whose lease ran out and was taken by others."""
    p = people.people
    ours = set(conn.scalars(
        sa.select(p.c.id)
        .where(p.c.id.in_([c.person_id for c in claims]), p.c.lease == token)
        .order_by(p.c.id)
        .with_for_update(key_share=True)  # arrivals for these persons need not wait
    ))  # fmt: skip
    return [c for c in claims if c.person_id in ours]


def finish(conn: sa.Connection, event_ids: Sequence[int], person_ids: Sequence[int]) -> None:
    """Marks events as read and lets their persons go."""
    if event_ids:
        conn.execute(inbox.update().where(inbox.c.id.in_(event_ids)).values(status=DONE))
    release(conn, person_ids)


def release(
    conn: sa.Connection, person_ids: Sequence[int], until: datetime | None = None
) -> None:
    """Ends the leases; with `until` nobody claims these persons before that moment."""
    p = people.people
    conn.execute(
        p.update().where(p.c.id.in_(person_ids)).values(lease=None, lease_until=until)
    )


def failed(conn: sa.Connection, event_id: int, *, final: bool) -> None:
    """Counts a failed reading; a final one is never read again."""
    values: dict[str, object] = {"tries": inbox.c.tries + 1}
    if final:
        values["status"] = FAILED
    conn.execute(inbox.update().where(inbox.c.id == event_id).values(values))
