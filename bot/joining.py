"""Joining: whoever writes a claim code becomes one person with whoever made it.

Who waits for whom on PostgreSQL (SQLite has one writer):

* A batch with codes in it locks its own persons and those behind the codes in one order, by id,
  before anything else (`lock`). Two who claim each other's codes at the same moment wait in a line,
  never in a circle. Their unsent messages come next, because a sender locks messages before
  addresses and the turns begin with addresses.
* The person who stays may be under the lease of another worker. That worker reads people inside
  its own transaction and under the same lock, so it meets this one before the joining or after it,
  never halfway. Its lease is left alone: it finishes the events it claimed. What comes along is
  unread like anything else, and is claimed when that lease ends.
* The person who goes is under our own lease. The batch reads nothing of theirs after the code, and
  the joining is the last thing in its transaction, when their events are finished and their lease
  is given back. So nothing is read twice, and what they wrote after the code is read as the one
  they have become.
* A webhook or a timer may have looked up the person who goes a moment before the commit, and store
  its event a moment after it. The emptied row knows whom they became; it is never read as a person
  again, and whoever claims such an event passes it on (`pass_on`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import consents, inbox, learning, links, merging, outbox, people, referrals, staff
from bot.cases import cases
from bot.dialogue.core import Act
from bot.dialogue.link import FALLBACK, code_in
from bot.inbox import Claim
from bot.peers import persons
from bot.people import JOINED, addresses
from bot.timers import timers
from bot.vault import Vault

# What belongs to a person and goes with them. Timers before the inbox: one that rings at this
# moment is waited for, and the event it becomes is found.
THEIRS = (timers, links.links, consents.consents, inbox.inbox, outbox.outbox, addresses)


@dataclass(frozen=True)
class Claimant:
    """Who wrote a code: the person, the address it came from, and the event."""

    person_id: int
    address_id: int | None
    event_id: int


def lock(conn: sa.Connection, vault: Vault, claims: Sequence[Claim]) -> None:
    """Locks whom the codes in a batch concern, in the order that everybody keeps."""
    texts = {(c.person_id, str(e.body.get("text") or "")) for c in claims for e in c.events}
    codes = {(person_id, text) for person_id, text in texts if code_in(text)}
    if not codes:
        return
    makers = links.makers(conn, vault, [text for _, text in codes])
    people.lock(conn, makers.union(c.person_id for c in claims))
    rows, going = outbox.outbox.c, {person_id for person_id, _ in codes}
    conn.execute(
        sa.select(rows.id).where(rows.person_id.in_(going), sa.text("outbox.rank = 0"))
        .order_by(rows.id).with_for_update(key_share=True)
    )  # fmt: skip


def make(
    conn: sa.Connection, vault: Vault, person_id: int, event_id: int, now: datetime
) -> None:
    """Makes a code for the person and says it to them. From a colleague's phone it is a code for
    a further phone of theirs."""
    staff_id = _colleagues(conn, [person_id]).get(person_id)
    code = links.new(conn, vault, person_id, now, staff_id=staff_id)
    inbox.tell(conn, person_id, f"code:{event_id}", {"act": Act.CODE.value, "text": code}, now)


def claim(conn: sa.Connection, vault: Vault, by: Claimant, code: str, now: datetime) -> None:
    """Does what the code is for, and tells the person how it went."""
    person_id, act, more = _claim(conn, vault, by, code, now)
    body = {"act": act.value, **more}
    inbox.tell(conn, person_id, f"link:{by.event_id}", body, now)
    if act is Act.LINKED:
        _ask_for_sms(conn, person_id, now)


def _claim(
    conn: sa.Connection, vault: Vault, by: Claimant, code: str, now: datetime
) -> tuple[int, Act, dict[str, Any]]:
    """Whom to tell what."""
    link = links.find(conn, vault, code, now)
    if link is None or by.address_id is None:
        return by.person_id, Act.NOT_LINKED, {}
    if link.staff_id is not None:
        return _to_colleague(conn, by, by.address_id, link)
    if link.person_id == by.person_id:
        return by.person_id, Act.OWN_CODE, {}
    people.lock(conn, [by.person_id, link.person_id])
    # Rings must keep reaching a colleague; and who has stopped us gets nothing new.
    both = [by.person_id, link.person_id]
    maker = people.read(conn, [link.person_id]).get(link.person_id)
    if maker is None or maker.stopped or _colleagues(conn, both) or not links.use(conn, link.id):
        return by.person_id, Act.NOT_LINKED, {}
    _join(conn, vault, by, link.person_id, by.address_id, now)
    return link.person_id, Act.LINKED, {}


def _to_colleague(
    conn: sa.Connection, by: Claimant, address_id: int, link: sa.Row[Any]
) -> tuple[int, Act, dict[str, Any]]:
    """The phone is a colleague's from now on. Nothing that was written on it goes with it."""
    member = staff.one(conn, link.staff_id)
    if member is not None and member.person_id == by.person_id:
        return by.person_id, Act.OWN_CODE, {}
    if member is None or not member.active:
        return by.person_id, Act.NOT_LINKED, {}
    people.lock(conn, [by.person_id, member.person_id])
    if not links.use(conn, link.id):
        return by.person_id, Act.NOT_LINKED, {}
    conn.execute(
        addresses.update().where(addresses.c.id == address_id).values(person_id=member.person_id)
    )
    others = people.reachable(conn, [by.person_id]).get(by.person_id)
    _set(conn, by.person_id, reply_to=others[-1][0] if others else None)
    _set(conn, member.person_id, reply_to=address_id, language=member.locale, stopped=False)
    return member.person_id, Act.LINKED_STAFF, {"name": member.name}


