"""Referrals: a person is passed on to an office, only after their yes and only with what they saw.

What the person was shown is frozen in the row: it is what the yes is about. Every verb locks the
person first, as the hand-off does. One open referral a person and office, one question at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import audit, caselog, consents, inbox, people
from bot.cases import cases
from bot.db import BigId, Moment, metadata
from bot.dialogue.core import Act, Referral, Standing
from bot.dialogue.refer import ANSWERS, OPEN
from bot.handoff import Refused, locked
from bot.library import Office
from bot.roles import may_read
from bot.staff import Staff

Row = sa.Row[Any]
LONGEST = 120  # characters of the note: the whole question then fits three SMS
SHOWN = 8  # referrals in a list for the person
# What staff may note after the yes. Nothing leads to SENT but a yes.
NEXT = {
    Standing.AGREED: (Standing.SENT,),
    Standing.SENT: (Standing.RECEIVED, Standing.DONE),
    Standing.RECEIVED: (Standing.DONE,),
}

referrals = sa.Table(
    "referrals",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column(
        "case_id", BigId, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("office_id", sa.String(64), nullable=False),  # of the country pack
    sa.Column("office", sa.String(160), nullable=False),  # its name as the person was shown it
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("region", sa.String(8)),
    sa.Column("topic", sa.String(48)),  # what the person needs
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # a Standing
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id"), nullable=False),  # who asked
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("decided_at", Moment),  # the person's first answer
    sa.Column("changed_at", Moment, nullable=False),
)
_open = sa.text("state IN ('asked', 'agreed', 'sent', 'received')")
_asked = sa.text("state = 'asked'")
sa.Index(
    "uq_referrals_open", referrals.c.person_id, referrals.c.office_id, unique=True,
    sqlite_where=_open, postgresql_where=_open,
)  # fmt: skip
sa.Index(
    "uq_referrals_asked", referrals.c.person_id, unique=True,
    sqlite_where=_asked, postgresql_where=_asked,
)  # fmt: skip


def open(
    conn: sa.Connection, case_id: int, by: Staff, office: Office, now: datetime, *,
    topic: str | None = None, note: str = "", over: bool = False,
) -> int:  # fmt: skip
    """The person is asked whether they may be passed on; returns the id. `over`: also for a case
    that is not on one's own desk."""
    case = locked(conn, case_id)
    if case.owner_id != by.id and not over:
        raise Refused("Take the case first.")
    if case.stopped:
        raise Refused("The person cannot be reached: they stopped or blocked us.")
    plain = " ".join("".join(c if c.isprintable() else " " for c in note).split())
    if not plain and not topic:
        raise Refused("Say what the office would be told: a need, a note, or both.")
    if len(plain) > LONGEST:
        raise Refused("This note is too long.")
    for row in of_person(conn, case.person_id):
        if row.office_id == office.id and row.state in OPEN:
            raise Refused("There is an open referral to this office already.")
        if row.state == Standing.ASKED:
            raise Refused("The person has not answered the last question yet: wait or withdraw it.")
    person = people.read(conn, [case.person_id])[case.person_id]
    values = {
        "person_id": case.person_id, "case_id": case_id, "office_id": office.id,
        "office": shown_name(office, person.language), "language": person.language,
        "region": person.region, "topic": topic, "note": plain, "state": Standing.ASKED.value,
        "staff_id": by.id, "created_at": now, "changed_at": now,
    }  # fmt: skip
    row = conn.execute(referrals.insert().returning(*referrals.c), values).one()
    _log(conn, row, Standing.ASKED, now, by)
    asked = _body(Act.REFER, [_shown(row)], by)
    inbox.tell(conn, row.person_id, _question(row.id), asked, now)
    return int(row.id)


def decide(
    conn: sa.Connection, person_id: int, id: int | None, yes: bool, now: datetime, *,
    event_id: int, language: str, channel: str,
) -> None:  # fmt: skip
    """The person's answer, inside their turn. `id` None: they wrote words, which mean the question
    that was there before them, or, for a no, every referral that is open."""
    mine = [row for row in of_person(conn, person_id) if row.state in OPEN]
    if id is not None:
        chosen = [row for row in mine if row.id == id]
    else:
        asked = [row for row in mine if row.state == Standing.ASKED]
        chosen = [row for row in asked if _asked_before(conn, row.id, event_id)]
        if not yes and not asked:
            chosen = mine
    told = []
    for row in chosen:
        to = ANSWERS.get((Standing(row.state), yes))
        if to is not None:
            _set(conn, row, to, now)
            consents.put(
                conn, person_id=person_id, purpose=f"referral:{row.id}", given=yes,
                language=language, channel=channel, now=now,
            )  # fmt: skip
        told.append(_shown(row, to))
    inbox.tell(conn, person_id, f"referred:{event_id}", _body(Act.REFERRED, told), now)


def advance(conn: sa.Connection, id: int, to: Standing, by: Staff, now: datetime) -> None:
    """What became of it at the office, also after the case was closed."""
    row = _held(conn, id)
    if to not in NEXT.get(Standing(row.state), ()):
        raise Refused("The referral has changed meanwhile: look again.")
    _set(conn, row, to, now, by)


def withdraw(conn: sa.Connection, id: int, by: Staff, now: datetime) -> None:
    """Staff take it back; the person is told."""
    row = _held(conn, id)
    if row.state not in OPEN:
        raise Refused("The referral has changed meanwhile: look again.")
    _set(conn, row, Standing.WITHDRAWN, now, by)
    told = _body(Act.REFERRED, [_shown(row, Standing.WITHDRAWN)], by)
    inbox.tell(conn, row.person_id, f"withdrawn:{id}", told, now)


