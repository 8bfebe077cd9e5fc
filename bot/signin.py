"""Signing in: the password, the second factor, and the lock-out that both share.

Failures are returned, never raised: the transaction that counts them has to commit. A password is
judged in three steps, because argon2 is slow on purpose and must hold up no transaction: `stored`
reads the hash, `compare` works without a database, and `settle` decides and counts.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pyotp
import segno
import sqlalchemy as sa

from bot import audit, passwords, sessions
from bot.passwords import LETTERS
from bot.passwords import WeakPassword as WeakPassword  # what set_password raises
from bot.staff import change, staff
from bot.vault import Vault

TRIES = 5  # failures in a row before a lock
LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(hours=24)
CODES = 10  # recovery codes on one sheet
_NOT_CODE = re.compile(r"[^0-9a-z]")
_SECRET = re.compile(r"[A-Z2-7]{32}")


class Failure(StrEnum):
    """Why a password was not let in."""

    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class Attempt:
    """A password that somebody gave for an account, compared with the hash stored for it."""

    email: str
    stored: str | None
    right: bool
    stronger: str | None  # the hash by the parameters of today, when the stored one is older


@dataclass(frozen=True)
class Standing:
    """How an account stands at the door."""

    enrolled: bool  # there is a second factor
    codes: int  # recovery codes left
    locked_until: datetime | None  # None when the lock is over


@dataclass(frozen=True)
class Enrolment:
    """A second factor that is being set up."""

    secret: str  # sealed: the form carries it back to `enrol`
    key: str  # the same for typing into the app by hand, in groups of four
    uri: str  # the same for the app's camera, see `qr`


def set_password(conn: sa.Connection, staff_id: int, password: str) -> None:
    """Stores the password's hash; raises WeakPassword. Open sessions are the caller's to end."""
    email = conn.execute(sa.select(staff.c.email).where(staff.c.id == staff_id)).scalar_one()
    change(conn, staff_id, password=passwords.hashed(password, email))


def stored(conn: sa.Connection, email: str) -> str | None:
    """The hash of the account's password; None when there is no such account, or none set."""
    query = sa.select(staff.c.password).where(staff.c.email == _plain(email))
    return conn.execute(query).scalar()


def compare(email: str, password: str, stored: str | None) -> Attempt:
    """Takes as long for an account that does not exist. Up to 64 MB and a tenth of a second."""
    right = passwords.right(stored, password)
    stronger = passwords.rehashed(stored, password) if right and stored else None
    return Attempt(_plain(email), stored, right, stronger)


def settle(conn: sa.Connection, attempt: Attempt, now: datetime) -> int | Failure:
    """The account's id when the password is right, before any second factor.

    Whether an account is unknown, inactive or locked is seen neither in the answer nor in the
    time it takes, except that who knows the password is told of the lock. A lock answers so few
    tries that it is no place to find the password either: after TRIES - 1 wrong ones in one
    lock the answer is WRONG, whatever comes.
    """
    row = _account(conn, staff.c.email == attempt.email)
    if row is None:
        return Failure.WRONG
    locked = _locked(row, now)
    if locked and _last_try(row):
        return Failure.WRONG
    # A password that was changed since it was compared is the old one.
    if not attempt.right or not row.active or row.password != attempt.stored:
        _fail(conn, row, now)
        return Failure.WRONG
    if locked:
        return Failure.LOCKED
    values: dict[str, object] = {}
    if row.totp is None:  # else `second` does it: the password must not buy new tries at the code
        values = {"failures": 0, "locked_until": None}
    if attempt.stronger:
        values["password"] = attempt.stronger
    if values:
        change(conn, row.id, **values)
    return int(row.id)


def begin_totp(vault: Vault, *, name: str = "console") -> Enrolment:
    """A new secret for an authenticator app, which shows it under `name`; nothing is stored."""
    return begun_totp(vault, vault.seal(pyotp.random_base32()), name=name)


def begun_totp(vault: Vault, sealed: str, *, name: str) -> Enrolment:
    """The same enrolment again, when the code was mistyped; raises ValueError for any other text.

    What else the vault has sealed must not be read with its help.
    """
    secret = vault.open(sealed)
    if not _SECRET.fullmatch(secret):
        raise ValueError("this is no secret of an authenticator app")
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Sankofa")
    return Enrolment(sealed, " ".join(re.findall("....", secret)), uri)


