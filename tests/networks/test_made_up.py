"""Choices that no button of ours carries: whoever makes them up gets an ordinary answer."""

from __future__ import annotations

import pytest

from bot.events import Incoming, Kind
from tests.networks.conftest import Network

HUGE = "9" * 40


@pytest.mark.parametrize(
    "token",
    [
        f"answer:1:{HUGE}", f"thanks:1:{HUGE}", f"report:1:{HUGE}:scam", f"talk:{HUGE}",
        f"names:1:{HUGE}", f"decide:1:{HUGE}:1", f"appeal:{HUGE}", f"enter:{HUGE}", "answer:1:²",
        "answer:1:-1", "thanks:1:٣", "hush:1:²", "hush:1:٨", f"hush:1:{HUGE}", "mode:1:",
        "leave:1:", "sectors:٣", f"sectors:{HUGE}", "age:1:", "name:1:", "record:", "lookup:\ud800",
        "decide:1:0:1", "rules:0", "seeks:\x00",
    ],
)  # fmt: skip
async def test_a_made_up_choice_breaks_nothing(network: Network, token: str) -> None:
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    before = len(network.got("77"))
    network.loop.receive(Incoming(
        channel="telegram", external_id="made-up", kind=Kind.CHOICE, addresses=("77",),
        body={"token": token.encode("utf-8", "replace").decode().replace("\x00", "")},
    ))  # fmt: skip
    await network.loop.work()
    await network.say("77", "hello all", "thanks 1")
    said = network.got("77")[before:]
    assert said
    assert not any("went wrong" in text for text in said)
    from bot.inbox import inbox

    tries = network.loop.database.call(lambda c: list(c.scalars(inbox.select().with_only_columns(
        inbox.c.tries))))  # fmt: skip
    assert set(tries) == {0}
