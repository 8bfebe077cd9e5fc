"""Replies prepared for everybody, one text a language under a short name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, metadata

canned = sa.Table(
    "canned",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, unique=True),
    sa.Column("texts", Json, nullable=False),  # language code: text
    sa.Column("changed_by", BigId, sa.ForeignKey("staff.id")),
    sa.Column("changed_at", Moment, nullable=False),
)


def put(
    conn: sa.Connection, name: str, texts: dict[str, str], by: int | None, now: datetime
) -> None:
    """Adds a reply or changes the one of that name; without any text it is removed."""
    name = name.strip()[:40]
    kept = {code: text.strip() for code, text in texts.items() if text.strip()}
    conn.execute(canned.delete().where(canned.c.name == name))
    if name and kept:
        row = {"name": name, "texts": kept, "changed_by": by, "changed_at": now}
        conn.execute(canned.insert(), row)


def everything(conn: sa.Connection) -> list[sa.Row[Any]]:
    """All prepared replies by name."""
    return list(conn.execute(sa.select(canned).order_by(canned.c.name)))
