"""The worker: each event once, each person in order, and no message holds up another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from bot import cases, inbox
from bot.events import Incoming, Kind
from bot.inbox import DONE, FAILED
from bot.outbox import outbox
from bot.people import addresses, people
from bot.understanding import Embedded
from nlu.reading import Reading
from tests.engine.conftest import Loop


class Breaks(Embedded):
    """An engine that fails on one word."""

    async def read(self, texts: Sequence[str]) -> list[Reading]:
        if any("poison" in text for text in texts):
            raise RuntimeError("cannot read this")
        return await super().read(texts)


async def test_a_question_becomes_a_welcome_and_a_checked_answer(loop: Loop) -> None:
    welcome, answer = await loop.say("I lost my Ghana card at the station")
    assert "Sankofa" in welcome
    assert "STOP" in welcome
    assert "NIA" in answer


async def test_every_event_twice_and_shuffled_is_answered_once_and_in_order(loop: Loop) -> None:
    arrivals = [loop.message("menu", f"person {n % 20}") for n in range(100)]
    twice = arrivals * 2
    random.Random(3).shuffle(twice)
    for n in range(0, len(twice), 7):
        loop.receive(*twice[n : n + 7])
    await asyncio.gather(*(loop.work(loop.worker(batch=3)) for _ in range(3)))
    statuses = loop.database.call(
        lambda conn: conn.execute(inbox.inbox.select().order_by(inbox.inbox.c.id)).all()
    )
    assert [row.status for row in statuses] == [DONE] * 100
    keys = [row.key for row in loop.rows()]
    assert len(keys) == len(set(keys)) == 100
    assert loop.count(people) == 20
    order: dict[int, list[int]] = {}
    for row in loop.rows():
        order.setdefault(row.person_id, []).append(int(row.key.split(":")[0]))
    assert all(ids == sorted(ids) for ids in order.values())


async def test_a_poison_message_does_not_hold_up_the_others(
    loop: Loop, make_loop: Callable[..., Loop]
) -> None:
    broken = make_loop(loop.database, Breaks(loop.understanding.engine))  # type: ignore[attr-defined]
    broken.receive(
        broken.message("hello", "anna"), broken.message("poison", "ben"),
        broken.message("hello", "carla"),
    )  # fmt: skip
    worker = broken.worker()
    await broken.work(worker)
    assert broken.out("anna")
    assert broken.out("carla")
    assert not broken.out("ben")
    for _ in range(4):
        broken.clock.forward(minutes=2)
        await broken.work(worker)
    (sentence,) = broken.out("ben")
    assert "went wrong on our side" in sentence
    assert "112" in sentence
    (case,) = broken.database.call(cases.waiting)
    assert case.reason == "failed_turn"
    failed = inbox.inbox.select().where(inbox.inbox.c.status == FAILED)
    assert len(broken.database.call(lambda conn: conn.execute(failed).all())) == 1


async def test_a_failed_event_does_not_block_what_the_person_writes_next(
    loop: Loop, make_loop: Callable[..., Loop]
) -> None:
    broken = make_loop(loop.database, Breaks(loop.understanding.engine))  # type: ignore[attr-defined]
    broken.receive(broken.message("poison"), broken.message("menu"))
    worker = broken.worker()
    for _ in range(5):
        broken.clock.forward(minutes=2)
        await broken.work(worker)
    assert "went wrong on our side" in broken.out()[0]
    assert "What is it about?" in broken.out()[-1]


async def test_a_case_nobody_takes_makes_one_honest_sentence(loop: Loop) -> None:
    await loop.say("my wife is bleeding heavily, she fainted, help us now")
    loop.clock.forward(minutes=16)
    await loop.work()
    loop.clock.forward(minutes=60)
    await loop.work()
    late = [text for text in loop.out() if "Nobody of our team" in text]
    assert len(late) == 1
    assert "112" in late[0]


async def test_a_receipt_moves_a_message_forward_and_never_back(loop: Loop) -> None:
    await loop.say("menu", who="+2331", channel="sms")
    row = loop.rows()[0]

    def receipt(status: str, code: str = "") -> Incoming:
        return Incoming(channel="sms", external_id=f"SM9:{status}", kind=Kind.RECEIPT,
                        body={"outbox": row.id, "status": status, "code": code,
                              "provider_id": "SM9"})  # fmt: skip

    loop.receive(receipt("delivered"))
    loop.receive(receipt("sent"))
    await loop.work()
    assert loop.rows()[0].status == "delivered"
    loop.receive(receipt("failed", "30007"))
    await loop.work()
    assert (loop.rows()[0].status, loop.rows()[0].code) == ("failed", "30007")


@pytest.mark.parametrize(
    ("code", "status", "reachable"),
    [("30003", "awaiting_retry", True), ("30004", "failed", False), ("30007", "failed", True)],
)
async def test_a_message_that_did_not_arrive_goes_again_or_closes_the_address(
    loop: Loop, code: str, status: str, reachable: bool
) -> None:
    await loop.say("menu", who="+2331", channel="sms")
    body = {"outbox": loop.rows()[0].id, "status": "failed", "code": code, "provider_id": "SM9"}
    loop.receive(
        Incoming(channel="sms", external_id="SM9:undelivered", kind=Kind.RECEIPT, body=body)
    )
    await loop.work()
    assert loop.rows()[0].status == status
    (gone,) = loop.database.call(lambda conn: conn.scalars(sa.select(addresses.c.gone)).all())
    assert (gone is None) is reachable


async def test_somebody_who_blocks_us_gets_nothing_until_they_write_again(loop: Loop) -> None:
    await loop.say("menu")
    blocked = Incoming(channel="telegram", external_id="b1", kind=Kind.REACH, addresses=("77",),
                       body={"reachable": False})  # fmt: skip
    loop.receive(blocked)
    await loop.work()
    assert len(await loop.say("menu")) == 1


async def test_the_answers_are_there_in_one_transaction_with_the_state(loop: Loop) -> None:
    await loop.say("menu", "2")
    assert loop.count(outbox) == 2
    assert "Ghana Card" in str(loop.rows()[1].part["options"])
