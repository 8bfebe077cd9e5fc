"""Whoever needs a group and its members takes the group first, so that nobody waits in a circle."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.peers import fanout, groups, members, moderation, queue
from bot.peers.decisions import Act, By
from tests.networks.conftest import Network

WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def circle(network: Network, group: int, member: int, do: Callable[[], object]) -> None:
    """Holds the group as the postman does; when `do` waits for it, reaches for the member."""
    database = network.loop.database
    other = threading.Thread(target=do)

    def hold(conn: sa.Connection) -> None:
        assert groups.lock(conn, group)
        other.start()
        while other.is_alive() and not conn.execute(WAITING).scalar_one():
            pass
        assert other.is_alive()
        members.change(conn, member, got=0)

    database.call(hold)
    other.join(timeout=30)


async def two(network: Network) -> None:
    if network.loop.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")


async def test_a_post_waits_for_the_postman_with_empty_hands(network: Network) -> None:
    await two(network)
    network.loop.receive(network.loop.message("#tailoring hello", "77"))
    await circle(network, network.group, network.member("77").id,
                 lambda: asyncio.run(network.loop.work()))  # fmt: skip
    assert "#1 is on its way" in network.got("77")[-1]


async def test_a_sanction_waits_for_the_postman_with_empty_hands(network: Network) -> None:
    await two(network)
    id = network.member("77").id

    def ban(conn: sa.Connection) -> None:
        assert queue.fresh(conn, id, 0)
        assert moderation.sanction(conn, id, Act.BANNED, By(staff_id=1), "x", network.clock())

    await circle(network, network.group, id, lambda: network.loop.database.call(ban))
    assert network.member("77").standing == "banned"


async def test_a_post_that_is_hidden_in_the_middle_of_its_fan_out_goes_to_nobody(
    network: Network,
) -> None:
    await two(network)
    network.loop.receive(network.loop.message("#tailoring hello", "77"))
    await network.loop.work()
    database, hiding = network.loop.database, By(staff_id=1)
    other = threading.Thread(
        target=lambda: database.call(moderation.hide, 1, hiding, "", network.clock())
    )

    def hand_over(conn: sa.Connection) -> None:
        assert fanout.step(conn, network.loop.library.country, network.clock())
        other.start()
        while other.is_alive() and not conn.execute(WAITING).scalar_one():
            pass

    database.call(hand_over)
    other.join(timeout=30)
    assert [row.status for row in network.copies()] == ["aborted"]
