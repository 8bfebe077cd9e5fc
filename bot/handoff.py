"""The hand-off between bot and counsellor: who has the conversation, decided under one lock.

Every verb locks the person first, as a batch of turns does, so that a turn either was written
down before a counsellor took the case or finds the bot silent. What the person is told goes
through the inbox like everything that happens to a person.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import caselog, inbox, people
from bot.cases import OPEN, OUTCOMES, NewCase, State, cases, open_case
from bot.cases import of as cases_of
from bot.clock import answer_by, first_ring, owner_by, plan
from bot.library.country import Country
from bot.staff import Staff

Row = sa.Row[Any]


class Refused(Exception):
    """It cannot be done now; the message is one sentence for the console (a msgid)."""


def take(
    conn: sa.Connection, case_id: int, by: Staff, now: datetime, *, over: bool = False
) -> None:
    """The counsellor takes the case: from here on the bot is silent.

    `over`: also one that another has taken. One that only lies on another's desk, or that rings
    for too long, is free to take: who is here first helps first.
    """
    row = locked(conn, case_id)
    alarm = row.ring_at is not None and row.owner_by < now
    if row.owner_id not in (None, by.id) and row.taken_at and not alarm and not over:
        raise Refused("Somebody else has this case.")
    mine = row.owner_id == by.id and row.taken_at is not None
    if mine and row.ring_at is None:
        return
    state = row.state if row.taken_at else State.ASSIGNED.value  # it stays whose move it is
    _set(conn, case_id, now, owner_id=by.id, taken_at=now, state=state, ring_at=None, ring_step=0)
    people.hand_to(conn, row.person_id, by.name)
    caselog.note(conn, case_id, "taken", now, staff_id=by.id)
    if not mine or row.counsellor is None:
        _tell(conn, row.person_id, now, act="taken", staff=by.id, name=by.name)


def open_again(
    conn: sa.Connection, case_id: int, by: Staff, country: Country, now: datetime
) -> int:
    """A closed case is opened by staff and is theirs; returns its id, or that of the case which
    the person has open already or which begins because too much time has passed."""
    old = cases_of(conn, case_id)
    if old is None:
        raise Refused("There is no such case.")
    people.lock(conn, [old.person_id])
    new = NewCase(person_id=old.person_id, reason="staff", urgency=None, priority=2,
                  language=old.language, region=old.region, channel=old.channel)  # fmt: skip
    id = open_case(conn, new, plan(country, new.priority, now), now)
    take(conn, id, by, now)
    return id


def assign(
    conn: sa.Connection, case_id: int, to: Staff, now: datetime, country: Country, *,
    by: Staff | None = None, over: bool = False,
) -> None:  # fmt: skip
    """Puts the case on somebody's desk. It rings, and the bot answers, until they take it."""
    row = locked(conn, case_id)
    if by is not None and row.owner_id not in (None, by.id) and not over:
        raise Refused("Somebody else has this case.")
    if row.owner_id == to.id:
        return
    _release(conn, row, now, country, by, state=State.ASSIGNED.value, owner_id=to.id)
    caselog.note(conn, case_id, "assigned", now, staff_id=by.id if by else None, to=to.id)


def reply(
    conn: sa.Connection, case_id: int, by: Staff, text: str, now: datetime, *,
    key: str | None = None, template: bool = False,
) -> bool:  # fmt: skip
    """The owner answers; the person has to answer next. False: this `key` was sent before.

    `template`: the fixed nudge that may go outside WhatsApp's window, instead of the text.
    """
    row = locked(conn, case_id)
    if row.owner_id != by.id:
        raise Refused("Take the case before you answer.")
    if row.stopped:
        raise Refused("The person cannot be reached: they stopped or blocked us.")
    if row.taken_at is None:
        take(conn, case_id, by, now)
    act = "nudge" if template else "reply"
    told = _tell(conn, row.person_id, now, key=key, act=act, staff=by.id, name=by.name, text=text)
    if not told:
        return False
    values: dict[str, Any] = {"state": State.WITH_PERSON.value, "due_at": None, "ring_at": None,
                              "waiting_since": row.waiting_since or now}  # fmt: skip
    if row.replied_at is None:
        values |= {"replied_at": now, "in_time": row.due_at is None or now <= row.due_at}
    _set(conn, case_id, now, **values)
    people.hand_to(conn, row.person_id, by.name)
    caselog.note(conn, case_id, "replied", now, staff_id=by.id)
    return True


def snooze(
    conn: sa.Connection, case_id: int, by: Staff, until: datetime, now: datetime
) -> None:
    """Puts the case aside until a moment, or until the person writes. Urgent ones stay."""
    row = locked(conn, case_id)
    if row.owner_id != by.id or row.taken_at is None:
        raise Refused("Take the case first.")
    if row.priority == 0 and row.state == State.ASSIGNED.value:
        raise Refused("A case in danger cannot be put aside before somebody answered.")
    _set(conn, case_id, now, state=State.SNOOZED.value, snoozed_until=until, due_at=None)
    caselog.note(conn, case_id, "snoozed", now, staff_id=by.id, until=until.isoformat())


def close(
    conn: sa.Connection, case_id: int, by: Staff, now: datetime, *, outcome: str, agreed: str = "",
    next_step: str = "", over: bool = False,
) -> None:  # fmt: skip
    """Ends the case: the person gets the summary and one question, and the bot is back."""
    row = locked(conn, case_id)
    if row.owner_id != by.id and not over:
        raise Refused("Take the case first.")
    if outcome not in OUTCOMES:
        raise Refused("Choose an outcome.")
    _set(conn, case_id, now, state=State.CLOSED.value, closed_at=now, outcome=outcome,
         owner_id=row.owner_id or by.id, due_at=None, ring_at=None,
         waited=_waited(row, now), waiting_since=None)  # fmt: skip
    people.hand_to(conn, row.person_id, None)
    caselog.note(conn, case_id, "closed", now, staff_id=by.id, outcome=outcome)
    _tell(conn, row.person_id, now, act="closed", staff=by.id, name=by.name, case=case_id,
          agreed=agreed.strip(), next=next_step.strip())  # fmt: skip