def _join(
    conn: sa.Connection, vault: Vault, by: Claimant, keep: int, address_id: int, now: datetime
) -> None:
    """Makes one person of two that are locked; answers go to the address of the code."""
    gone = by.person_id
    p = people.people
    rows = {row.id: row for row in conn.execute(sa.select(p).where(p.c.id.in_([gone, keep])))}
    counsellors = {id: row.counsellor for id, row in rows.items()}
    whose = merging.merge(conn, counsellors, keep, now)
    counsellor = counsellors[whose] if whose else counsellors[keep] or counsellors[gone]
    referrals.join(conn, gone, keep, now)
    _move(conn, gone, keep)
    conn.execute(cases.update().where(cases.c.person_id == gone).values(person_id=keep))
    persons.join(conn, gone, keep, now)
    learns = learning.join(conn, vault, gone, keep)
    old, new = rows[gone], rows[keep]
    _set(
        conn, keep, reply_to=address_id, last_in_at=now, counsellor=counsellor,
        region=new.region or old.region, phase=new.phase or old.phase, met=new.met or old.met,
        state=new.state | people.learning(old.state, new.state, given=learns),
    )  # fmt: skip
    _set(conn, gone, state={JOINED: keep}, reply_to=None, counsellor=None, region=None, phase=None)


def pass_on(conn: sa.Connection, ids: Iterable[int]) -> None:
    """What arrived for emptied persons belongs to those they became."""
    for gone, keep in people.joined(conn, ids).items():
        _move(conn, gone, keep)


def _move(conn: sa.Connection, gone: int, keep: int) -> None:
    for table in THEIRS:
        conn.execute(table.update().where(table.c.person_id == gone).values(person_id=keep))


def _ask_for_sms(conn: sa.Connection, person_id: int, now: datetime) -> None:
    """Once in a life, who has both an app and a phone for SMS is asked whether the one may stand
    in for the other: the key is there only once."""
    channels = {channel for _, channel in people.reachable(conn, [person_id]).get(person_id, ())}
    if "sms" not in channels or not channels & {"whatsapp", "telegram"}:
        return
    if person_id not in consents.latest(conn, [person_id], FALLBACK):
        inbox.tell(conn, person_id, f"may_sms:{person_id}", {"act": Act.MAY_SMS.value}, now)


def _colleagues(conn: sa.Connection, person_ids: Iterable[int]) -> dict[int, int]:
    """By person id: the colleague whose phones hang on this person."""
    s = staff.staff.c
    rows = conn.execute(sa.select(s.person_id, s.id).where(s.person_id.in_(list(person_ids))))
    return {row.person_id: row.id for row in rows}


def _set(conn: sa.Connection, id: int, **values: Any) -> None:
    conn.execute(people.people.update().where(people.people.c.id == id).values(**values))
