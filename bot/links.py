"""Claim codes: who writes the code from another phone or app proves that it is theirs.

Never by equal numbers: a number may have changed hands. A code lives a quarter of an hour and works
once; only its fingerprint is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata
from bot.dialogue.link import ALPHABET, LENGTH, MINUTES, code_in
from bot.vault import Vault

LIVES = timedelta(minutes=MINUTES)

links = sa.Table(
    "links",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),  # fingerprint
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id")),  # a colleague's phone for rings
    sa.Column("until", Moment, nullable=False),
)


def new(
    conn: sa.Connection, vault: Vault, person_id: int, now: datetime, *, staff_id: int | None = None
) -> str:
    """A fresh code for this person, as it is written: "LINK AB2CD3EF". Earlier ones are void."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    conn.execute(links.delete().where(sa.or_(links.c.person_id == person_id, links.c.until < now)))
    conn.execute(links.insert(), {"code": vault.fingerprint("link", code), "person_id": person_id,
                                  "staff_id": staff_id, "until": now + LIVES})  # fmt: skip
    return f"LINK {code}"


def find(conn: sa.Connection, vault: Vault, code: str, now: datetime) -> sa.Row[Any] | None:
    """The living link of a code; unknown, used and expired codes are all alike."""
    query = sa.select(links).where(
        links.c.code == vault.fingerprint("link", code), links.c.until >= now
    )
    return conn.execute(query).first()


def use(conn: sa.Connection, id: int) -> bool:
    """Uses a link up; False: somebody else has just done so."""
    return conn.execute(links.delete().where(links.c.id == id)).rowcount == 1


def makers(conn: sa.Connection, vault: Vault, texts: Iterable[str]) -> set[int]:
    """The persons whose codes these messages are."""
    codes = {code for text in texts if (code := code_in(text))}
    if not codes:
        return set()
    prints = [vault.fingerprint("link", code) for code in codes]
    return set(conn.scalars(sa.select(links.c.person_id).where(links.c.code.in_(prints))))
