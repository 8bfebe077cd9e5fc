"""When posts come: at once, in a digest, after a pause, outside WhatsApp's window, never."""

from __future__ import annotations

from tests.networks.conftest import Network

WHATSAPP = "whatsapp:+233501234567"
SMS = "+233244123456"


async def two(network: Network, other: str, channel: str = "telegram") -> None:
    network.open(hold_first=0, per_minute=60)
    await network.join("77", "Blue Thread")
    await network.join(other, "Red Button", channel)


def posts(network: Network, who: str) -> list[str]:
    marks = ("Blue Thread", "messages in your")
    return [text for text in network.got(who) if any(mark in text for mark in marks)]


async def test_outside_whatsapps_window_one_nudge_a_day_and_the_rest_on_an_answer(
    network: Network,
) -> None:
    await two(network, WHATSAPP, "whatsapp")
    network.clock.forward(hours=26)
    for n in (1, 2, 3):
        await network.say("77", f"#tailoring message {n}")
    assert [t for t in posts(network, WHATSAPP) if "message" in t] == posts(network, WHATSAPP)
    assert len(posts(network, WHATSAPP)) == 1
    assert "There are new messages in your group" in posts(network, WHATSAPP)[0]
    (row,) = network.copies()
    assert row.part["template"] == "peers"
    network.clock.forward(hours=3)
    await network.say("77", "#tailoring message 4")
    assert len(posts(network, WHATSAPP)) == 1, "one nudge a day"
    await network.say(WHATSAPP, "ok", channel="whatsapp")
    backlog = posts(network, WHATSAPP)[-1]
    assert all(f"message {n}" in backlog for n in (1, 2, 3, 4))
    await network.say("77", "#tailoring message 5")
    assert "message 5" in posts(network, WHATSAPP)[-1]
    assert len(posts(network, WHATSAPP)) == 3


async def test_sms_gets_one_digest_a_day_within_the_months_budget(network: Network) -> None:
    await two(network, SMS, "sms")
    for day in range(34):
        await network.say("77", f"#tailoring good morning, this is the long message of day {day} "
                                "about lining, zips, buttons and the price of thread in town")
        network.clock.forward(hours=24)
        await network.deliver()
    in_november = [r for r in network.copies() if r.channel == "sms" and r.created_at.month == 11]
    in_december = [r for r in network.copies() if r.channel == "sms" and r.created_at.month == 12]
    assert 5 <= len(in_november) <= 8, "one a day"
    assert 15 <= len(in_december) <= 20, "until the budget of 40 segments is spent"
    asked = await network.say(SMS, "posts", channel="sms")
    assert "day 33" in " ".join(asked), "whoever asks gets them all the same"


async def test_quiet_hours_let_nobody_be_woken(network: Network) -> None:
    await two(network, "78")
    network.clock.now = network.clock.now.replace(hour=22)
    await network.say("77", "#tailoring late thought")
    assert posts(network, "78") == []
    network.clock.forward(hours=9, minutes=1)
    await network.deliver()
    assert "late thought" in posts(network, "78")[-1]


async def test_a_pause_and_a_rhythm_of_ones_own(network: Network) -> None:
    await two(network, "78")
    await network.say("78", "groups")
    await network.say("78", "1")
    await network.say("78", "Pause")
    await network.say("78", "One day")
    await network.say("77", "#tailoring during the pause")
    assert posts(network, "78") == []
    network.clock.forward(hours=24, minutes=1)
    await network.deliver()
    assert "during the pause" in posts(network, "78")[-1]
    for text in ("groups", "1", "How often", "Once a day"):
        await network.say("78", text)
    await network.say("77", "#tailoring for the evening")
    assert "evening" not in posts(network, "78")[-1]
    network.clock.forward(hours=7)
    await network.deliver()
    assert "for the evening" in posts(network, "78")[-1]


async def test_many_at_once_come_as_one_digest(network: Network) -> None:
    await two(network, "78")
    texts = [f"#tailoring message {n}" for n in range(1, 7)]
    network.loop.receive(*(network.loop.message(t, "77") for t in texts))
    await network.loop.work()
    await network.deliver()
    (digest,) = posts(network, "78")
    assert all(f"message {n}" in digest for n in range(1, 6))


async def test_who_stopped_left_or_blocked_gets_nothing(network: Network) -> None:
    await two(network, "78")
    await network.join("79", "Green Zip")
    await network.join("80", "Gold Hem")
    await network.say("77", "#tailoring first")
    await network.say("78", "stop")
    await network.say("79", "block 1")
    for text in ("groups", "1", "Leave the group", "Leave"):
        await network.say("80", text)
    await network.say("77", "#tailoring second")
    for who in ("78", "79", "80"):
        assert not any("second" in text for text in network.got(who)), who


async def test_while_a_counsellor_talks_posts_wait(network: Network) -> None:
    from bot import people

    await two(network, "78")
    person = network.member("78").person_id
    network.loop.database.call(people.hand_to, person, "Abena")
    await network.say("77", "#tailoring meanwhile")
    assert posts(network, "78") == []
    network.loop.database.call(people.hand_to, person, None)
    network.clock.forward(minutes=31)
    await network.deliver()
    assert "meanwhile" in posts(network, "78")[-1]


async def test_a_post_that_is_taken_back_does_not_leave_any_more(network: Network) -> None:
    await two(network, "78")
    await network.join(SMS, "Green Zip", "sms")
    await network.say("77", "#tailoring oh no")
    said = await network.say("77", "withdraw 1")
    assert "withdrawn" in said[-1]
    assert [row.status for row in network.copies()] == ["aborted"]
    network.clock.forward(hours=8)
    await network.deliver()
    assert not any("oh no" in text for text in network.got(SMS))


async def test_the_apps_own_reply_is_an_answer_to_that_post(network: Network) -> None:
    import sqlalchemy as sa

    from bot.outbox import outbox

    await two(network, "78")
    await network.say("77", "#tailoring who has thread?")
    (row,) = network.copies()
    network.loop.database.call(lambda conn: conn.execute(
        sa.update(outbox).where(outbox.c.id == row.id).values(provider_id="991", rank=1)
    ))  # fmt: skip
    await network.say("78", "I have some", replied="991")
    assert "(#tailoring 2 > 1): I have some" in network.got("77")[-1]


async def test_a_newcomer_gets_what_comes_after_not_what_was_before(network: Network) -> None:
    await two(network, "78")
    await network.say("77", "#tailoring before")
    await network.join("79", "Green Zip")
    await network.say("77", "#tailoring after")
    assert [("before" in t, "after" in t) for t in posts(network, "79")] == [(False, True)]
