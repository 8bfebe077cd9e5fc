"""Media: the cleaned copies of photos and voice notes, under keys that nobody can guess."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.db import Moment, metadata

KEY_BYTES = 16

media = sa.Table(
    "media",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),  # photo or voice
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
sa.Index("ix_media_created_at", media.c.created_at)

TYPES = {"photo": "image/jpeg", "voice": "audio/ogg"}


@dataclass(frozen=True)
class File:
    """One cleaned copy; `type` is its MIME type."""

    kind: str
    content: bytes

    @property
    def type(self) -> str:
        return TYPES[self.kind]


def put(conn: sa.Connection, kind: str, content: bytes, now: datetime) -> str:
    """Keeps a copy and returns its key."""
    key = secrets.token_urlsafe(KEY_BYTES)
    conn.execute(
        media.insert().values(key=key, kind=kind, content=content, created_at=now)
    )
    return key


def one(conn: sa.Connection, key: str) -> File | None:
    """The copy, None where there is none or none any more."""
    query = sa.select(media.c.kind, media.c.content).where(media.c.key == key)
    row = conn.execute(query).first()
    return File(row.kind, bytes(row.content)) if row else None


def remove(conn: sa.Connection, keys: sa.Select[tuple[str]]) -> None:
    """Deletes the copies that a query names."""
    conn.execute(media.delete().where(media.c.key.in_(keys)))


def purge(conn: sa.Connection, before: datetime) -> None:
    """Deletes what is older, whatever it belongs to."""
    conn.execute(media.delete().where(media.c.created_at < before))
