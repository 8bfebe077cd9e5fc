"""Cases: a period of human interaction with a person, with a priority and clocks.

One open case a person: a second need joins the first instead of splitting the story. Two clocks
run: `due_at`, until when one of ours should have answered (NULL while the person has to answer),
and `ring_at`, when the next ring of an urgent case nobody has taken is due (NULL once taken).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import caselog
from bot.clock import Plan
from bot.db import BigId, Json, Moment, metadata
from bot.roles import PROTECTED


class State(StrEnum):
    """Whose move it is."""

    WAITING = "waiting"  # nobody's yet
    ASSIGNED = "assigned"  # the owner has to answer
    WITH_PERSON = "with_person"  # the person has to answer
    SNOOZED = "snoozed"
    CLOSED = "closed"


COUNTED = 50  # of the queue; nobody is told a longer one
OUTCOMES = ("answered", "referred", "met", "no_contact", "declined", "not_needed")

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("urgency", sa.String(32)),  # a class of the taxonomy
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("region", sa.String(8)),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("owner_id", BigId, sa.ForeignKey("staff.id")),
    sa.Column("last_owner_id", BigId, sa.ForeignKey("staff.id")),  # before it came back
    sa.Column("taken_at", Moment),  # the owner accepted it; NULL: assigned to them, or nobody's
    sa.Column("replied_at", Moment),  # our first answer
    sa.Column("in_time", sa.Boolean),  # whether that was before due_at
    sa.Column("waiting_since", Moment),  # the person has to answer since then
    sa.Column("waited", sa.Integer, nullable=False, server_default="0"),  # seconds, in all
    sa.Column("snoozed_until", Moment),
    sa.Column("owner_by", Moment),  # until when somebody must have taken it
    sa.Column("ring_step", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("ring_at", Moment),
    sa.Column("wants", sa.String(1)),  # the person asked for a woman (f) or a man (m)
    sa.Column("skill", sa.String(16)),
    sa.Column("labels", Json, nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("rating", sa.Boolean),  # the person's answer to: did this help?
    sa.Column("reopened", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("touched_at", Moment, nullable=False),  # consoles read what changed since
)
_unclosed = sa.text("closed_at IS NULL")
sa.Index(
    "uq_cases_open", cases.c.person_id, unique=True,
    sqlite_where=_unclosed, postgresql_where=_unclosed,
)  # fmt: skip
sa.Index(
    "ix_cases_queue", cases.c.priority, cases.c.due_at,
    sqlite_where=_unclosed, postgresql_where=_unclosed,
)  # fmt: skip
sa.Index(
    "ix_cases_ring_at", cases.c.ring_at,
    sqlite_where=sa.text("ring_at IS NOT NULL"), postgresql_where=sa.text("ring_at IS NOT NULL"),
)  # fmt: skip
sa.Index("ix_cases_touched_at", cases.c.touched_at)
sa.Index("ix_cases_owner", cases.c.owner_id, cases.c.state)
OPEN = sa.text("cases.closed_at IS NULL")  # literal, so that the partial indexes are used


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What is known when a case opens."""

    person_id: int
    reason: str  # urgent · asked · not_understood · follow_up · staff · failed_turn
    urgency: str | None
    priority: int
    language: str
    region: str | None
    channel: str
    wants: str | None = None


