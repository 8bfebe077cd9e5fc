"""What a relay types names posts by the numbers that the group sees, in the group they are relay
of; never by a number of the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.peers import posts, relays
from bot.peers.decisions import By
from bot.peers.posts import NewPost, State
from tests.networks.conftest import Network


async def three(network: Network, tag: str = "tailoring", **rules: int) -> None:
    """79 is the relay. Another group has posts already, so that ids and numbers differ."""
    other = network.open("sewing")
    for n in range(20):
        new = NewPost(group_id=other, member_id=None, event_id=None, state=State.OUT, text=str(n))
        network.loop.database.call(posts.put, new, network.clock())
    network.open(tag, **({"hold_first": 1, "per_minute": 60} | rules))
    for who, name in (("77", "Blue Thread"), ("78", "Red Button"), ("79", "Green Zip")):
        for text in (f"#{tag}", "1", "1", name):
            await network.say(who, text)
        assert network.member(who, name)
    appoint(network, "79")


def appoint(network: Network, who: str) -> None:
    until, id = network.clock() + timedelta(days=90), network.member(who).id
    assert network.loop.database.call(relays.appoint, id, until, By(staff_id=1), network.clock())


async def says(network: Network, who: str, text: str) -> str:
    return "\n".join(await network.say(who, text))


def state(network: Network, text: str) -> str:
    def body(conn: sa.Connection) -> Any:
        return conn.scalar(sa.select(posts.posts.c.state).where(posts.posts.c.text == text))

    return str(network.loop.database.call(body))


async def test_a_relay_approves_and_declines_by_the_number_in_the_message(
    network: Network,
) -> None:
    await three(network)
    await network.say("77", "#tailoring hello from Kumasi")
    await network.say("78", "#tailoring buy my amulets")
    told = "\n".join(network.got("79"))
    assert 'Blue Thread: "hello from Kumasi"\nOr write: APPROVE 1, or DECLINE 1.' in told
    assert 'Red Button: "buy my amulets"\nOr write: APPROVE 2, or DECLINE 2.' in told
    await says(network, "79", "approve 1")
    await says(network, "79", "refuser 2")
    assert state(network, "hello from Kumasi") == "out"
    assert state(network, "buy my amulets") == "declined"
    assert "(#tailoring 1): hello from Kumasi" in network.got("78")[-2]


async def test_a_number_of_the_database_names_nothing(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring hello from Kumasi")
    newest = sa.select(sa.func.max(posts.posts.c.id))
    id = network.loop.database.call(lambda conn: conn.scalar(newest))
    assert id > 20
    said = await says(network, "79", f"approve {id}")
    assert f"no post waits under the number {id}" in said
    assert state(network, "hello from Kumasi") == "held"


async def test_what_is_decided_does_not_wait_any_more(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring hello from Kumasi")
    await says(network, "79", "decline 1")
    assert "no post waits under the number 1" in await says(network, "79", "approve 1")
    await says(network, "79", "Send it")
    assert "no post waits under the number 1" in network.got("79")[-1]
    assert state(network, "hello from Kumasi") == "declined"


async def test_hide_and_pin_take_the_number_of_the_post(network: Network) -> None:
    await three(network, hold_first=0)
    for n in (1, 2, 3):
        await network.say("77", f"#tailoring message {n}")
    await says(network, "79", "hide 2")
    assert [state(network, f"message {n}") for n in (1, 2, 3)] == ["out", "hidden", "out"]
    await says(network, "79", "pin 3")
    pinned = network.loop.database.call(posts.pinned, network.group)
    assert pinned is not None
    assert pinned.text == "message 3"
    for text in ("hide 2", "pin 2", "#tailoring hide 9", "#tailoring help 9"):
        assert "I find no post" in await says(network, "79", text), text


@pytest.mark.parametrize("typed", ["approve 1", "hide 1"])
async def test_a_relay_of_two_groups_has_to_say_which(network: Network, typed: str) -> None:
    await three(network, hold_first=1)
    first = network.group
    await network.say("77", "#tailoring in the first")
    network.open("baking", hold_first=1 if "approve" in typed else 0)
    for who, name in (("78", "Red Oven"), ("79", "Green Oven")):
        for text in ("#baking", "1", "1", name):
            await network.say(who, text)
    appoint(network, "79")
    await network.say("78", "#baking in the second")
    if "hide" in typed:
        await says(network, "79", "#tailoring approve 1")
    said = await says(network, "79", typed)
    assert "Which group is #1 in? Or write #group before it." in said
    await says(network, "79", f"#tailoring {typed}")
    assert first != network.group
    assert state(network, "in the first") == ("out" if "approve" in typed else "hidden")
    assert state(network, "in the second") == ("held" if "approve" in typed else "out")


async def test_a_member_who_is_no_relay_is_told_so(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring hello from Kumasi")
    said = await says(network, "78", "#tailoring approve 1")
    assert "for relays of the group" in said
    assert state(network, "hello from Kumasi") == "held"
