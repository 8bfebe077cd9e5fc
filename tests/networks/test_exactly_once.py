"""Posts in two groups to many on three channels, through every fault and every death: once, in
order, or visibly in doubt."""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa

from bot import outbox, worker
from bot.events import Status
from bot.peers import fanout
from bot.people import addresses
from bot.sender import Sender
from bot.wake import Wake
from tests.conftest import THOROUGH
from tests.networks.conftest import Network
from tests.networks.crowd import FAULTS, Stormy, fill

COUNTS = {"telegram": 100, "whatsapp": 100, "sms": 56} if THOROUGH else {
    "telegram": 16, "whatsapp": 16, "sms": 8
}  # fmt: skip
TAGS = ("tailoring", "baking")
DAYS = ((12, 0), (8, 0))  # when posts are written: the second day WhatsApp's window is still open
A_DAY = 2  # posts in each group
SAID = re.compile(r"message (\w+) (\d+)\b")


class Killed(BaseException):
    """The process ends here, whatever was under way."""


async def storm(network: Network, channel: Stormy, *, killed: bool) -> None:
    """One sender's life; a killed one leaves calls unsettled that the provider has accepted."""
    sender = Sender(network.loop.database, channel, network.loop.vault,
                    Wake(network.loop.database), clock=network.clock)  # fmt: skip
    assert await sender._lease.take()
    await sender._lease.run(outbox.doubt_inflight, channel.name, network.clock())
    lives = channel.dice.randrange(1, 9)
    for _ in range(30):
        before = len(channel.accepted)
        await sender.step()
        await asyncio.gather(*sender._calls)
        network.clock.forward(seconds=2)
        lives -= 1
        if killed and lives < 0 and len(channel.accepted) > before:
            channel.faults["killed"] += 1
            await sender._lease.give_back()
            return
    await sender._finish()


async def write(network: Network, who: str, text: str, *, dies: bool) -> None:
    """A member writes; a worker that dies has done everything but commit its turn."""
    network.loop.receive(network.loop.message(text, who))
    if dies:
        whole = worker.turns.process

        def process(*args: Any) -> bool:
            whole(*args)
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(worker.turns, "process", process)
            with pytest.raises(Killed):
                await network.loop.work()
        network.clock.forward(seconds=worker.LEASE.total_seconds() + 1)
    await network.loop.work()


async def hand_over(network: Network, *, dies: bool) -> None:
    def half(conn: sa.Connection) -> None:
        assert fanout.step(conn, network.loop.library.country, network.clock())
        raise Killed

    if dies:
        with pytest.raises(Killed):
            network.loop.database.call(half)
    await network.deliver()


def unsettled(network: Network) -> int:
    waiting = (Status.QUEUED, Status.AWAITING_RETRY, Status.INFLIGHT)
    return sum(row.status in waiting for row in network.copies())


def in_doubt(network: Network) -> dict[str, set[tuple[str, int]]]:
    """By address: the posts of which nobody knows whether they arrived, for all to see."""
    def body(conn: sa.Connection) -> dict[str, set[tuple[str, int]]]:
        o, found = outbox.outbox.c, defaultdict(set)
        query = sa.select(o.part, addresses.c.sealed).join(
            addresses, addresses.c.id == o.address_id
        ).where(o.lane == "2", o.status == Status.IN_DOUBT.value)  # fmt: skip
        for row in conn.execute(query):
            for word, number in SAID.findall(row.part["text"]):
                found[network.loop.vault.open(row.sealed)].add((word, int(number)))
        return found

    return network.loop.database.call(body)


@pytest.mark.parametrize("seed", range(3 if THOROUGH else 1))
async def test_each_member_has_each_post_once_in_order_or_visibly_in_doubt(
    network: Network, seed: int
) -> None:
    dice = random.Random(seed)
    for tag in TAGS:
        network.open(tag, hold_first=0, per_minute=99)
        who = fill(network, **COUNTS)
    author = who["telegram"][0]
    channels = {
        name: Stormy(name, dice, answers_lookups=name != "telegram") for name in COUNTS
    }
    written: dict[str, list[int]] = {tag: [] for tag in TAGS}
    for day, (hour, minute) in enumerate(DAYS):
        if day:
            network.clock.forward(days=1)
        network.clock.now = network.clock.now.replace(hour=hour, minute=minute)
        for n in range(day * A_DAY + 1, (day + 1) * A_DAY + 1):
            for tag in TAGS:
                text = f"#{tag} message {tag} {n}"
                await write(network, author, text, dies=n % 2 == 1)
                written[tag].append(n)
                await hand_over(network, dies=n % 2 == 0)
                for channel in channels.values():
                    await storm(network, channel, killed=True)
        network.clock.now = network.clock.now.replace(hour=18, minute=1)
        await network.deliver()  # the digests by SMS
        for channel in channels.values():
            await storm(network, channel, killed=True)
    for name, channel in channels.items():
        missing = {fault for fault in (*FAULTS, "killed") if not channel.faults[fault]}
        assert not missing, f"{name} had no {missing}"
        channel.calm = True
    for _ in range(30):
        for channel in channels.values():
            await storm(network, channel, killed=False)
        network.clock.forward(seconds=30)
        if not unsettled(network):
            break
    assert unsettled(network) == 0
    keys = [row.key for row in network.copies()]
    assert len(keys) == len(set(keys))
    doubts = in_doubt(network)
    assert set(doubts) <= set(who["telegram"]), "where the provider can be asked nothing stays"
    for name, channel in channels.items():
        got: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for address, text in channel.accepted:
            if "Member" in text:  # by its author's name: a post, not the answer to its author
                got[address] += [(word, int(number)) for word, number in SAID.findall(text)]
        for address in who[name]:
            for tag in TAGS:
                numbers = [n for word, n in got[address] if word == tag]
                wanted = [] if address == author else written[tag]
                assert numbers == sorted(set(numbers)), f"{address} got {numbers} of {tag}"
                lost = {(tag, n) for n in wanted} - set(got[address])
                assert lost <= doubts[address], f"{address} misses {lost}, and nobody can see it"

