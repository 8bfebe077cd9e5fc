"""Merging: two people turn out to be one, and so do their open cases. The story stays whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import caselog
from bot.cases import OPEN, State, cases
from bot.notes import notes
from bot.referrals import referrals
from bot.rings import rings
from bot.roles import PROTECTED

Row = sa.Row[Any]
OURS = (State.WAITING.value, State.ASSIGNED.value)  # whose move it is
PAGES = (notes, rings, referrals, caselog.caselog)  # what a case consists of, besides itself


def merge(
    conn: sa.Connection, counsellors: Mapping[int, str | None], keep: int, now: datetime
) -> int | None:
    """Makes one of the two persons' open cases; returns whose it was, None if there were not two.

    `counsellors`: by person id, who has the conversation now. The case in which somebody of ours
    talks stays, else the one that is taken, else that of the person who stays (`keep`). The
    persons are locked; the cases are locked here, so that rings and notes wait.
    """
    rows = conn.execute(
        sa.select(cases).where(cases.c.person_id.in_(list(counsellors)), OPEN)
        .order_by(cases.c.id).with_for_update()
    ).all()  # fmt: skip
    if len(rows) < 2:
        return None

    def at_work(row: Row) -> tuple[bool, bool, bool]:
        talks = counsellors[row.person_id] is not None
        return talks, row.taken_at is not None, row.person_id == keep

    other, kept = sorted(rows, key=at_work)
    for table in PAGES:
        conn.execute(table.update().where(table.c.case_id == other.id).values(case_id=kept.id))
    conn.execute(cases.update().where(cases.c.id == other.id).values(
        state=State.CLOSED.value, closed_at=now, touched_at=now, outcome="not_needed",
        due_at=None, ring_at=None, snoozed_until=None, waiting_since=None,
    ))  # fmt: skip
    conn.execute(cases.update().where(cases.c.id == kept.id).values(_both(kept, other, now)))
    caselog.note(conn, kept.id, "merged", now, case=other.id, priority=other.priority,
                 urgency=other.urgency)  # fmt: skip
    caselog.note(conn, other.id, "merged", now, into=kept.id)
    return int(kept.person_id)


def _both(kept: Row, other: Row, now: datetime) -> dict[str, Any]:
    """The kept case with what the other one brings: the higher priority, the earlier clocks, and
    the ring of whichever rings, also where the kept one was taken: nobody has seen the other."""
    graver = min((kept, other), key=_gravity)
    values: dict[str, Any] = {
        "priority": min(kept.priority, other.priority),
        "urgency": graver.urgency, "reason": graver.reason,
        "opened_at": min(kept.opened_at, other.opened_at), "touched_at": now,
        "due_at": _earlier(kept.due_at, other.due_at),
        "labels": list(dict.fromkeys([*kept.labels, *other.labels])),
        "region": kept.region or other.region, "wants": kept.wants or other.wants,
        "skill": kept.skill or other.skill,
        "last_owner_id": kept.last_owner_id or other.owner_id or other.last_owner_id,
    }  # fmt: skip
    if kept.replied_at is None or (other.replied_at and other.replied_at < kept.replied_at):
        values |= {"replied_at": other.replied_at, "in_time": other.in_time}
    ringing = sorted((r for r in (kept, other) if r.ring_at is not None), key=_gravity)
    if ringing:
        values |= {"ring_step": ringing[0].ring_step,
                   "ring_at": min(row.ring_at for row in ringing),
                   "owner_by": min(row.owner_by for row in ringing)}  # fmt: skip
    if kept.state not in OURS and other.state in OURS:
        since = kept.waiting_since
        waited = max(int((now - since).total_seconds()), 0) if since else 0
        values |= {"state": State.ASSIGNED.value, "snoozed_until": None, "waiting_since": None,
                   "waited": kept.waited + waited}  # fmt: skip
    return values


def _gravity(row: Row) -> tuple[bool, int, bool]:
    """Sorts. A protected class comes first whatever its priority: its texts are in there."""
    return row.urgency not in PROTECTED, row.priority, row.urgency is None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else one or other