def give_back(
    conn: sa.Connection, case_id: int, now: datetime, country: Country, *,
    by: Staff | None = None, why: str = "given_back",
) -> None:  # fmt: skip
    """Back to the queue: nobody's again, the clocks run, the bot answers meanwhile."""
    row = locked(conn, case_id)
    if by is not None and row.owner_id != by.id:
        raise Refused("Somebody else has this case.")
    _release(conn, row, now, country, by, state=State.WAITING.value, owner_id=None)
    caselog.note(conn, case_id, "returned", now, staff_id=by.id if by else None, why=why)


def left(conn: sa.Connection, person_id: int, now: datetime) -> None:
    """The person went back to the bot. Inside a turn: the person is locked already."""
    people.hand_to(conn, person_id, None)
    for id in conn.scalars(sa.select(cases.c.id).where(cases.c.person_id == person_id, OPEN)):
        caselog.note(conn, id, "left", now)


def wrote(
    conn: sa.Connection, person_ids: list[int], now: datetime, country: Country
) -> None:
    """The persons wrote: where it was their move, it is ours again and our clock runs."""
    theirs = (State.WITH_PERSON.value, State.SNOOZED.value)
    rows = conn.execute(
        sa.select(cases).where(cases.c.person_id.in_(person_ids), OPEN, cases.c.state.in_(theirs))
    ).all()
    for row in rows:
        _set(conn, row.id, now, state=State.ASSIGNED.value, snoozed_until=None,
             due_at=answer_by(country, row.priority, now), waited=_waited(row, now),
             waiting_since=None)  # fmt: skip
        caselog.note(conn, row.id, "wrote", now)


def locked(conn: sa.Connection, case_id: int) -> Row:
    """The open case with `counsellor` and `stopped` of its person, who is locked first. Raises
    Refused."""
    whose = sa.select(cases.c.person_id).where(cases.c.id == case_id)
    person_id = conn.scalar(whose)
    if person_id is None:
        raise Refused("There is no such case.")
    people.lock(conn, [person_id])
    row = conn.execute(
        sa.select(cases, people.people.c.counsellor, people.people.c.stopped)
        .join(people.people, people.people.c.id == cases.c.person_id)
        .where(cases.c.id == case_id, cases.c.person_id == person_id, OPEN)
        .with_for_update(of=cases)
    ).first()  # fmt: skip
    if row is None and conn.scalar(whose) != person_id:  # joined with another while we waited
        return locked(conn, case_id)
    if row is None:
        raise Refused("This case is closed.")
    return row


def _set(conn: sa.Connection, case_id: int, now: datetime, **values: Any) -> None:
    conn.execute(cases.update().where(cases.c.id == case_id).values(touched_at=now, **values))


def _release(
    conn: sa.Connection, row: Row, now: datetime, country: Country, by: Staff | None,
    **values: Any,
) -> None:  # fmt: skip
    """Nobody has taken it any more: the clocks run, it rings, and the bot answers meanwhile."""
    _set(conn, row.id, now, last_owner_id=row.owner_id or row.last_owner_id, taken_at=None,
         snoozed_until=None, due_at=row.due_at or answer_by(country, row.priority, now),
         waited=_waited(row, now), waiting_since=None, **_ringing(row, country, now),
         **values)  # fmt: skip
    people.hand_to(conn, row.person_id, None)
    if row.taken_at:  # somebody had spoken to them
        _tell(conn, row.person_id, now, act="returned", staff=by.id if by else None)


def _ringing(row: Row, country: Country, now: datetime) -> dict[str, Any]:
    """The ring goes on where it is, or begins anew."""
    if row.ring_at is not None:
        return {}
    return {"ring_at": first_ring(country, row.priority, now), "ring_step": 0,
            "owner_by": owner_by(country, row.priority, now)}  # fmt: skip


def _waited(row: Row, now: datetime) -> int:
    """Seconds in which the person had to answer; they do not count as ours."""
    since = row.waiting_since
    return int(row.waited) + (max(int((now - since).total_seconds()), 0) if since else 0)


def _tell(
    conn: sa.Connection, person_id: int, now: datetime, *, key: str | None = None, **body: Any
) -> bool:
    return inbox.tell(conn, person_id, key or secrets.token_hex(12), body, now)


def woke(conn: sa.Connection, case_id: int, now: datetime, due_at: datetime) -> None:
    """A case that was put aside is the owner's move again."""
    row = locked(conn, case_id)
    _set(conn, case_id, now, state=State.ASSIGNED.value, snoozed_until=None, due_at=due_at,
         waited=_waited(row, now), waiting_since=None)  # fmt: skip
    caselog.note(conn, case_id, "woke", now)


def loads(conn: sa.Connection) -> dict[int, int]:
    """Open cases on each desk, by staff id."""
    query = sa.select(cases.c.owner_id, sa.func.count()).where(OPEN, cases.c.owner_id.is_not(None))
    return {row[0]: row[1] for row in conn.execute(query.group_by(cases.c.owner_id))}


def label(
    conn: sa.Connection, case_id: int, by: Staff, labels: list[str], now: datetime
) -> None:
    """Replaces the labels of a case."""
    locked(conn, case_id)
    _set(conn, case_id, now, labels=labels)
    caselog.note(conn, case_id, "labelled", now, staff_id=by.id)
