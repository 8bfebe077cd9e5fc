"""Staff: who they are, what they can do, and whether they are here now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import people
from bot.db import BigId, Json, Moment, metadata
from bot.roles import COUNSELS, SKILLS, Role
from bot.settings import is_mailbox
from bot.vault import Vault

HERE = timedelta(minutes=3)  # an open console says so every minute
LOOKS = timedelta(seconds=75)
MOST = 50  # open cases on one desk; more is a typing error


class Presence(StrEnum):
    """What somebody says about themselves; `available` counts only while a console is open."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    # Their own addresses for rings hang on a person, so that a ring is an ordinary outbox row.
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("email", sa.String(254), nullable=False, unique=True),  # lower case
    sa.Column("name", sa.String(60), nullable=False),  # as people in need see it
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("languages", Json, nullable=False),
    sa.Column("skills", Json, nullable=False),
    sa.Column("gender", sa.String(1)),  # f, m or not said
    sa.Column("capacity", sa.SmallInteger, nullable=False, server_default="5"),
    sa.Column("locale", sa.String(8), nullable=False, server_default="en"),  # of the console
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("presence", sa.String(16), nullable=False, server_default="away"),
    sa.Column("seen_at", Moment),
    sa.Column("case_id", BigId),  # the conversation on their screen, so that two see each other
    sa.Column("case_at", Moment),
    sa.Column("password", sa.Text),  # argon2
    sa.Column("totp", sa.Text),  # sealed secret; NULL until enrolled
    sa.Column("totp_step", BigId),  # the last accepted time step: a code works once
    sa.Column("recovery", Json, nullable=False),  # fingerprints of unused recovery codes
    sa.Column("failures", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("locked_until", Moment),
    sa.Column("created_at", Moment, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """One of us, without their secrets."""

    id: int
    person_id: int
    email: str
    name: str
    role: Role
    languages: tuple[str, ...]
    skills: frozenset[str]
    gender: str | None
    capacity: int
    locale: str
    active: bool
    presence: Presence
    seen_at: datetime | None

    def here(self, now: datetime) -> bool:
        """Available, with a console open."""
        seen = self.seen_at is not None and now - self.seen_at < HERE
        return self.active and seen and self.presence is Presence.AVAILABLE


@dataclass(frozen=True, kw_only=True)
class NewStaff:
    """What is needed to add somebody."""

    email: str
    name: str
    role: Role
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    gender: str | None = None
    capacity: int = 5
    locale: str = "en"


class Unfit(ValueError):
    """Nobody can be added like this; the message is an English msgid for who typed it."""


class Taken(Unfit):
    """This e-mail address has an account already."""

    def __init__(self) -> None:
        super().__init__("This e-mail address has an account already.")


def fit(
    known: Iterable[str], *, email: str, name: str, role: str, languages: Iterable[str],
    skills: Iterable[str], gender: str = "", capacity: str = "5",
) -> NewStaff:  # fmt: skip
    """Somebody as they were typed in. `known`: the languages of the service. Raises Unfit."""
    email, name = email.strip().lower(), " ".join(name.split())
    spoken, able = set(languages), set(skills)
    chosen = tuple(language for language in known if language in spoken)
    if not is_mailbox(email):
        raise Unfit("This is not an e-mail address.")
    if not name.isprintable() or not 1 <= len(name) <= 60:
        raise Unfit("The name must have 1 to 60 letters.")
    if role not in list(Role):
        raise Unfit("There is no such role.")
    if not chosen or spoken - set(chosen):
        raise Unfit("Choose one or more of the languages of the service.")
    if able - set(SKILLS):
        raise Unfit("There is no such skill.")
    if gender not in ("", "f", "m"):
        raise Unfit("Choose one of the answers for the gender.")
    if not (capacity.isascii() and capacity.isdecimal() and len(capacity) < 4
            and int(capacity) <= MOST):  # fmt: skip
        raise Unfit("The number of cases must be between 0 and 50.")
    return NewStaff(
        email=email, name=name, role=Role(role), languages=chosen,
        skills=tuple(skill for skill in SKILLS if skill in able), gender=gender or None,
        capacity=int(capacity), locale="en" if "fr" not in chosen or "en" in chosen else "fr",
    )  # fmt: skip


def add(conn: sa.Connection, new: NewStaff, now: datetime) -> int:
    """Adds an account without password or second factor; returns its id. Raises Taken."""
    row = {**_columns(conn, new), "locale": new.locale, "recovery": [], "created_at": now,
           "person_id": people.make(conn, now)}  # fmt: skip
    return int(conn.execute(staff.insert().returning(staff.c.id), row).scalar_one())


def alter(conn: sa.Connection, id: int, new: NewStaff) -> None:
    """Makes the account what `new` says, but for the language of the console. Raises Taken."""
    change(conn, id, **_columns(conn, new, id))


def mail(conn: sa.Connection, vault: Vault, id: int) -> None:
    """From now on rings go to the account's e-mail address too."""
    member = one(conn, id)
    if member is not None:
        people.attach(conn, vault, member.person_id, "email", member.email)


def change(conn: sa.Connection, id: int, **values: Any) -> None:
    """Sets columns of one account."""
    conn.execute(staff.update().where(staff.c.id == id).values(**values))


def one(conn: sa.Connection, id: int) -> Staff | None:
    """The account, or None."""
    row = conn.execute(sa.select(staff).where(staff.c.id == id)).first()
    return _staff(row) if row else None


def everyone(conn: sa.Connection) -> list[Staff]:
    """All accounts by name, also those that are no longer active."""
    return [_staff(row) for row in conn.execute(sa.select(staff).order_by(staff.c.name))]


def seen(conn: sa.Connection, id: int, now: datetime, case_id: int | None = None) -> None:
    """An open console says that it is there, and which case is on the screen."""
    values: dict[str, Any] = {"seen_at": now}
    if case_id is not None:
        values |= {"case_id": case_id, "case_at": now}
    change(conn, id, **values)


def arrives(conn: sa.Connection, id: int, now: datetime) -> None:
    """Signed in: available, until they say otherwise. Else who forgets it is never rung."""
    change(conn, id, seen_at=now, presence=Presence.AVAILABLE.value)


def looking_at(conn: sa.Connection, case_id: int, now: datetime) -> list[str]:
    """The names of those who have this case on their screen now."""
    query = sa.select(staff.c.name).where(
        staff.c.case_id == case_id, staff.c.case_at > now - LOOKS
    )
    return list(conn.scalars(query.order_by(staff.c.name)))


def anybody_here(conn: sa.Connection, now: datetime) -> bool:
    """Whether somebody who counsels is available with a console open."""
    query = sa.select(staff.c.id).where(
        staff.c.active == sa.true(), staff.c.presence == Presence.AVAILABLE.value,
        staff.c.role.in_([role.value for role in COUNSELS]), staff.c.seen_at > now - HERE,
    )  # fmt: skip
    return conn.execute(query.limit(1)).first() is not None


def _columns(conn: sa.Connection, new: NewStaff, id: int | None = None) -> dict[str, Any]:
    email = new.email.strip().lower()
    if conn.scalar(sa.select(staff.c.id).where(staff.c.email == email)) not in (None, id):
        raise Taken
    return {"email": email, "name": new.name, "role": new.role.value, "gender": new.gender,
            "languages": list(new.languages), "skills": list(new.skills),
            "capacity": new.capacity}  # fmt: skip


def _staff(row: sa.Row[Any]) -> Staff:
    return Staff(
        id=row.id, person_id=row.person_id, email=row.email, name=row.name, role=Role(row.role),
        languages=tuple(row.languages), skills=frozenset(row.skills), gender=row.gender,
        capacity=row.capacity, locale=row.locale, active=row.active,
        presence=Presence(row.presence), seen_at=row.seen_at,
    )  # fmt: skip
