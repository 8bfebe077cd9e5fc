"""A post that is taken out reaches nobody who has not got it, by itself or in a digest; when it is
back, everybody who missed it gets it once."""

from __future__ import annotations

import sqlalchemy as sa

from bot.outbox import outbox
from bot.peers import moderation, posts
from bot.peers.decisions import By
from tests.networks.conftest import Network

STAFF = By(staff_id=1)
SMS = "+233244123456"
WHATSAPP = "whatsapp:+233501234567"


async def three(network: Network, third: str = "79", channel: str = "telegram") -> None:
    network.open(hold_first=0, per_minute=60)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    await network.join(third, "Green Zip", channel)


def do(network: Network, verb, *args):  # type: ignore[no-untyped-def]
    return network.loop.database.call(verb, *args, network.clock())


def sent(network: Network, *whose: str) -> None:
    """What waits for these phones leaves."""
    theirs = [network.member(who).person_id for who in whose]
    network.loop.database.call(lambda conn: conn.execute(
        outbox.update().where(outbox.c.person_id.in_(theirs), sa.text("rank = 0"))
        .values(status="sent", rank=1)
    ))  # fmt: skip


async def later(network: Network, **how: float) -> None:
    await network.deliver()
    network.clock.forward(**how)
    await network.loop.work()
    await network.deliver()


def times(network: Network, who: str, words: str) -> int:
    return "\n".join(network.got(who)).count(words)


async def test_a_post_that_is_shown_again_reaches_those_whose_copies_were_stopped(
    network: Network,
) -> None:
    await three(network)
    await network.say("77", "#tailoring silk by the yard")
    sent(network, "78")
    assert do(network, moderation.hide, 1, STAFF, "")
    await later(network, minutes=5)
    assert times(network, "79", "silk by the yard") == 0
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, minutes=5)
    assert [times(network, who, "silk by the yard") for who in ("78", "79")] == [1, 1]
    await network.say("77", "#tailoring and lining")
    await later(network, hours=30)
    assert [times(network, who, "silk by the yard") for who in ("78", "79")] == [1, 1]
    assert times(network, "79", "and lining") == 1


async def test_it_may_be_taken_out_and_shown_more_than_once(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring silk by the yard")
    sent(network, "78")
    for _ in range(3):
        assert do(network, moderation.hide, 1, STAFF, "")
        assert times(network, "79", "silk by the yard") == 0
        assert do(network, moderation.approve, 1, STAFF)
        await later(network, minutes=5)
    assert [times(network, who, "silk by the yard") for who in ("78", "79")] == [1, 1]


async def test_who_was_passed_by_while_it_was_out_gets_it_too(network: Network) -> None:
    """At night nothing goes; in the morning the hidden post is left out, and comes later."""
    await three(network, SMS, "sms")
    network.clock.now = network.clock.now.replace(hour=22)
    await network.say("77", "#tailoring silk by the yard")
    await network.say("77", "#tailoring and lining")
    assert do(network, moderation.hide, 1, STAFF, "")
    network.clock.forward(hours=9, minutes=1)
    await network.deliver()
    network.clock.now = network.clock.now.replace(hour=18, minute=1)
    await network.deliver()
    for who in ("78", SMS):
        assert (times(network, who, "silk by"), times(network, who, "and lining")) == (0, 1)
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, hours=24)
    for who in ("78", SMS):
        assert (times(network, who, "silk by"), times(network, who, "and lining")) == (1, 1)


async def test_who_left_stopped_or_joined_later_gets_nothing_of_it(network: Network) -> None:
    await three(network)
    await network.join("80", "Gold Hem")
    await network.say("77", "#tailoring silk by the yard")
    assert do(network, moderation.hide, 1, STAFF, "")
    await network.say("78", "stop")
    for text in ("groups", "1", "Leave the group", "Leave"):
        await network.say("79", text)
    await network.say("80", "block 1")
    await network.join("81", "Quiet Drum")
    await network.join("79", "Green Zip")
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, minutes=5)
    for who in ("78", "79", "80", "81"):
        assert times(network, who, "silk by the yard") == 0, who


