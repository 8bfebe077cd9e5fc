"""A desk in the console: Ama, who works here, and what she or somebody else types."""

from __future__ import annotations

from typing import Any

import argon2
import pyotp
import sqlalchemy as sa

from bot import signin, staff
from bot.db import Database
from bot.roles import Role
from bot.signin import Failure
from bot.vault import Vault
from tests.conftest import NOON
from tests.engine.conftest import Clock

GOOD = "the goats came home late"
HOSTILE = ["", "0" * 100_000, "\0", "\ud800", "１２３４５６", "' OR 1=1 --", "-----", "😀" * 6]


class Counting(argon2.PasswordHasher):
    """A cheap argon2 that counts its work."""

    verified = 0

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        self.verified += 1
        return super().verify(hash, password)


class Desk:
    """One member of staff, with a clock to move."""

    def __init__(self, database: Database, vault: Vault, name: str = "Ama") -> None:
        self.database, self.vault, self.clock = database, vault, Clock()
        new = staff.NewStaff(email=f"{name}@example.org", name=name, role=Role.COUNSELLOR)
        self.id = database.call(staff.add, new, NOON)
        database.call(signin.set_password, self.id, GOOD)

    def password(self, typed: str = GOOD, email: str = "ama@example.org") -> int | Failure:
        stored = self.database.call(signin.stored, email)
        attempt = signin.compare(email, typed, stored)
        return self.database.call(signin.settle, attempt, self.clock())

    def wrong(self, times: int) -> None:
        """Somebody guesses."""
        given = [self.password("not hers at all") for _ in range(times)]
        assert given == [Failure.WRONG] * times

    def enrol(self) -> tuple[pyotp.TOTP, list[str]]:
        """Sets up her phone; returns its app and the sheet, half a minute later."""
        begun = signin.begin_totp(self.vault)
        app = pyotp.parse_uri(begun.uri)
        assert isinstance(app, pyotp.TOTP)
        sheet = self.confirm(begun.secret, app.at(self.clock()))
        assert sheet is not None
        self.clock.forward(seconds=30)
        return app, sheet

    def confirm(self, secret: str, code: str) -> list[str] | None:
        return self.database.call(
            signin.enrol, self.vault, self.id, secret, code, self.clock()
        )

    def code(self, typed: str) -> bool:
        return self.database.call(signin.second, self.vault, self.id, typed, self.clock())

    def enrolled(self) -> bool:
        return self.database.call(signin.enrolled, self.id)

    def row(self) -> sa.Row[Any]:
        query = sa.select(staff.staff).where(staff.staff.c.id == self.id)
        return self.database.call(lambda conn: conn.execute(query).one())
