"""Replies prepared for everybody, one text a language under a short name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, metadata

NAME = 40  # characters
LONGEST = 1000  # characters of one text
MOST = 200  # replies

canned = sa.Table(
    "canned",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(NAME), nullable=False, unique=True),
    sa.Column("texts", Json, nullable=False),  # language code: text
    sa.Column("changed_by", BigId, sa.ForeignKey("staff.id")),
    sa.Column("changed_at", Moment, nullable=False),
)


class Unfit(ValueError):
    """The reply cannot be stored so; the message is one sentence for the console (a msgid).
    `field`: `name`, a language code, or empty."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def put(
    conn: sa.Connection, name: str, texts: Mapping[str, str], by: int | None, now: datetime, *,
    id: int | None = None,
) -> int:  # fmt: skip
    """Adds a reply, or changes the one of this id; empty texts are left out. Returns the id.
    Raises Unfit."""
    row = {"name": _name(name), "texts": _texts(texts), "changed_by": by, "changed_at": now}
    same = conn.scalar(sa.select(canned.c.id).where(canned.c.name == row["name"]))
    if same not in (None, id):
        raise Unfit("There is already a reply with this name.", "name")
    if id is None:
        if conn.execute(sa.select(sa.func.count()).select_from(canned)).scalar_one() >= MOST:
            raise Unfit("There are 200 replies: remove one that nobody needs.")
        return int(conn.execute(canned.insert().returning(canned.c.id), row).scalar_one())
    if not conn.execute(canned.update().where(canned.c.id == id).values(row)).rowcount:
        raise Unfit("Somebody has removed this reply.")
    return id


def remove(conn: sa.Connection, id: int) -> bool:
    """Removes it; False if it was not there."""
    return bool(conn.execute(canned.delete().where(canned.c.id == id)).rowcount)


def everything(conn: sa.Connection) -> list[sa.Row[Any]]:
    """All prepared replies by name."""
    return list(conn.execute(sa.select(canned).order_by(canned.c.name)))


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Unfit("Give the reply a name.", "name")
    if len(name) > NAME:
        raise Unfit("A name has up to 40 characters.", "name")
    if not name.isprintable():
        raise Unfit("The name has signs that nobody can see: write it again.", "name")
    return name


def _texts(typed: Mapping[str, str]) -> dict[str, str]:
    texts = {code: _plain(text) for code, text in typed.items()}
    for code, text in texts.items():
        if len(text) > LONGEST:
            raise Unfit("A text has up to 1000 characters. This one is longer.", code)
    if not any(texts.values()):
        raise Unfit("Write the reply in one language or more.")
    return {code: text for code, text in texts.items() if text}


def _plain(text: str) -> str:
    """The text with line breaks as we store them and without other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) != "Cc").strip()
