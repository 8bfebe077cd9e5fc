"""People and their addresses. A person is anonymous: an id, a language, where in the talk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.dialogue.person import Learning, Person
from bot.dialogue.states import dump, load
from bot.events import Incoming
from bot.vault import Vault

WHATSAPP_WINDOW = timedelta(hours=24)
JOINED = "joined"  # in the state of a person who became another: that one's id

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("language", sa.String(8), nullable=False, server_default="en"),
    sa.Column("language_chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("region", sa.String(8)),
    sa.Column("phase", sa.String(16)),
    sa.Column("met", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("stopped", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", Json, nullable=False),
    sa.Column("reply_to", BigId),  # the address that wrote last
    sa.Column("counsellor", sa.String(60)),  # who has the conversation; NULL: the bot
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_in_at", Moment),
    sa.Column("lease", sa.String(32)),  # the worker that reads this person's events now
    sa.Column("lease_until", Moment),
)

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("gone", sa.String(32)),  # why we must not write there any more
    sa.Column("next_send_at", Moment),
    sa.Column("window_until", Moment),  # WhatsApp: free text may go until then
    sa.UniqueConstraint("channel", "fingerprint"),
)


@dataclass(frozen=True)
class Whose:
    """The person behind an address, and the address itself."""

    person_id: int
    address_id: int


def meet(
    conn: sa.Connection, vault: Vault, arrivals: Sequence[Incoming], now: datetime
) -> list[Whose | None]:
    """Finds or makes the person behind each arrival, in order; None where it names no address.

    A WhatsApp arrival may carry two addresses; the first known one decides who it is, and the
    other is added to the same person.
    """
    prints = [
        [(a.channel, vault.fingerprint(a.channel, value)) for value in a.addresses]
        for a in arrivals
    ]
    known = _find(conn, {key for keys in prints for key in keys})
    new: list[dict[str, object]] = []
    making: dict[tuple[str, str], int] = {}
    for arrival, keys in zip(arrivals, prints, strict=True):
        missing = [k for k in keys if k not in known and k not in making]
        if not missing:
            continue
        owner = next((known[k].person_id for k in keys if k in known), None)
        owner = owner or next((making[k] for k in keys if k in making), None)
        owner = owner or make(conn, now)
        for key in missing:
            making[key] = owner
            value = arrival.addresses[keys.index(key)]
            new.append({"person_id": owner, "channel": key[0], "fingerprint": key[1],
                        "sealed": vault.seal(value)})  # fmt: skip
    # Another process may have made the same address meanwhile: what is stored decides.
    insert_new(conn, addresses, new, "channel", "fingerprint")
    known |= _find(conn, set(making))
    # The last address is the one the message came from: a reply to it is sure to be accepted.
    return [known[keys[-1]] if keys else None for keys in prints]


def _find(conn: sa.Connection, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Whose]:
    if not keys:
        return {}
    wanted = addresses.c.fingerprint.in_([fingerprint for _, fingerprint in keys])
    rows = conn.execute(
        sa.select(addresses.c.channel, addresses.c.fingerprint, addresses.c.person_id,
                  addresses.c.id).where(wanted)
    )  # fmt: skip
    return {(row.channel, row.fingerprint): Whose(row.person_id, row.id) for row in rows}


def make(conn: sa.Connection, now: datetime) -> int:
    """A new person; returns the id."""
    row = {"state": {}, "created_at": now}
    return int(conn.execute(people.insert().returning(people.c.id), row).scalar_one())


def read(conn: sa.Connection, ids: Iterable[int]) -> dict[int, Person]:
    """The persons as the conversation sees them, by id; without those who became another."""
    rows = conn.execute(sa.select(people).where(people.c.id.in_(list(ids))))
    return {
        row.id: Person(
            language=row.language,
            language_chosen=row.language_chosen,
            region=row.region,
            phase=row.phase,
            met=row.met,
            stopped=row.stopped,
            counsellor=row.counsellor,
            tried=tuple(map(datetime.fromisoformat, row.state.get("tried", ()))),
            learning=Learning(row.state.get("learning", "")),
            state=load(row.state),
        )
        for row in rows
        if JOINED not in row.state
    }


_SAVE = people.update().where(people.c.id == sa.bindparam("person_id")).values(
    {name: sa.bindparam(name) for name in
     ("language", "language_chosen", "region", "phase", "met", "stopped", "state")}
)  # fmt: skip


def save(conn: sa.Connection, changed: dict[int, Person]) -> None:
    """Stores what the conversation decided about each person, in one statement."""
    if changed:
        conn.execute(_SAVE, [
            {"person_id": id, "language": p.language, "language_chosen": p.language_chosen,
             "region": p.region, "phase": p.phase, "met": p.met, "stopped": p.stopped,
             "state": dump(p.state) | _tried(p) | _learning(p)}
            for id, p in changed.items()
        ])  # fmt: skip


def _tried(person: Person) -> dict[str, object]:
    """Beside the state, because it outlasts every state."""
    return {"tried": [moment.isoformat() for moment in person.tried]} if person.tried else {}


def _learning(person: Person) -> dict[str, object]:
    """Beside the state too."""
    return {"learning": person.learning.value} if person.learning else {}


def learning(
    old: dict[str, Any], new: dict[str, Any], *, given: bool | None
) -> dict[str, Any]:
    """What to write into the state of two who became one: nobody is asked a second time."""
    if given is not None:
        return {"learning": (Learning.YES if given else Learning.NO).value}
    asked = new.get("learning") or old.get("learning")
    return {"learning": asked} if asked else {}


def joined(conn: sa.Connection, ids: Iterable[int]) -> dict[int, int]:
    """By id: whom these emptied persons became."""
    rows = conn.execute(sa.select(people.c.id, people.c.state).where(people.c.id.in_(list(ids))))
    return {row.id: row.state[JOINED] for row in rows if JOINED in row.state}


def attach(conn: sa.Connection, vault: Vault, id: int, channel: str, value: str) -> None:
    """Adds an address that was proven otherwise; one that is somebody's already stays theirs."""
    row: dict[str, object] = {
        "person_id": id, "channel": channel, "fingerprint": vault.fingerprint(channel, value),
        "sealed": vault.seal(value),
    }  # fmt: skip
    insert_new(conn, addresses, [row], "channel", "fingerprint")


