"""Who asks to be forgotten: nothing of theirs goes out any more, and no words of theirs stay."""

from __future__ import annotations

import sqlalchemy as sa

from bot.events import Status
from bot.peers import moderation, posts, queue
from bot.peers.appeals import appeals, purge, settle
from bot.peers.decisions import By
from bot.peers.posts import State
from tests.networks.conftest import Network


async def two(network: Network, **rules: int) -> None:
    network.open(**({"hold_first": 0, "per_minute": 60} | rules))
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")


async def forget(network: Network, who: str) -> None:
    for text in ("delete my data", "1"):
        await network.say(who, text)


async def test_what_waits_in_the_outbox_or_for_a_digest_does_not_go_any_more(
    network: Network,
) -> None:
    await two(network)
    await network.join("+233244123456", "Green Zip", "sms")
    await network.say("77", "#tailoring come to my house in Kumasi")
    await forget(network, "77")
    assert network.loop.database.call(posts.one, 1).state == State.WITHDRAWN  # type: ignore[union-attr]
    kept = [row for row in network.copies() if row.key.startswith("post:1:")]
    assert {row.status for row in kept} == {Status.ABORTED.value}
    network.clock.forward(hours=8)
    await network.deliver()
    assert not any("Kumasi" in text or "new:" in text for text in network.got("+233244123456"))


async def test_a_post_that_waits_is_not_asked_about_any_more(network: Network) -> None:
    await two(network, hold_first=1)
    await network.say("77", "#tailoring hello")
    await forget(network, "77")
    assert network.loop.database.call(queue.held) == []


async def test_the_words_of_an_appeal_are_gone(network: Network) -> None:
    await two(network, hold_first=1)
    await network.say("77", "#tailoring hello")
    network.loop.database.call(moderation.decline, 1, By(staff_id=1), "no", network.clock())
    await network.loop.work()
    for text in ("Ask for another look", "my name is Kwabena"):
        await network.say("77", text)
    await forget(network, "77")
    assert words(network) == ""


def words(network: Network) -> str:
    query = sa.select(appeals.c.text)
    return str(network.loop.database.call(lambda conn: conn.scalar(query)))


async def test_the_words_of_a_settled_appeal_are_kept_as_long_as_other_texts(
    network: Network,
) -> None:
    await two(network, hold_first=1)
    await network.say("77", "#tailoring hello")
    network.loop.database.call(moderation.decline, 1, By(staff_id=1), "no", network.clock())
    await network.loop.work()
    for text in ("Ask for another look", "it is only about thread"):
        await network.say("77", text)
    network.clock.forward(days=31)
    network.loop.database.call(purge, network.clock())
    assert words(network) == "it is only about thread", "nobody has looked yet"
    network.loop.database.call(settle, 1, By(staff_id=2), network.clock(), lift=False)
    network.clock.forward(days=31)
    network.loop.database.call(purge, network.clock())
    assert words(network) == ""
