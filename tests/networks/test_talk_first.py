"""While a post goes to many, an answer to one waits no longer than the channel's own pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot import outbox
from bot.channels import CHANNELS
from bot.channels.base import Channel
from bot.events import Lane, Part, SendError, Sent
from bot.outbox import Draft
from bot.sender import AHEAD, Sender
from bot.wake import Wake
from tests.networks.conftest import Network
from tests.networks.crowd import fill

MEMBERS = 60
ANSWER = "an answer to you alone"


@dataclass
class Provider(Channel):
    """Notes when each text came; `waits` for what a call takes."""

    name: str  # type: ignore[misc]
    clock: Callable[[], datetime]
    waits: Callable[[str], bool] = lambda text: False
    came: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        channel = CHANNELS[self.name]
        self.limits, self.pace = channel.limits, channel.pace  # type: ignore[misc]

    @classmethod
    def create(cls, settings: object) -> None:  # type: ignore[override]
        return None

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        self.came.append((self.clock(), part.text))
        if self.waits(part.text):
            await asyncio.Event().wait()
        return Sent(f"m{row}")


@dataclass
class Paced:
    """The limiter on the clock of the test: a slot every `every` seconds. `at` calls something when
    so many have gone by, in the middle of what was claimed."""

    network: Network
    every: float
    at: int
    then: Callable[[], None]

    async def acquire(self) -> None:
        await asyncio.sleep(0)  # the call before begins
        self.at -= 1
        if self.at == 0:
            self.then()
        self.network.clock.forward(seconds=self.every)


@asynccontextmanager
async def sending(network: Network, provider: Provider) -> AsyncIterator[Sender]:
    sender = Sender(network.loop.database, provider, network.loop.vault,
                    Wake(network.loop.database), clock=network.clock)  # fmt: skip
    assert await sender._lease.take()
    yield sender
    for call in tuple(sender._calls):
        call.cancel()
    await asyncio.gather(*sender._calls, return_exceptions=True)
    await sender._finish()


async def crowd(network: Network, channel: str) -> str:
    """A post of hers waits for everybody; the address of one who gets an answer."""
    network.open(hold_first=0)
    who = fill(network, **{"telegram": 1, channel: MEMBERS})
    await network.loop.say("#tailoring who has thread?", who=who["telegram"][0])
    await network.deliver()
    network.clock.now = network.clock.now.replace(hour=18, minute=1)
    await network.deliver()
    assert sum(row.channel == channel for row in network.copies()) >= MEMBERS - 1
    return who[channel][-1]


def answer(network: Network, who: str, channel: str) -> None:
    member = network.member(who)
    draft = Draft("talk:1", member.person_id, address_of(network, member.person_id), channel,
                  Part(text=ANSWER), Lane.TALK)  # fmt: skip
    network.loop.database.call(outbox.put, [draft], network.clock())


def address_of(network: Network, person_id: int) -> int:
    from bot import people

    return network.loop.database.call(people.reply_addresses, [person_id])[person_id][0]


CHANNELS_OF_GROUPS = ["telegram", "whatsapp", "sms"]


@pytest.mark.parametrize("channel", CHANNELS_OF_GROUPS)
async def test_an_answer_goes_before_the_copies_that_wait(network: Network, channel: str) -> None:
    who = await crowd(network, channel)
    provider, asked = Provider(channel, network.clock), list[datetime]()
    slot = 1 / provider.pace.per_second

    def ask() -> None:
        answer(network, who, channel)
        asked.append(network.clock())

    async with sending(network, provider) as sender:
        sender._limiter = Paced(network, slot, 11, ask)  # type: ignore[assignment]
        while not any(text == ANSWER for _, text in provider.came):
            assert await sender.step(), "the answer does not go"
            await asyncio.gather(*sender._calls)
    before = [text for _, text in provider.came].index(ANSWER)
    assert before < MEMBERS / 2, "most copies went first"
    # The slot of the copy that was on its way, what was claimed with it, and its own.
    waited = provider.came[before][0] - asked[0]
    assert waited.total_seconds() <= 2 * slot + AHEAD + 0.001


@pytest.mark.parametrize("channel", CHANNELS_OF_GROUPS)
async def test_copies_that_the_provider_is_slow_with_take_not_every_call(
    network: Network, channel: str
) -> None:
    who = await crowd(network, channel)
    provider = Provider(channel, network.clock, lambda text: text != ANSWER)
    async with sending(network, provider) as sender:
        sender._limiter = Paced(network, 0.0, 0, lambda: None)  # type: ignore[assignment]
        for _ in range(4 * provider.pace.calls):
            await sender.step()
            await asyncio.sleep(0)
        assert 0 < len(provider.came) < provider.pace.calls
        answer(network, who, channel)
        assert await sender.step()
        await asyncio.sleep(0)
        assert provider.came[-1][1] == ANSWER
