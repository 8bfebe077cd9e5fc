"""The loop without HTTP: arrivals in, turns taken, outbox read."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot import inbox
from bot.db import Database
from bot.events import Incoming, Kind
from bot.library import Library
from bot.outbox import outbox
from bot.understanding import Embedded, Understanding
from bot.vault import Vault
from bot.wake import Wake
from bot.worker import Worker
from tests.conftest import NOON

if TYPE_CHECKING:
    from tests.engine.desk import Counting, Desk
    from tests.engine.referring import Referring
    from tests.engine.room import Room


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how: float) -> None:
        self.now += timedelta(**how)


@dataclass
class Loop:
    """Everything between the webhook and the sender."""

    database: Database
    vault: Vault
    understanding: Understanding
    library: Library
    clock: Clock = field(default_factory=Clock)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def worker(self, **more: Any) -> Worker:
        wake = Wake(self.database)
        return Worker(self.database, self.vault, self.understanding, self.library, wake,
                      clock=self.clock, **more)  # fmt: skip

    def receive(self, *arrivals: Incoming) -> None:
        self.database.call(inbox.receive, self.vault, arrivals, self.clock())

    def message(
        self, text: str, who: str = "77", channel: str = "telegram", **body: Any
    ) -> Incoming:
        return Incoming(
            channel=channel, external_id=f"x{next(self.numbers)}", kind=Kind.MESSAGE,
            addresses=(who,), body={"text": text, **body},
        )  # fmt: skip

    async def work(self, worker: Worker | None = None) -> None:
        worker = worker or self.worker()
        while await worker.step():
            pass

    async def say(self, *texts: str, who: str = "77", channel: str = "telegram") -> list[str]:
        """The person writes; returns what is said back, in order."""
        before = len(self.out(who))
        self.receive(*(self.message(t, who, channel) for t in texts))
        await self.work()
        return self.out(who)[before:]

    def rows(self) -> Sequence[sa.Row[Any]]:
        return self.database.call(
            lambda conn: conn.execute(sa.select(outbox).order_by(outbox.c.id)).all()
        )

    def out(self, who: str = "77", channel: str | None = None) -> list[str]:
        from bot.people import addresses

        query = (
            sa.select(outbox.c.part, addresses.c.sealed)
            .join(addresses, addresses.c.id == outbox.c.address_id)
            .order_by(outbox.c.id)
        )
        rows = self.database.call(lambda conn: conn.execute(query).all())
        return [row.part["text"] for row in rows if self.vault.open(row.sealed) == who]

    def count(self, table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table)
        return int(self.database.call(lambda conn: conn.execute(query).scalar_one()))


@pytest.fixture
def make_loop(vault: Vault, library: Library) -> Callable[..., Loop]:
    def make(database: Database, understanding: Understanding) -> Loop:
        return Loop(database, vault, understanding, library)

    return make


@pytest.fixture
def loop(database: Database, vault: Vault, embedded: Embedded, library: Library) -> Loop:
    return Loop(database, vault, embedded, library)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """An argon2 for tests that do not look at it."""
    from bot import passwords
    from tests.engine.desk import Counting

    made = Counting()
    monkeypatch.setattr(passwords, "HASHER", made)
    return made


@pytest.fixture
def desk(cheap: Counting, database: Database, vault: Vault) -> Desk:
    from tests.engine.desk import Desk

    return Desk(database, vault)


@pytest.fixture
async def room(loop: Loop) -> AsyncIterator[Room]:
    from tests.engine.room import Room

    made = Room(loop)
    yield made
    await made.watch._lease.give_back()


@pytest.fixture
async def referring(loop: Loop, room: Room) -> Referring:
    """Ama has the case and the person's conversation."""
    from tests.engine.referring import PERSON, Referring

    made = Referring(loop, room)
    await loop.say(PERSON)
    room.take(made.ama)
    await room.heard()
    return made
