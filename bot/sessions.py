"""Sessions: an open console of one member of staff, known by a cookie that we do not keep."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata

# Since somebody last did something: a counsellor on duty may wait long for a cry for help.
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)  # since the password was given
FRESH = timedelta(minutes=1)  # a younger `seen_at` is not written again

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),  # sha256 of the cookie's
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("second", sa.Boolean, nullable=False),  # the second factor was passed
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
)


@dataclass(frozen=True)
class Session:
    """A session that has not run out."""

    id: int
    staff_id: int
    csrf: str
    second: bool
    created_at: datetime
    seen_at: datetime
    until: datetime


def begin(conn: sa.Connection, staff_id: int, now: datetime, *, second: bool) -> str:
    """Opens a session; returns the token for the cookie, which is stored nowhere."""
    token = secrets.token_urlsafe()
    row = {"token": _digest(token), "staff_id": staff_id, "csrf": secrets.token_hex(),
           "second": second, "created_at": now, "seen_at": now, "until": now + LONGEST}  # fmt: skip
    conn.execute(sessions.insert(), row)
    return token


def find(conn: sa.Connection, token: str, now: datetime) -> Session | None:
    """The session of a cookie, or None when there is none or it has run out. Writes nothing.

    Whether the account is still active is not asked here.
    """
    row = conn.execute(
        sa.select(sessions).where(sessions.c.token == _digest(token), _open(now))
    ).first()
    if row is None:
        return None
    return Session(
        row.id, row.staff_id, row.csrf, row.second, row.created_at, row.seen_at, row.until
    )


def stale(session: Session, now: datetime) -> bool:
    """Whether `touch` would write anything."""
    return now - session.seen_at > FRESH


def touch(conn: sa.Connection, session: Session, now: datetime) -> None:
    """The person did something; not for what an open page asks by itself, or it never idles."""
    if stale(session, now):
        conn.execute(sessions.update().where(sessions.c.id == session.id).values(seen_at=now))


def renew(
    conn: sa.Connection, token: str, now: datetime, *, second: bool = False
) -> str | None:
    """A new token and csrf for the session; the old ones are void. None when it has run out.

    After the second factor (`second=True`) or a new password: somebody may have planted the old
    token. The end stays where it was, and a second factor once passed stays passed.
    """
    fresh = secrets.token_urlsafe()
    values: dict[str, object] = {
        "token": _digest(fresh), "csrf": secrets.token_hex(), "seen_at": now
    }  # fmt: skip
    if second:
        values["second"] = True
    done = conn.execute(
        sessions.update().where(sessions.c.token == _digest(token), _open(now)).values(values)
    )
    return fresh if done.rowcount else None


def end(conn: sa.Connection, token: str) -> None:
    """Signs out here."""
    conn.execute(sessions.delete().where(sessions.c.token == _digest(token)))


def end_all(conn: sa.Connection, staff_id: int, *, but: Session | None = None) -> None:
    """Signs out everywhere, or everywhere else."""
    these = sessions.c.staff_id == staff_id
    if but is not None:
        these &= sessions.c.id != but.id
    conn.execute(sessions.delete().where(these))


def purge(conn: sa.Connection, now: datetime) -> None:
    """Deletes what has run out."""
    conn.execute(sessions.delete().where(~_open(now)))


def _open(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(sessions.c.until > now, sessions.c.seen_at > now - IDLE)


def _digest(token: str) -> str:
    # The token is long and random: a plain hash keeps a stolen database from opening consoles.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
