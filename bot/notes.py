"""Internal notes on a case; a colleague mentioned as @name finds it in their inbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.cases import cases
from bot.db import BigId, Json, Moment, metadata
from bot.staff import Staff

LONGEST = 4000  # characters

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mentions", Json, nullable=False),  # staff ids
)
sa.Index("ix_notes_case", notes.c.case_id, notes.c.id)


def put(
    conn: sa.Connection, case_id: int, by: Staff, text: str, team: Sequence[Staff], now: datetime
) -> list[int]:
    """Adds a note; returns the ids of the colleagues it mentions."""
    said = text.strip()[:LONGEST]
    mentioned = [m.id for m in team if m.active and _named(m.name, said)]
    conn.execute(
        notes.insert(),
        {"case_id": case_id, "staff_id": by.id, "at": now, "text": said, "mentions": mentioned},
    )
    conn.execute(cases.update().where(cases.c.id == case_id).values(touched_at=now))
    return mentioned


def _named(name: str, text: str) -> bool:
    return re.search(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def of(conn: sa.Connection, case_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The notes of these cases, oldest first."""
    query = sa.select(notes).where(notes.c.case_id.in_(case_ids)).order_by(notes.c.id)
    return list(conn.execute(query))
