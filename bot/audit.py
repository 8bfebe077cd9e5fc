"""The audit: who did what to what and when; written once, and kept so by the database itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, metadata

Value = str | int | Sequence[str | int] | None
# A word of ours (a role, a class, a format) or a day. No name, sentence, address or phone number.
_WORD = re.compile(r"[a-z][a-z0-9_.:-]{0,47}|\d{4}-\d\d-\d\d")

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id")),  # NULL: nobody was signed in
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # of the object: case, staff, session …
    sa.Column("object_id", BigId),
    sa.Column("detail", Json, nullable=False),
)
sa.Index("ix_audit_staff", audit.c.staff_id, audit.c.id)
sa.Index("ix_audit_object", audit.c.kind, audit.c.object_id, audit.c.id)

# Run once after the table is made, and again by a migration that rebuilds it on SQLite.
TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER audit_keeps_rows BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        # INSERT OR REPLACE deletes without asking the trigger above.
        "CREATE TRIGGER audit_keeps_ids BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit is append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER audit_keeps_all BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}


@dataclass(frozen=True)
class Entry:
    """Something that was done."""

    id: int
    at: datetime
    staff_id: int | None
    action: str
    kind: str
    object_id: int | None
    detail: dict[str, Any]


def note(
    conn: sa.Connection, now: datetime, *, staff_id: int | None, action: str, kind: str,
    object_id: int | None = None, **detail: Value,
) -> None:  # fmt: skip
    """Writes it down, in the transaction that does it.

    Detail holds numbers, words of ours and days; raises ValueError for anything that could be
    the text of a person.
    """
    for name, value in detail.items():
        if not _is_ours(value):
            raise ValueError(f"the audit takes no texts: {name}")  # and the error repeats none
    conn.execute(
        audit.insert(),
        {"at": now, "staff_id": staff_id, "action": action, "kind": kind,
         "object_id": object_id, "detail": detail},
    )  # fmt: skip


def page(
    conn: sa.Connection, *, before: int | None = None, staff_id: int | None = None,
    action: str | None = None, case_id: int | None = None, limit: int = 50,
) -> list[Entry]:  # fmt: skip
    """Up to `limit` entries, the newest first; the next page is `before` the last one's id."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    if staff_id is not None:
        query = query.where(audit.c.staff_id == staff_id)
    if action is not None:
        query = query.where(audit.c.action == action)
    if case_id is not None:
        query = query.where(audit.c.kind == "case", audit.c.object_id == case_id)
    return [
        Entry(row.id, row.at, row.staff_id, row.action, row.kind, row.object_id, row.detail)
        for row in conn.execute(query)
    ]


def _is_ours(value: Value) -> bool:
    if isinstance(value, str):
        return _WORD.fullmatch(value) is not None
    if isinstance(value, list | tuple):
        return all(_is_ours(item) for item in value)
    return value is None or isinstance(value, int)
