"""A group with members on several phones: the loop, and the postman who brings posts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot.events import Status
from bot.outbox import outbox
from bot.peers import groups
from bot.peers.groups import NewGroup
from bot.peers.members import members
from bot.people import addresses
from bot.porter import Porter
from bot.postman import Postman
from bot.screening.rules import Rules
from bot.wake import Wake
from tests.engine.conftest import Clock, Loop, loop, make_loop  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.networks.files import Gallery


@dataclass
class Network:
    """People write with `say`; posts arrive with `deliver`; `got` is what a phone received."""

    loop: Loop
    postman: Postman
    group: int = 0

    @property
    def clock(self) -> Clock:
        return self.loop.clock

    def open(self, tag: str = "tailoring", *, language: str = "en", **rules: Any) -> int:
        new = NewGroup(tag=tag, sector="tailoring_fashion", region=None, language=language,
                       rules=Rules(**rules))  # fmt: skip
        self.group = self.loop.database.call(groups.open_group, new, self.clock()) or 0
        return self.group

    async def join(self, who: str, name: str, channel: str = "telegram") -> None:
        """The whole way in, as a person does it."""
        for text in ("join tailoring", "1", "1", name):
            self.clock.forward(seconds=20)
            await self.loop.say(text, who=who, channel=channel)
        assert self.member(who, name)

    def member(self, who: str, name: str = "") -> sa.Row[Any]:
        """The row of the person behind an address in the group."""
        def body(conn: sa.Connection) -> sa.Row[Any]:
            rows = conn.execute(
                sa.select(members, addresses.c.sealed)
                .join(addresses, addresses.c.person_id == members.c.person_id)
                .where(members.c.group_id == self.group)
            ).all()
            found = [r for r in rows if self.loop.vault.open(r.sealed) == who]
            assert found, f"{who} is not in the group"
            assert not name or found[0].name == name
            return found[0]

        return self.loop.database.call(body)

    async def deliver(self) -> None:
        while await self.postman.step():
            pass

    async def say(self, who: str, *texts: str, channel: str = "telegram", **body: Any) -> list[str]:
        """Writes, lets posts arrive, and returns what this phone got meanwhile."""
        before = len(self.got(who))
        self.loop.receive(*(self.loop.message(t, who, channel, **body) for t in texts))
        await self.loop.work()
        await self.deliver()
        return self.got(who)[before:]

    def got(self, who: str) -> list[str]:
        """Everything for this phone but what was stopped before it left."""
        query = (
            sa.select(outbox.c.part, addresses.c.sealed)
            .join(addresses, addresses.c.id == outbox.c.address_id)
            .where(outbox.c.status != Status.ABORTED.value).order_by(outbox.c.id)
        )
        rows = self.loop.database.call(lambda conn: conn.execute(query).all())
        return [row.part["text"] for row in rows if self.loop.vault.open(row.sealed) == who]

    def copies(self) -> list[sa.Row[Any]]:
        """Rows of the outbox that carry posts."""
        query = sa.select(outbox).where(outbox.c.lane == "2").order_by(outbox.c.id)
        return list(self.loop.database.call(lambda conn: conn.execute(query).all()))


@pytest.fixture
async def network(loop: Loop) -> AsyncIterator[Network]:  # noqa: F811
    made = Network(loop, Postman(loop.database, loop.library.country, Wake(loop.database),
                                 clock=loop.clock))  # fmt: skip
    assert await made.postman._lease.take()
    yield made
    await made.postman._lease.give_back()


@pytest.fixture
async def gallery(network: Network) -> AsyncIterator[Gallery]:
    from tests.networks.files import Gallery, Provider

    provider, database = Provider(), network.loop.database
    channels = {"telegram": provider, "whatsapp": provider}
    porter = Porter(database, channels, Wake(database), clock=network.clock)
    assert await porter._lease.take()
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    yield Gallery(network, provider, porter)
    await porter._lease.give_back()
