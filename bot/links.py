"""Claim codes: who writes the code from another phone or app proves that it is theirs.

Never by equal numbers: a number may have changed hands. A code lives a quarter of an hour and works
once; only its fingerprint is stored.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata
from bot.vault import Vault

LIVES = timedelta(minutes=15)
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
LENGTH = 8
_CODE = re.compile(rf"(?i)(?:/start )?link[ -]?([{ALPHABET}]{{{LENGTH}}})")

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


def code_in(text: str) -> str | None:
    """The code, when the whole message is one."""
    found = _CODE.fullmatch(text.strip())
    return found[1].upper() if found else None