def open_case(conn: sa.Connection, new: NewCase, plan: Plan, now: datetime) -> int:
    """Opens a case, joins the person's open one, or re-opens one closed lately; returns its id."""
    found = conn.execute(
        sa.select(cases)
        .where(
            cases.c.person_id == new.person_id,
            sa.or_(OPEN, cases.c.closed_at > now - plan.reopen_within),
        )
        .order_by(cases.c.closed_at.is_not(None), cases.c.closed_at.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if found is None:
        row = {**vars(new), "opened_at": now, "due_at": plan.due_at, "ring_at": plan.ring_at,
               "owner_by": plan.owner_by, "labels": [], "touched_at": now}  # fmt: skip
        id = int(conn.execute(cases.insert().returning(cases.c.id), row).scalar_one())
        caselog.note(conn, id, "opened", now, reason=new.reason, urgency=new.urgency,
                     priority=new.priority)  # fmt: skip
        return id
    if found.closed_at is not None:
        _reopen(conn, found, new, plan, now)
    else:
        _join(conn, found, new, plan, now)
    return int(found.id)


def _join(
    conn: sa.Connection, found: sa.Row[Any], new: NewCase, plan: Plan, now: datetime
) -> None:
    """A new need of somebody whose case is open: the higher priority and the earlier clock win,
    and where and in which language the person is now.

    A wish for a woman or a man takes it from a desk where nobody has accepted it yet. Danger
    calls whoever took the case before it. A chain that rings already goes on where it is: somebody
    who writes every minute must not keep it at its first step.
    """
    other = new.urgency is not None and new.urgency != found.urgency
    worse = new.priority < found.priority or (new.priority == found.priority and other)
    rings = found.ring_at is not None
    unheard = new.urgency is not None and new.priority == 0 and not rings
    values: dict[str, Any] = {
        "touched_at": now, "wants": new.wants or found.wants, "language": new.language,
        "region": new.region or found.region, "channel": new.channel,
    }  # fmt: skip
    if new.wants not in (None, found.wants) and found.owner_id and found.taken_at is None:
        values |= {"state": State.WAITING.value, "owner_id": None}
        caselog.note(conn, found.id, "returned", now, why="wish")
    if worse or unheard:
        values |= {"priority": new.priority, "urgency": _urgency(found, new),
                   "reason": new.reason}  # fmt: skip
        values["due_at"] = min(plan.due_at, found.due_at) if found.due_at else plan.due_at
        if plan.owner_by and (not rings or new.priority < found.priority):
            by = min(plan.owner_by, found.owner_by) if rings else plan.owner_by
            values |= {"ring_at": plan.ring_at, "ring_step": 0, "owner_by": by}
        caselog.note(conn, found.id, "raised", now, reason=new.reason, urgency=new.urgency,
                     priority=new.priority)  # fmt: skip
    conn.execute(cases.update().where(cases.c.id == found.id).values(values))


def _urgency(found: sa.Row[Any], new: NewCase) -> str | None:
    """A protected class stays: its texts are in the conversation whatever is said after them."""
    if found.urgency in PROTECTED and new.urgency not in PROTECTED:
        return str(found.urgency)
    return new.urgency or found.urgency


def _reopen(
    conn: sa.Connection, found: sa.Row[Any], new: NewCase, plan: Plan, now: datetime
) -> None:
    conn.execute(
        cases.update().where(cases.c.id == found.id).values(
            reason=new.reason, urgency=_urgency(found, new), priority=new.priority,
            language=new.language, region=new.region or found.region, channel=new.channel,
            wants=new.wants or found.wants, state=State.WAITING.value, closed_at=None,
            outcome=None, owner_id=None, last_owner_id=found.owner_id, taken_at=None,
            due_at=plan.due_at, owner_by=plan.owner_by, ring_at=plan.ring_at, ring_step=0,
            waited=found.waited + max(int((now - found.closed_at).total_seconds()), 0),
            reopened=found.reopened + 1, touched_at=now,
        )
    )  # fmt: skip
    caselog.note(conn, found.id, "reopened", now, reason=new.reason, urgency=new.urgency,
                 priority=new.priority)  # fmt: skip


def touch(conn: sa.Connection, person_ids: Iterable[int], now: datetime) -> None:
    """Something happened in the conversations of these persons' open cases."""
    ids = list(person_ids)
    if ids:
        conn.execute(
            cases.update().where(cases.c.person_id.in_(ids), OPEN).values(touched_at=now)
        )


def of(conn: sa.Connection, id: int) -> sa.Row[Any] | None:
    """One case."""
    return conn.execute(sa.select(cases).where(cases.c.id == id)).first()


def others(conn: sa.Connection, case: sa.Row[Any], limit: int = 20) -> list[sa.Row[Any]]:
    """The same person's other cases, the newest first."""
    query = sa.select(cases).where(cases.c.person_id == case.person_id, cases.c.id != case.id)
    return list(conn.execute(query.order_by(cases.c.id.desc()).limit(limit)))


def waiting(conn: sa.Connection, limit: int = 100) -> list[sa.Row[Any]]:
    """Open cases, the most urgent and the longest overdue first."""
    return list(conn.execute(
        sa.select(cases).where(OPEN)
        .order_by(cases.c.priority, cases.c.due_at.is_(None), cases.c.due_at).limit(limit)
    ))  # fmt: skip


def ownerless(conn: sa.Connection, now: datetime) -> list[sa.Row[Any]]:
    """Cases of priority 0 and 1 that nobody has taken in their time: there must be none."""
    return list(conn.execute(
        sa.select(cases.c.id, cases.c.priority, cases.c.opened_at)
        .where(OPEN, cases.c.ring_at.is_not(None), cases.c.owner_by < now)
        .order_by(cases.c.priority, cases.c.due_at).limit(100)
    ))  # fmt: skip


def queue(conn: sa.Connection) -> list[int]:
    """The persons whose case is nobody's, the next one first; up to COUNTED of them."""
    query = (
        sa.select(cases.c.person_id)
        .where(OPEN, cases.c.state == State.WAITING.value)
        .order_by(cases.c.priority, cases.c.due_at, cases.c.id)
        .limit(COUNTED)
    )
    return list(conn.scalars(query))


def owned(conn: sa.Connection, person_ids: Iterable[int]) -> set[int]:
    """Which of these persons have an open case that is somebody's."""
    query = sa.select(cases.c.person_id).where(
        cases.c.person_id.in_(list(person_ids)), OPEN, cases.c.state != State.WAITING.value
    )
    return set(conn.scalars(query))


def closed_since(
    conn: sa.Connection, person_ids: Iterable[int], since: datetime
) -> dict[int, int]:
    """The priority of what was closed after `since`, by person, of those who have no open case."""
    late = sa.case((cases.c.closed_at > since, cases.c.priority))
    query = (
        sa.select(cases.c.person_id, sa.func.min(late))
        .where(cases.c.person_id.in_(list(person_ids))).group_by(cases.c.person_id)
        .having(sa.func.count() == sa.func.count(cases.c.closed_at), sa.func.min(late).is_not(None))
    )  # fmt: skip
    return {row[0]: row[1] for row in conn.execute(query)}


def untaken(conn: sa.Connection, person_ids: Iterable[int], now: datetime) -> set[int]:
    """Which of these persons have an open case whose time is over and that nobody has taken."""
    query = sa.select(cases.c.person_id).where(
        cases.c.person_id.in_(list(person_ids)), OPEN, cases.c.taken_at.is_(None),
        cases.c.due_at <= now,
    )  # fmt: skip
    return set(conn.scalars(query))


def rate(conn: sa.Connection, id: int, person_id: int, good: bool, now: datetime) -> None:
    """The person's answer to the question after the closing; of their own case only."""
    done = conn.execute(
        cases.update().where(cases.c.id == id, cases.c.person_id == person_id)
        .values(rating=good, touched_at=now)
    )  # fmt: skip
    if done.rowcount:
        caselog.note(conn, id, "rated", now, good=good)
