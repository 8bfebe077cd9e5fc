"""The app's own reply belongs to the post it answers, whoever else answers it and wherever one
talks."""

from __future__ import annotations

import sqlalchemy as sa

from bot.outbox import outbox
from bot.peers.posts import posts
from tests.networks.conftest import Network


def sent_ids(network: Network) -> dict[str, str]:
    """The provider's id of the copy that each phone got last, by address."""
    from bot.people import addresses

    def body(conn: sa.Connection) -> dict[str, str]:
        rows = conn.execute(
            sa.select(outbox.c.id, addresses.c.sealed).where(outbox.c.lane == "2")
            .join(addresses, addresses.c.id == outbox.c.address_id).order_by(outbox.c.id)
        ).all()  # fmt: skip
        found = {}
        for row in rows:
            conn.execute(outbox.update().where(outbox.c.id == row.id)
                         .values(provider_id=f"m{row.id}"))  # fmt: skip
            found[network.loop.vault.open(row.sealed)] = f"m{row.id}"
        return found

    return network.loop.database.call(body)


def written(network: Network) -> list[tuple[int, str, int | None]]:
    query = sa.select(posts.c.group_id, posts.c.text, posts.c.reply_to).order_by(posts.c.id)
    return [tuple(row) for row in network.loop.database.call(lambda c: c.execute(query).all())]


async def test_two_who_answer_the_same_post_at_once_both_answer_it(network: Network) -> None:
    group = network.open(hold_first=0)
    for who, name in (("77", "Blue Thread"), ("78", "Red Button"), ("79", "Green Zip")):
        await network.join(who, name)
    await network.say("77", "#tailoring who has thread?")
    ids = sent_ids(network)
    network.loop.receive(*(
        network.loop.message(f"me, {who}", who, replied=ids[who]) for who in ("78", "79")
    ))  # fmt: skip
    await network.loop.work()
    assert sorted(written(network)[1:]) == [(group, "me, 78", 1), (group, "me, 79", 1)]


async def test_a_reply_to_another_group_goes_there_and_not_into_the_talk(network: Network) -> None:
    first = network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    await network.say("78", "#tailoring who has thread?")
    replied = sent_ids(network)["77"]
    second = network.open("sewing", hold_first=0)
    for text in ("#sewing", "1", "1", "Quiet Drum", "talk"):
        await network.say("77", text)
    await network.say("77", "2")  # in the second group
    await network.say("77", "hello sewers")
    await network.say("77", "I have some", replied=replied)
    await network.say("77", "still here")
    assert written(network)[1:] == [
        (second, "hello sewers", None), (first, "I have some", 1), (second, "still here", None),
    ]  # fmt: skip


async def test_who_withdraws_a_post_twice_is_answered_twice(network: Network) -> None:
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.say("77", "#tailoring who has thread?")
    assert "is withdrawn" in (await network.say("77", "withdraw 1"))[-1]
    assert "is withdrawn" in (await network.say("77", "withdraw 1"))[-1]
