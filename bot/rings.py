"""Rings: a case in danger that nobody has taken calls those on duty, then the supervisors.

The chain is the country pack's. A ring on the console is a row here that open consoles show; a
ring on a phone or by e-mail is an ordinary outbox row to an address of the member of staff. It
names a number and a class, never the person or what they wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import caselog, outbox, people
from bot.cases import OPEN, cases
from bot.db import BigId, Json, Moment, metadata
from bot.events import Lane, Part
from bot.library.country import Country
from bot.library.ringing import Step
from bot.outbox import Draft
from bot.roles import COUNSELS, Role, may_read
from bot.staff import Staff, everyone
from bot.voice import voice

rings = sa.Table(
    "rings",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("step", sa.SmallInteger, nullable=False),
    sa.Column("staff_ids", Json, nullable=False),  # whom it called
    sa.Column("ways", Json, nullable=False),  # console · telegram · sms · email
)
sa.Index("ix_rings_case", rings.c.case_id, rings.c.id)


def ring(
    conn: sa.Connection, country: Country, root: str, channels: frozenset[str], now: datetime,
    limit: int = 50,
) -> list[int]:  # fmt: skip
    """Takes every step of the chain that is due; returns the cases that rang. Phones and mailboxes
    are rung on `channels` only."""
    due = conn.execute(
        sa.select(cases)
        .where(cases.c.ring_at <= now, OPEN)
        .order_by(cases.c.priority, cases.c.ring_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        return []
    team = [member for member in everyone(conn) if member.active]
    found = people.reachable(conn, [member.person_id for member in team])
    ways = {id: [way for way in found[id] if way[1] in channels] for id in found}
    drafts: list[Draft] = []
    for row in due:
        drafts += _step(conn, row, team, ways, country, root, now)
    outbox.put(conn, drafts, now)
    return [row.id for row in due]


def _step(
    conn: sa.Connection, row: sa.Row[Any], team: Sequence[Staff],
    ways: dict[int, list[tuple[int, str]]], country: Country, root: str, now: datetime,
) -> list[Draft]:  # fmt: skip
    chain = country.ringing.chain
    # What is not danger (priority 1 without an owner for too long) goes to the last step at once.
    number = min(row.ring_step, len(chain) - 1) if row.priority == 0 else len(chain) - 1
    step = chain[number]
    called = _called(step, row, team, now, first=number == 0)
    drafts = [
        Draft(f"ring:{row.id}:{now.timestamp():.0f}:{number}:{address}", member.person_id, address,
              channel, Part(text=_text(row, member, root)), Lane.SAFETY)
        for member in called for address, channel in ways.get(member.person_id, ())
        if channel in step.by
    ]  # fmt: skip
    following = chain[number + 1].after - step.after if number + 1 < len(chain) else None
    conn.execute(
        cases.update().where(cases.c.id == row.id).values(
            ring_step=number + 1, ring_at=now + (following or country.ringing.again),
            touched_at=now,
        )
    )  # fmt: skip
    conn.execute(
        rings.insert(),
        {"case_id": row.id, "at": now, "step": number, "staff_ids": [m.id for m in called],
         "ways": list(step.by)},
    )  # fmt: skip
    caselog.note(conn, row.id, "rang", now, step=number, called=[m.id for m in called])
    return drafts


def _called(
    step: Step, row: sa.Row[Any], team: Sequence[Staff], now: datetime, *, first: bool
) -> list[Staff]:  # fmt: skip
    """Whom a step calls of those who may read the case: its owner; when the owner is not here, or
    has not taken it by the next step, those who are here too; the supervisors. Nobody of them:
    everybody who may read it."""
    able = [m for m in team if m.role in COUNSELS and may_read(m.role, m.skills, row.urgency)]
    if step.who == "supervisors":
        return [m for m in able if m.role is Role.SUPERVISOR] or able
    here = [m for m in able if m.here(now)]
    owner = [m for m in able if m.id == row.owner_id]
    if owner and owner[0] in here and (first or row.taken_at):
        return owner
    return owner + [m for m in here if m not in owner] if here else able


def _text(row: sa.Row[Any], member: Staff, root: str) -> str:
    """No name, no words of the person: a screen may be seen by others."""
    _ = voice(member.locale)._
    text = _("Sankofa: case {number} is urgent and nobody has taken it.")
    return f"{text.format(number=row.id)} {root}/console/cases/{row.id}"
