"""A post to many on three channels, through every fault: once, in order, or visibly in doubt."""

from __future__ import annotations

import asyncio
import random

import pytest
import sqlalchemy as sa

from bot.events import Status
from bot.peers import fanout
from bot.sender import Sender
from bot.wake import Wake
from tests.conftest import THOROUGH
from tests.networks.conftest import Network
from tests.networks.crowd import Stormy, fill

COUNTS = {"telegram": 100, "whatsapp": 100, "sms": 56} if THOROUGH else {
    "telegram": 20, "whatsapp": 20, "sms": 8
}  # fmt: skip
POSTS = 4


async def storm(network: Network, channel: Stormy, *, killed: bool) -> None:
    """One sender's life; a killed one leaves calls unsettled that the provider has accepted."""
    sender = Sender(network.loop.database, channel, network.loop.vault,
                    Wake(network.loop.database), clock=network.clock)  # fmt: skip
    assert await sender._lease.take()
    await sender._lease.run(outbox_doubt, channel.name, network.clock())
    for _ in range(30):
        await sender.step()
        await asyncio.gather(*sender._calls)
        network.clock.forward(seconds=2)
        if killed and sender._results and channel.dice.random() < 0.1:
            break
    else:
        await sender._finish()
        return
    await sender._lease.give_back()


def outbox_doubt(conn: sa.Connection, name: str, now: object) -> None:
    from bot import outbox

    outbox.doubt_inflight(conn, name, now)  # type: ignore[arg-type]


def dies(conn: sa.Connection, network: Network) -> None:
    assert fanout.step(conn, network.loop.library.country, network.clock())
    raise RuntimeError("killed")


def open_rows(network: Network) -> int:
    waiting = (Status.QUEUED, Status.AWAITING_RETRY, Status.INFLIGHT)
    return sum(row.status in waiting for row in network.copies())


@pytest.mark.parametrize("seed", range(3 if THOROUGH else 1))
async def test_each_member_has_each_post_once_in_order_or_visibly_in_doubt(
    network: Network, seed: int
) -> None:
    network.open(hold_first=0, per_minute=99)
    who = fill(network, **COUNTS)
    author, dice = who["telegram"][0], random.Random(seed)
    channels = {
        name: Stormy(name, dice, answers_lookups=name != "telegram") for name in COUNTS
    }
    for n in range(1, POSTS + 1):
        await network.loop.say(f"#tailoring message {n}", who=author)
        if n == 2:  # the process dies in the middle of the fan-out
            with pytest.raises(RuntimeError):
                network.loop.database.call(dies, network)
        await network.deliver()
        for channel in channels.values():
            await storm(network, channel, killed=True)
    network.clock.now = network.clock.now.replace(hour=18, minute=1)
    await network.deliver()  # the digests by SMS
    for _ in range(30):
        for channel in channels.values():
            channel.calm = True
            await storm(network, channel, killed=False)
        network.clock.forward(seconds=30)
        if not open_rows(network):
            break
    doubtful = {
        (row.address_id, row.key.split(":")[1]) for row in network.copies()
        if row.status == Status.IN_DOUBT
    }  # fmt: skip
    assert open_rows(network) == 0
    keys = [row.key for row in network.copies()]
    assert len(keys) == len(set(keys))
    for name, channel in channels.items():
        for address in who[name]:
            got = [t for a, t in channel.accepted if a == address and "Member" in t]
            numbers = [n for text in got for n in range(1, POSTS + 1) if f"message {n}" in text]
            wanted = [] if address == author else list(range(1, POSTS + 1))
            assert numbers == sorted(set(numbers)), f"{address} got {numbers}"
            if name == "telegram":
                missing = set(wanted) - set(numbers)
                assert len(missing) <= len(doubtful), "missing, and nobody can see it"
            else:
                assert numbers == wanted
    visible = sum(row.status == Status.IN_DOUBT for row in network.copies())
    got = sum("Member" in text for _, text in channels["telegram"].accepted)
    assert got + visible >= POSTS * (COUNTS["telegram"] - 1)
    assert not any(author == a and "message" in t for a, t in channels["telegram"].accepted
                   if "Member" in t)  # fmt: skip