async def test_a_lifted_decision_brings_the_post_to_those_who_missed_it(network: Network) -> None:
    from bot.peers import appeals

    await three(network)
    await network.say("77", "#tailoring silk by the yard")
    sent(network, "78")
    assert do(network, moderation.take_out, 1, STAFF, "no")
    await later(network, minutes=1)
    for text in ("Ask for another look", "it is only silk"):
        await network.say("77", text)
    id = network.loop.database.call(appeals.waiting)[0].id
    assert network.loop.database.call(
        appeals.settle, id, By(staff_id=2), network.clock(), lift=True
    )
    await later(network, minutes=5)
    assert [times(network, who, "silk by the yard") for who in ("78", "79")] == [1, 1]


async def evening(network: Network) -> None:
    """Two posts wait in the digest of the SMS member."""
    await three(network, SMS, "sms")
    await network.say("77", "#tailoring silk by the yard")
    await network.say("78", "#tailoring and lining")
    network.clock.now = network.clock.now.replace(hour=18, minute=1)
    await network.deliver()
    assert (times(network, SMS, "silk by"), times(network, SMS, "and lining")) == (1, 1)


async def test_a_digest_that_waits_does_not_say_what_was_withdrawn_meanwhile(
    network: Network,
) -> None:
    await evening(network)
    cost = network.member(SMS).spent
    network.clock.forward(seconds=20)
    await network.say("77", "withdraw 1")
    assert (times(network, SMS, "silk by"), times(network, SMS, "and lining")) == (0, 1)
    assert network.member(SMS).spent <= cost, "only what is sent is paid for"
    assert network.loop.database.call(posts.one, 1).state == "withdrawn"  # type: ignore[union-attr]


async def test_a_digest_that_waits_does_not_say_what_was_hidden_and_says_it_when_it_is_back(
    network: Network,
) -> None:
    await evening(network)
    network.clock.forward(seconds=20)
    assert do(network, moderation.hide, 1, STAFF, "")
    await later(network, seconds=20)
    assert (times(network, SMS, "silk by"), times(network, SMS, "and lining")) == (0, 1)
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, hours=24)
    assert (times(network, SMS, "silk by"), times(network, SMS, "and lining")) == (1, 1)


async def test_a_digest_that_is_gone_stays_as_it_is(network: Network) -> None:
    await evening(network)
    sent(network, SMS)
    network.clock.forward(seconds=20)
    assert do(network, moderation.hide, 1, STAFF, "")
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, hours=24)
    assert (times(network, SMS, "silk by"), times(network, SMS, "and lining")) == (1, 1)


async def test_of_a_long_digest_only_the_messages_that_say_it_are_written_anew(
    network: Network,
) -> None:
    await three(network, SMS, "sms")
    words = "the price of thread went up, " * 5
    for n in range(1, 9):
        await network.say("77", f"#tailoring message {n} {words}")
    network.clock.now = network.clock.now.replace(hour=18, minute=1)
    await network.deliver()
    rows = [row for row in network.copies() if row.key.startswith("digest")]
    assert len(rows) > 3
    assert sorted({id for row in rows for id in row.part["posts"]}) == list(range(1, 9))
    gone = rows[0]
    network.loop.database.call(lambda conn: conn.execute(
        outbox.update().where(outbox.c.id == gone.id).values(status="sent", rank=1)
    ))  # fmt: skip
    network.clock.forward(seconds=20)
    assert do(network, moderation.hide, 5, STAFF, "")
    await later(network, seconds=20)
    assert times(network, SMS, "message 5") == 0
    for n in (1, 4, 6, 8):
        assert times(network, SMS, f"message {n} ") == 1
    stopped = [row for row in network.copies() if row.status == "aborted" and row.channel == "sms"]
    assert 0 < len(stopped) < len(rows) - 1


async def test_whatsapp_outside_its_window_gets_it_after_an_answer(network: Network) -> None:
    await three(network, WHATSAPP, "whatsapp")
    await network.say("77", "#tailoring silk by the yard")
    assert do(network, moderation.hide, 1, STAFF, "")
    network.clock.forward(hours=26)
    assert do(network, moderation.approve, 1, STAFF)
    await later(network, minutes=1)
    assert times(network, WHATSAPP, "silk by") == 0
    assert "new messages in your group" in network.got(WHATSAPP)[-1]
    await network.say(WHATSAPP, "ok", channel="whatsapp")
    assert times(network, WHATSAPP, "silk by") == 1
