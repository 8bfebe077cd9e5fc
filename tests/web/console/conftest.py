"""The office: a running console, its staff, and a browser for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import argon2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import audit, passwords, sessions, signin, staff
from bot.db import Database
from bot.library import Library
from bot.roles import Role
from bot.staff import NewStaff, Staff
from bot.understanding.explainer import Explainer
from bot.vault import Vault
from bot.wake import Wake
from bot.web.console.desk import Desk
from bot.web.console.guard import COOKIE
from bot.web.console.hub import Hub
from bot.web.console.routes import routes
from tests.engine.conftest import Clock

HOST = "sankofa.example"
ROOT = f"https://{HOST}"
PASSWORD = "the goats came home"


@dataclass(frozen=True, kw_only=True)
class MovedDesk(Desk):
    """A desk whose clock stands still until it is moved."""

    clock: Clock

    def now(self) -> datetime:
        return self.clock()


@dataclass
class Seat:
    """A browser in front of the console; redirects are answers, they are not followed."""

    office: Office
    client: TestClient

    @property
    def token(self) -> str:
        """The session cookie; empty when there is none."""
        return self.client.cookies.get(COOKIE) or ""

    @property
    def csrf(self) -> str:
        """What this session's forms carry; empty when there is none."""
        found = self.office.call(sessions.find, self.token, self.office.clock())
        return found.csrf if found else ""

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, params=query or None)

    def post(self, path: str, **form: str) -> Any:
        """Submits a form with the csrf of this session."""
        return self.client.post(path, data={"csrf": self.csrf, **form})


@dataclass
class Office:
    """A console over TestClient on a database of either engine. The clock stands at noon."""

    database: Database
    vault: Vault
    library: Library
    second_factor: bool = True
    clock: Clock = field(default_factory=Clock)
    model: Path | None = None  # nlu.store.PATH

    def __post_init__(self) -> None:
        wake = Wake(self.database)
        self.desk = MovedDesk(
            self.database, self.vault, self.library, wake, Hub(self.database, wake), ROOT,
            Explainer(self.library, self.model), second_factor=self.second_factor, clock=self.clock,
        )  # fmt: skip
        self.app = Starlette(routes=routes(self.desk))

    def call(self, body: Any, *args: Any, **kwargs: Any) -> Any:
        """One transaction."""
        return self.database.call(body, *args, **kwargs)

    def member(self, role: Role | str = Role.COUNSELLOR, *, password: str = "",
               **more: Any) -> Staff:  # fmt: skip
        """Adds somebody with this role; `more` are fields of NewStaff."""
        n = len(self.call(staff.everyone)) + 1
        fields = {"email": f"member{n}@example.org", "name": f"Member {n}", **more}
        id = self.call(staff.add, NewStaff(role=Role(role), **fields), self.clock())
        if password:
            self.call(signin.set_password, id, password)
        return self.again(id)

    def again(self, member: Staff | int) -> Staff:
        """The account as it is now."""
        id = member if isinstance(member, int) else member.id
        found: Staff | None = self.call(staff.one, id)
        assert found is not None
        return found

    def row(self, member: Staff) -> Any:
        """The account's row, with its secrets."""
        query = staff.staff.select().where(staff.staff.c.id == member.id)
        return self.call(lambda conn: conn.execute(query).one())

    def visitor(self, **more: Any) -> Seat:
        """A browser in which nobody is signed in."""
        return Seat(self, TestClient(self.app, ROOT, follow_redirects=False, **more))

    def as_(self, member: Staff, *, second: bool = True) -> Seat:
        """A browser in which this member is signed in; `second`: past the second factor too."""
        seat = self.visitor()
        token = self.call(sessions.begin, member.id, self.clock(), second=second)
        seat.client.cookies.set(COOKIE, token, domain=HOST, path="/console")
        return seat

    def audited(self, action: str | None = None) -> list[audit.Entry]:
        """What the audit holds, the oldest first."""
        entries: list[audit.Entry] = self.call(audit.page, action=action, limit=500)
        return entries[::-1]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argon2 for tests that do not look at it."""
    made = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", made)


@pytest.fixture
def office(database: Database, vault: Vault, library: Library) -> Office:
    """A console where the second factor is asked for."""
    return Office(database, vault, library)


@pytest.fixture
def demo(database: Database, vault: Vault, library: Library) -> Office:
    """A console where the password is enough."""
    return Office(database, vault, library, second_factor=False)