def enrol(
    conn: sa.Connection, vault: Vault, staff_id: int, secret: str, code: str, now: datetime
) -> list[str] | None:
    """Stores the second factor of an Enrolment; returns new recovery codes, shown only now.

    None, and no change, when the code is not the app's, the secret is not one of ours, or there
    is a second factor already: who has only the password must not replace it (`drop_totp`).
    """
    row = _account(conn, staff.c.id == staff_id)
    try:
        step = _step(vault.open(secret), _compact(code), now, after=-1)
    except ValueError:
        return None
    if row is None or row.totp is not None or step is None:
        return None
    change(conn, staff_id, totp=secret, totp_step=step)
    return new_codes(conn, vault, staff_id)


def new_codes(conn: sa.Connection, vault: Vault, staff_id: int) -> list[str]:
    """Makes a new sheet of recovery codes, shown only now; the old sheet is void."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(CODES)]
    change(conn, staff_id, recovery=[_fingerprint(vault, staff_id, code) for code in codes])
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def enrolled(conn: sa.Connection, staff_id: int) -> bool:
    """Whether the account has a second factor: `second` is asked, or `enrol` is due."""
    return conn.scalar(sa.select(staff.c.totp).where(staff.c.id == staff_id)) is not None


def second(conn: sa.Connection, vault: Vault, staff_id: int, code: str, now: datetime) -> bool:
    """Whether the code is the app's or an unused recovery code; either works once.

    Always False for a locked account. Raises ValueError when SECRET_KEY has changed.
    """
    row = _account(conn, staff.c.id == staff_id)
    if row is None or not row.active or row.totp is None or _locked(row, now):
        return False
    code = _compact(code)
    used = _fingerprint(vault, staff_id, code)
    step = _step(vault.open(row.totp), code, now, after=row.totp_step)
    if step is not None:
        change(conn, staff_id, totp_step=step, failures=0, locked_until=None)
    elif used in row.recovery:
        left = [kept for kept in row.recovery if kept != used]
        change(conn, staff_id, recovery=left, failures=0, locked_until=None)
    else:
        _fail(conn, row, now)
        return False
    return True


def standings(conn: sa.Connection, now: datetime) -> dict[int, Standing]:
    """How every account stands, by staff id."""
    columns = (staff.c.id, staff.c.totp.is_not(None).label("enrolled"), staff.c.recovery,
               staff.c.locked_until)  # fmt: skip
    return {
        row.id: Standing(
            row.enrolled, len(row.recovery), row.locked_until if _locked(row, now) else None
        )
        for row in conn.execute(sa.select(*columns))
    }


def unlock(conn: sa.Connection, staff_id: int) -> None:
    """Ends a lock and forgets the failures."""
    change(conn, staff_id, failures=0, locked_until=None)


def drop_totp(conn: sa.Connection, staff_id: int) -> None:
    """Takes the second factor away (the phone is gone), and ends the sessions it had opened."""
    change(conn, staff_id, totp=None, totp_step=None, recovery=[])
    sessions.end_all(conn, staff_id)


def qr(uri: str) -> str:
    """The URI as an SVG picture, itself a data: URI; black on white in every colour scheme."""
    return str(segno.make(uri, micro=False).svg_data_uri(scale=4, light="#fff"))


def _account(conn: sa.Connection, which: sa.ColumnElement[bool]) -> sa.Row[Any] | None:
    # Tries on one account go one after the other, else parallel ones would count as one.
    return conn.execute(sa.select(staff).where(which).with_for_update()).first()


def _locked(row: sa.Row[Any], now: datetime) -> bool:
    return row.locked_until is not None and row.locked_until > now


def _last_try(row: sa.Row[Any]) -> bool:
    return bool(row.failures % TRIES == TRIES - 1)


def _fail(conn: sa.Connection, row: sa.Row[Any], now: datetime) -> None:
    values: dict[str, object] = {"failures": row.failures + 1}
    if _last_try(row):
        doublings = min(row.failures // TRIES, 7)
        values["locked_until"] = now + min(LOCK * 2**doublings, LONGEST_LOCK)
        audit.note(conn, now, staff_id=None, action="locked", kind="staff", object_id=row.id)
    change(conn, row.id, **values)


def _plain(email: str) -> str:
    # A NUL or half a character is no address, and PostgreSQL would raise.
    email = email.strip().lower()
    return email if email.isprintable() else ""


def _compact(code: str) -> str:
    return _NOT_CODE.sub("", code[:64].lower())


def _fingerprint(vault: Vault, staff_id: int, code: str) -> str:
    return vault.fingerprint(f"recovery {staff_id}", code)


def _step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step of the code, if it is at most one away from now and later than `after`."""
    totp = pyotp.TOTP(secret)
    this = totp.timecode(now)
    near = [step for step in (this - 1, this, this + 1) if step > after]
    return max(
        (s for s in near if hmac.compare_digest(totp.generate_otp(s), code)), default=None
    )
