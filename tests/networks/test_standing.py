"""What a member is stays what a moderator made it: leaving, a second phone or patience do not help.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.peers import members, moderation, persons
from bot.peers.decisions import Act, By
from tests.networks.conftest import Network

STAFF = By(staff_id=1)


async def two(network: Network) -> None:
    network.open(hold_first=0, per_minute=60)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")


def do(network: Network, verb, *args, **more):  # type: ignore[no-untyped-def]
    return network.loop.database.call(verb, *args, network.clock(), **more)


async def leave(network: Network, who: str) -> None:
    for text in ("groups", "1", "Leave the group", "Leave"):
        said = await network.say(who, text)
    assert "You have left" in said[-1]


async def told(network: Network, who: str) -> str:
    before = len(network.got(who))
    await network.loop.work()
    return "\n".join(network.got(who)[before:])


async def test_who_writes_something_ugly_and_leaves_can_still_be_banned(network: Network) -> None:
    await two(network)
    await network.say("77", "#tailoring something ugly")
    await leave(network, "77")
    left = network.member("77").left_at
    until = network.clock() + timedelta(days=30)
    assert do(network, moderation.sanction, network.member("77").id, Act.BANNED, STAFF, "ugly",
              until=until)  # fmt: skip
    assert "you are out of the group until" in await told(network, "77")
    assert "cannot enter" in (await network.say("77", "join tailoring"))[-1]
    row = network.member("77")
    assert (row.standing, row.left_at) == ("banned", left)
    assert network.loop.database.call(count, network.group) == 1
    assert not do(network, moderation.sanction, row.id, Act.BANNED, STAFF, "twice", until=until)
    assert not do(network, moderation.sanction, row.id, Act.SILENCED, STAFF, "out", until=until)


def count(conn, group):  # type: ignore[no-untyped-def]
    from bot.peers import groups

    found = groups.one(conn, group)
    return found.members if found else None


@pytest.mark.parametrize("was", ["active", "left"])
async def test_a_ban_comes_along_when_two_phones_turn_out_to_be_one_person(
    network: Network, was: str
) -> None:
    await two(network)
    if was == "left":
        await leave(network, "78")
    until = network.clock() + timedelta(days=30)
    banned, other = network.member("77"), network.member("78")
    do(network, moderation.sanction, banned.id, Act.BANNED, STAFF, "ugly", until=until)
    network.loop.database.call(persons.join, banned.person_id, other.person_id, network.clock())
    row = network.member("78")
    assert (row.standing, row.until) == ("banned", until)


async def test_of_two_bans_the_longer_one_stays(network: Network) -> None:
    await two(network)
    soon, late = (network.clock() + timedelta(days=n) for n in (1, 90))
    gone, keep = network.member("77"), network.member("78")
    do(network, moderation.sanction, gone.id, Act.BANNED, STAFF, "ugly", until=late)
    do(network, moderation.sanction, keep.id, Act.BANNED, STAFF, "ugly", until=soon)
    network.loop.database.call(persons.join, gone.person_id, keep.person_id, network.clock())
    assert network.member("78").until == late


async def test_a_silence_comes_along_when_two_phones_turn_out_to_be_one_person(
    network: Network,
) -> None:
    await two(network)
    until = network.clock() + timedelta(days=7)
    silent, other = network.member("77"), network.member("78")
    do(network, moderation.sanction, silent.id, Act.SILENCED, STAFF, "ugly", until=until)
    do(network, moderation.sanction, silent.id, Act.WARNED, STAFF, "ugly")
    network.loop.database.call(persons.join, silent.person_id, other.person_id, network.clock())
    row = network.member("78")
    assert (row.standing, row.silenced_until, row.warned) == ("active", until, 1)


async def test_nobody_is_told_they_may_write_while_a_longer_silence_holds(
    network: Network,
) -> None:
    await two(network)
    member = network.member("77").id
    for days in (1, 7):
        until = network.clock() + timedelta(days=days)
        do(network, moderation.sanction, member, Act.SILENCED, STAFF, "ugly", until=until)
    await told(network, "77")
    network.clock.forward(days=1, minutes=1)
    assert "may write" not in await told(network, "77")
    network.clock.forward(days=6)
    assert "you may write again" in await told(network, "77")


async def test_a_sanction_that_was_lifted_does_not_end_a_second_time(network: Network) -> None:
    await two(network)
    until = network.clock() + timedelta(days=1)
    member = network.member("77").id
    do(network, moderation.sanction, member, Act.SILENCED, STAFF, "ugly", until=until)
    do(network, moderation.lift, member, STAFF)
    assert "you may write again" in await told(network, "77")
    network.clock.forward(days=1, minutes=1)
    assert "may write" not in await told(network, "77")


async def test_a_second_name_for_who_is_in_already_does_not_count_them_twice(
    network: Network,
) -> None:
    await two(network)
    row = network.member("77")
    do(network, members.enter, network.group, row.person_id, "Green Zip", "25-34")
    assert network.loop.database.call(count, network.group) == 2


async def test_who_was_taken_out_comes_back_when_a_moderator_lets_them(network: Network) -> None:
    await two(network)
    member = network.member("77").id
    do(network, moderation.sanction, member, Act.REMOVED, STAFF, "ugly")
    await told(network, "77")
    assert "cannot enter" in (await network.say("77", "join tailoring"))[-1]
    assert do(network, moderation.lift, member, STAFF)
    await told(network, "77")
    assert "Groups are for adults" in (await network.say("77", "join tailoring"))[-1]
