"""The log of a case: what became of it and through whom. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, metadata

caselog = sa.Table(
    "caselog",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    # opened · raised · reopened · assigned · taken · replied · wrote · left · returned ·
    # snoozed · woke · labelled · rang · closed · rated · merged · sent_as_sms · referral
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id")),
    sa.Column("detail", Json, nullable=False),  # never texts of the person
)
sa.Index("ix_caselog_case", caselog.c.case_id, caselog.c.id)


def note(
    conn: sa.Connection, case_id: int, what: str, now: datetime, *, staff_id: int | None = None,
    **detail: Any,
) -> None:  # fmt: skip
    """Adds a line."""
    conn.execute(
        caselog.insert(),
        {"case_id": case_id, "at": now, "what": what, "staff_id": staff_id, "detail": detail},
    )


def of(conn: sa.Connection, case_id: int) -> list[sa.Row[Any]]:
    """The lines of a case, oldest first."""
    query = sa.select(caselog).where(caselog.c.case_id == case_id).order_by(caselog.c.id)
    return list(conn.execute(query))


def given_by_hand(conn: sa.Connection, case_ids: Sequence[int]) -> set[int]:
    """Which of these cases a colleague, and not the watch, put on the desk where they lie."""
    latest = (
        sa.select(sa.func.max(caselog.c.id))
        .where(caselog.c.case_id.in_(case_ids), caselog.c.what == "assigned")
        .group_by(caselog.c.case_id)
    )
    query = sa.select(caselog.c.case_id).where(
        caselog.c.id.in_(latest), caselog.c.staff_id.is_not(None)
    )
    return set(conn.scalars(query))