def lock(conn: sa.Connection, ids: Iterable[int]) -> None:
    """Holds these persons' turns until the transaction ends; in order, like a batch of turns."""
    conn.execute(
        sa.select(people.c.id).where(people.c.id.in_(list(ids))).order_by(people.c.id)
        .with_for_update(key_share=True)
    )  # fmt: skip


def hand_to(conn: sa.Connection, id: int, counsellor: str | None) -> None:
    """Gives the conversation to a counsellor (their name), or back to the bot."""
    conn.execute(people.update().where(people.c.id == id).values(counsellor=counsellor))


def heard_from(conn: sa.Connection, last: dict[int, int], now: datetime) -> None:
    """Notes by person id the address that wrote last: replies go there, its window is open."""
    if not last:
        return
    conn.execute(
        people.update().where(people.c.id == sa.bindparam("person_id"))
        .values(reply_to=sa.bindparam("address_id"), last_in_at=now),
        [{"person_id": p, "address_id": a} for p, a in last.items()],
    )  # fmt: skip
    conn.execute(
        addresses.update().where(addresses.c.id.in_(list(last.values())))
        .values(window_until=now + WHATSAPP_WINDOW, gone=None)
    )  # fmt: skip


def reply_addresses(conn: sa.Connection, ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """By person id: the address (id, channel) that wrote last, unless it is gone."""
    rows = conn.execute(
        sa.select(people.c.id, addresses.c.id.label("address_id"), addresses.c.channel)
        .join(addresses, addresses.c.id == people.c.reply_to)
        .where(people.c.id.in_(list(ids)), addresses.c.gone.is_(None))
    )
    return {row.id: (row.address_id, row.channel) for row in rows}


def reachable(conn: sa.Connection, ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """By person id: all their addresses (id, channel) we may write to."""
    query = sa.select(addresses.c.person_id, addresses.c.id, addresses.c.channel).where(
        addresses.c.person_id.in_(list(ids)), addresses.c.gone.is_(None)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for row in conn.execute(query.order_by(addresses.c.id)):
        found.setdefault(row.person_id, []).append((row.id, row.channel))
    return found


def mark_gone(conn: sa.Connection, address_ids: Iterable[int], reason: str | None) -> None:
    """Notes that we must not write to these addresses (None: we may again)."""
    ids = list(address_ids)
    if ids:
        conn.execute(addresses.update().where(addresses.c.id.in_(ids)).values(gone=reason))
