"""Photos and voice notes in a group: a provider that has them, and the porter who fetches them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels.base import Channel, Pace
from bot.channels.telegram import Telegram
from bot.events import Part, Reason, SendError, Sent
from bot.peers import media, moderation, relays
from bot.peers.decisions import By
from bot.peers.posts import posts
from bot.porter import Porter
from bot.simulator import samples
from tests.networks.conftest import Network

NOT_NOW = SendError(Reason.PROVIDER, retry=10, code="503")
MODERATOR = By(staff_id=1)


@dataclass
class Provider(Channel):
    """Gives the files it has, by their references."""

    has: dict[str, bytes | SendError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    name = "telegram"  # type: ignore[misc]
    limits = Telegram.limits
    pace = Pace(per_second=1000, pause=0)

    @classmethod
    def create(cls, settings: object) -> None:  # type: ignore[override]
        return None

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        raise NotImplementedError

    async def fetch(self, reference: str, most: int) -> bytes | SendError:
        self.asked.append(reference)
        return self.has[reference]


@dataclass
class Gallery:
    """The group with its files. `show` is a member who sends one; `porter` has not come yet."""

    network: Network
    provider: Provider
    porter: Porter

    async def show(
        self, who: str, kind: str = "photo", text: str = "",
        *, content: bytes | SendError | None = None,
    ) -> list[str]:  # fmt: skip
        """Sends a file, by default a good one, with words."""
        made = {"photo": samples.photo, "voice": samples.voice}[kind]()
        reference = f"ref{len(self.provider.has)}"
        self.provider.has[reference] = made if content is None else content
        return await self.network.say(
            who, f"#tailoring {text}", attachment=kind, media=reference
        )

    async def carry(self) -> None:
        """The porter comes, and everybody hears what became of it."""
        await self.porter.step()
        await self.network.loop.work()
        await self.network.deliver()

    async def decide(self, *, approve: bool, post: int = 0) -> bool:
        loop, id = self.network.loop, post or self.last().id
        if approve:
            done = loop.database.call(moderation.approve, id, MODERATOR, loop.clock())
        else:
            done = loop.database.call(moderation.decline, id, MODERATOR, "no", loop.clock())
        await loop.work()
        await self.network.deliver()
        return done

    def appoint(self, who: str) -> None:
        loop = self.network.loop
        until = loop.clock() + timedelta(days=60)
        member = self.network.member(who).id
        assert loop.database.call(relays.appoint, member, until, MODERATOR, loop.clock())

    def last(self) -> sa.Row[Any]:
        query = sa.select(posts).order_by(posts.c.id.desc()).limit(1)
        return self.network.loop.database.call(lambda conn: conn.execute(query).one())

    def kept(self) -> int:
        return self.network.loop.count(media.media)

    def parts(self, who: str) -> list[dict[str, Any]]:
        """What this phone was sent, as the outbox has it."""
        loop = self.network.loop
        person = self.network.member(who).person_id
        return [row.part for row in loop.rows() if row.person_id == person]
