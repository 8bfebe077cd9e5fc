"""A name that somebody had in a group stays theirs for a year: nobody else passes for them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.peers import reserved
from tests.networks.conftest import Network

NEARLY = reserved.KEPT.days - 1


async def one(network: Network) -> None:
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")


async def leave(network: Network, who: str) -> None:
    for text in ("groups", "1", "Leave the group", "Leave"):
        said = await network.say(who, text)
    assert "You have left" in said[-1]


async def to_the_name(network: Network, who: str) -> str:
    for text in ("join tailoring", "1", "1"):
        said = await network.say(who, text)
    return said[-1]


async def named(network: Network, who: str, name: str) -> str:
    await to_the_name(network, who)
    return (await network.say(who, name))[-1]


@pytest.mark.parametrize("alike", ["Blue Thread", "blue thread", "B1ue  Thread"])
async def test_nobody_else_gets_the_name_of_who_left(network: Network, alike: str) -> None:
    await one(network)
    await leave(network, "77")
    network.clock.forward(days=NEARLY)
    assert "is taken" in await named(network, "78", alike)


async def test_who_comes_back_is_offered_their_own_name(network: Network) -> None:
    await one(network)
    await leave(network, "77")
    network.clock.forward(days=30)
    assert "1 Blue Thread" in "\n".join(f"{n} {o.label}" for n, o in await offered(network, "77"))
    assert "You are Blue Thread" in (await network.say("77", "1"))[-1]
    assert network.member("77", "Blue Thread").standing == "active"


async def offered(network: Network, who: str):  # type: ignore[no-untyped-def]
    from bot import people

    await to_the_name(network, who)
    id = network.member(who).person_id
    person = network.loop.database.call(people.read, [id])[id]
    return list(enumerate(person.state.offered, 1))


async def test_after_a_year_the_name_is_free(network: Network) -> None:
    await one(network)
    await leave(network, "77")
    network.clock.forward(days=NEARLY + 2)
    assert "You are Blue Thread" in await named(network, "78", "Blue Thread")
    assert "is taken" in await named(network, "77", "Blue Thread")
    assert "You are Red Button" in (await network.say("77", "Red Button"))[-1]


async def test_a_name_that_was_changed_is_still_nobody_elses(network: Network) -> None:
    await one(network)
    await leave(network, "77")
    assert "You are Quiet Drum" in await named(network, "77", "Quiet Drum")
    assert "is taken" in await named(network, "78", "Blue Thread")
    await leave(network, "77")
    assert "You are Blue Thread" in await named(network, "77", "Blue Thread")
    assert "is taken" in await named(network, "79", "Quiet Drum")


@pytest.mark.parametrize("left", [False, True])
async def test_the_name_of_who_is_forgotten_is_nobodys_for_a_year(
    network: Network, left: bool
) -> None:
    await one(network)
    if left:
        await leave(network, "77")
    for text in ("delete my data", "1"):
        await network.say("77", text)
    network.clock.forward(days=NEARLY)
    assert "is taken" in await named(network, "78", "Blue Thread")
    rows = network.loop.database.call(lambda conn: conn.execute(sa.select(reserved.reserved)).all())
    assert [row.member_id for row in rows] == [None], "nothing tells whose it was"
    network.clock.forward(days=2)
    network.loop.database.call(reserved.purge, network.clock())
    assert "You are Blue Thread" in await named(network, "79", "Blue Thread")


async def test_who_is_taken_out_for_good_keeps_the_name_busy(network: Network) -> None:
    from bot.peers import moderation
    from bot.peers.decisions import Act, By

    await one(network)
    id = network.member("77").id
    network.loop.database.call(
        moderation.sanction, id, Act.BANNED, By(staff_id=1), "ugly", network.clock()
    )
    network.clock.forward(days=3 * 365)
    assert "is taken" in await named(network, "78", "Blue Thread")