def of_person(conn: sa.Connection, person_id: int) -> list[Row]:
    """The person's referrals, the open ones and the newest first, each with the `urgency` of its
    case, which says who may read it."""
    query = (
        sa.select(referrals, cases.c.urgency)
        .join(cases, cases.c.id == referrals.c.case_id)
        .where(referrals.c.person_id == person_id)
        .order_by(referrals.c.state.not_in([state.value for state in OPEN]), referrals.c.id.desc())
    )
    return list(conn.execute(query))


def readable(conn: sa.Connection, person_id: int, by: Staff) -> list[Row]:
    """Those of `of_person` that this member of staff may read."""
    rows = of_person(conn, person_id)
    return [row for row in rows if may_read(by.role, by.skills, row.urgency)]


def show(conn: sa.Connection, person_id: int, event_id: int, now: datetime) -> None:
    """Tells the person what referrals there are."""
    rows = [_shown(row) for row in of_person(conn, person_id)[:SHOWN]]
    inbox.tell(conn, person_id, f"referrals:{event_id}", _body(Act.REFERRALS, rows), now)


def join(conn: sa.Connection, gone: int, keep: int, now: datetime) -> None:
    """Two people, both locked, are one: of two open referrals to an office the one that is further
    stays, and of two questions the one of the person who stays."""
    both = of_person(conn, keep) + of_person(conn, gone)
    by_office: dict[str, list[Row]] = {}
    for row in both:
        if row.state in OPEN:
            by_office.setdefault(row.office_id, []).append(row)
    kept = [max(rows, key=lambda row: OPEN.index(row.state)) for rows in by_office.values()]
    asked = [row for row in kept if row.state == Standing.ASKED]
    stay = {row.id for row in kept} - {row.id for row in asked[1:]}
    for row in both:
        if row.state in OPEN and row.id not in stay:
            _set(conn, row, Standing.WITHDRAWN, now)
    conn.execute(referrals.update().where(referrals.c.person_id == gone).values(person_id=keep))


def forget(conn: sa.Connection, person_id: int, now: datetime) -> None:
    """Deletes them at the person's wish, and with them every yes; an open case keeps a line that
    says so, for who has told an office already."""
    for row in of_person(conn, person_id):
        if row.state in OPEN:
            _set(conn, row, Standing.WITHDRAWN, now)
    conn.execute(referrals.delete().where(referrals.c.person_id == person_id))


def shown_name(office: Office, language: str) -> str:
    """The office's name with its town, as people are shown it."""
    name = office.name(language)
    return f"{name}, {office.city}" if office.city and office.city not in name else name


def spoken(body: dict[str, Any]) -> Referral:
    """The referral in the body of an event."""
    return Referral(**{**body, "standing": Standing(body["standing"])})


def _shown(row: Row, standing: Standing | None = None) -> dict[str, Any]:
    return {
        "id": row.id, "office": row.office, "standing": (standing or Standing(row.state)).value,
        "language": row.language, "region": row.region, "topic": row.topic, "note": row.note,
        "told": row.state in (Standing.SENT, Standing.RECEIVED, Standing.DONE),
    }  # fmt: skip


def _body(
    act: Act, shown: Iterable[dict[str, Any]], by: Staff | None = None
) -> dict[str, Any]:
    return {"act": act.value, "referrals": list(shown), "staff": by.id if by else None}


def _question(id: int) -> str:
    """The key of the event that asks."""
    return f"refer:{id}"


def _asked_before(conn: sa.Connection, id: int, event_id: int) -> bool:
    """Whether the question was there when the person wrote: words that were for an earlier one
    must not be a yes to this."""
    asked = sa.select(inbox.inbox.c.id).where(
        inbox.inbox.c.channel == "staff", inbox.inbox.c.external_id == _question(id)
    )
    return (conn.scalar(asked) or event_id) < event_id


def _held(conn: sa.Connection, id: int) -> Row:
    """The referral, its person locked. Raises Refused."""
    whose = sa.select(referrals.c.person_id).where(referrals.c.id == id)
    person_id = conn.scalar(whose)
    if person_id is None:
        raise Refused("There is no such referral.")
    people.lock(conn, [person_id])
    if conn.scalar(whose) not in (person_id, None):  # joined with another while we waited
        return _held(conn, id)
    row = conn.execute(sa.select(referrals).where(referrals.c.id == id)).first()
    if row is None:
        raise Refused("There is no such referral.")
    return row


def _set(
    conn: sa.Connection, row: Row, to: Standing, now: datetime, by: Staff | None = None
) -> None:
    values: dict[str, Any] = {"state": to.value, "changed_at": now}
    if to in (Standing.AGREED, Standing.DECLINED):
        values["decided_at"] = now
    conn.execute(referrals.update().where(referrals.c.id == row.id).values(values))
    _log(conn, row, to, now, by)


def _log(
    conn: sa.Connection, row: Row, to: Standing, now: datetime, by: Staff | None
) -> None:
    """The line names no office: who deletes their data takes its name along. What staff do is
    audited by the page they do it on; the rest here."""
    caselog.note(conn, row.case_id, "referral", now, staff_id=by.id if by else None,
                 referral=row.id, state=to.value)  # fmt: skip
    if by is None:
        audit.note(conn, now, staff_id=None, action=f"referral_{to}", kind="case",
                   object_id=row.case_id, referral=row.id)  # fmt: skip
    conn.execute(cases.update().where(cases.c.id == row.case_id).values(touched_at=now))
