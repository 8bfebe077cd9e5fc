"""Quiet hours and pauses hold for everything that is not one to one: thanks and what relays are
told, too. What answers somebody comes at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.peers import moderation, relays
from bot.peers.decisions import By
from tests.networks.conftest import Network

STAFF = By(staff_id=1)


async def three(network: Network, **rules: int) -> None:
    """79 is a relay; her time begins when nobody sleeps."""
    network.open(per_minute=60, **({"hold_first": 0} | rules))
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    await network.join("79", "Green Zip")
    until = network.clock() + timedelta(days=90)
    id = network.member("79").id
    assert network.loop.database.call(relays.appoint, id, until, STAFF, network.clock())
    await network.say("79", "menu")


def night(network: Network) -> None:
    network.clock.now = network.clock.now.replace(hour=22, minute=0)


async def morning(network: Network, *, hours: float = 9) -> None:
    network.clock.forward(hours=hours, minutes=1)
    await network.loop.work()
    await network.deliver()


async def pause(network: Network, who: str) -> None:
    for text in ("groups", "1", "Pause"):
        await network.say(who, text)
    assert "Nothing from this group until" in (await network.say(who, "8 hours"))[-1]


def count(network: Network, who: str, words: str) -> int:
    return sum(words in text for text in network.got(who))


async def test_thanks_at_night_come_in_the_morning_once(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring use a thimble")
    night(network)
    await network.say("78", "thanks 1")
    assert count(network, "77", "thanks you for #1") == 0
    await morning(network)
    assert count(network, "77", "thanks you for #1") == 1
    network.clock.forward(hours=24)
    await network.loop.work()
    assert count(network, "77", "thanks you for #1") == 1


async def test_thanks_wait_until_the_pause_of_the_group_is_over(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring use a thimble")
    await pause(network, "77")
    await network.say("78", "thanks 1")
    assert count(network, "77", "thanks you for #1") == 0
    network.clock.forward(hours=8, minutes=1)
    await network.loop.work()
    assert count(network, "77", "thanks you for #1") == 1


@pytest.mark.parametrize("resting", ["night", "pause"])
async def test_a_relay_hears_of_newcomers_and_held_posts_when_the_rest_is_over(
    network: Network, resting: str
) -> None:
    await three(network, hold_first=1)
    if resting == "pause":
        await pause(network, "79")
    else:
        night(network)
    await network.say("77", "#tailoring hello from Kumasi")
    await network.say("78", "#tailoring and from Tamale")
    assert network.loop.database.call(moderation.approve, 2, STAFF, network.clock())
    await network.join("80", "Gold Hem")
    await network.loop.work()
    for words in ("hello from Kumasi", "and from Tamale", "somebody new"):
        assert count(network, "79", words) == 0, words
    await morning(network, hours={"night": 9, "pause": 8}[resting])
    assert count(network, "79", 'Blue Thread: "hello from Kumasi"') == 1
    assert count(network, "79", 'Red Button: "and from Tamale"') == 0, "it was decided meanwhile"
    assert count(network, "79", "somebody new") == 1
    await network.say("79", "Send it")
    assert count(network, "78", "hello from Kumasi") == 1


async def test_an_answer_and_a_decision_about_oneself_come_at_night_too(network: Network) -> None:
    await three(network, hold_first=1)
    night(network)
    await network.say("77", "#tailoring buy my amulets")
    assert network.loop.database.call(moderation.decline, 1, STAFF, "no", network.clock())
    await network.loop.work()
    assert "did not send your message" in network.got("77")[-1]
    for text in ("groups", "1", "Relay tools"):
        await network.say("79", text)
    assert "JOIN " in (await network.say("79", "Invitation code"))[-1]


async def test_a_relay_whose_term_ended_meanwhile_is_not_asked(network: Network) -> None:
    await three(network, hold_first=1)
    night(network)
    await network.say("77", "#tailoring hello from Kumasi")
    id = network.member("79").id
    assert network.loop.database.call(relays.end, id, STAFF, network.clock())
    await morning(network)
    assert count(network, "79", "hello from Kumasi") == 0
    assert count(network, "79", "Your time as a relay") == 1
