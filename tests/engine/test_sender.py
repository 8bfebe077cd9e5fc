"""The sender: in order, once, paced, and honest about what it does not know."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot import inbox, outbox
from bot.channels.base import Channel, Pace
from bot.channels.telegram import Telegram
from bot.db import Database
from bot.events import Lane, Part, Reason, SendError, Sent, Status
from bot.lease import Lease
from bot.outbox import Draft
from bot.sender import Sender
from bot.wake import Wake
from tests.engine.conftest import Loop


@dataclass
class Provider(Channel):
    """A channel that answers as it is told and remembers what it was given."""

    answers: list[Sent | SendError] = field(default_factory=list)
    has: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    answers_lookups: bool = False  # type: ignore[misc]

    name = "telegram"
    limits = Telegram.limits
    pace = Pace(per_second=1000, pause=0, calls=4)

    @classmethod
    def create(cls, settings: object) -> None:  # type: ignore[override]
        return None

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        self.given.append((address, part.text))
        return self.answers.pop(0) if self.answers else Sent(f"id{row}")

    async def find(self, address: str, part: Part, since: datetime) -> Sent | None:
        self.asked.append(part.text)
        return Sent("found") if part.text in self.has else None


@pytest.fixture
def provider() -> Provider:
    return Provider()


async def drain(loop: Loop, provider: Provider, steps: int = 12) -> Sender:
    sender = Sender(loop.database, provider, loop.vault, Wake(loop.database),
                    clock=loop.clock)  # fmt: skip
    assert await sender._lease.take()
    for _ in range(steps):
        await sender.step()
        await asyncio.gather(*sender._calls)
        await asyncio.sleep(0)
    await sender._finish()
    return sender


def queue(loop: Loop, *texts: str, who: str = "77", lane: Lane = Lane.TALK) -> None:
    """Messages for a person who has written before."""
    loop.receive(loop.message("-", who))
    (claim,) = [
        c for c in loop.database.call(_claims, loop) if c.events[-1].address_id is not None
    ][-1:]
    address = claim.events[-1].address_id
    assert address is not None
    drafts = [
        Draft(f"{claim.events[-1].id}:{n}", claim.person_id, address, "telegram",
              Part(text=text), lane)
        for n, text in enumerate(texts)
    ]  # fmt: skip
    loop.database.call(outbox.put, drafts, loop.clock())


def _claims(conn, loop):  # type: ignore[no-untyped-def]
    return inbox.claim(conn, token="t", now=loop.clock(), limit=9, lease=timedelta(minutes=1))


def status(loop: Loop) -> list[str]:
    return [row.status for row in loop.rows()]


async def test_messages_to_one_person_leave_in_order(loop: Loop, provider: Provider) -> None:
    queue(loop, "one", "two", "three")
    await drain(loop, provider)
    assert [text for _, text in provider.given] == ["one", "two", "three"]
    assert status(loop) == ["sent"] * 3


async def test_a_full_provider_is_obeyed_and_nothing_overtakes(
    loop: Loop, provider: Provider
) -> None:
    provider.answers = [SendError(Reason.RATE, retry=7)]
    queue(loop, "one", "two")
    await drain(loop, provider)
    assert status(loop) == ["awaiting_retry", "queued"]
    loop.clock.forward(seconds=8)
    await drain(loop, provider)
    assert [text for _, text in provider.given] == ["one", "one", "two"]


async def test_a_person_who_blocked_us_is_not_written_to_again(
    loop: Loop, provider: Provider
) -> None:
    provider.answers = [SendError(Reason.BLOCKED, gone=True, code="bot was blocked")]
    queue(loop, "one")
    await drain(loop, provider)
    (row,) = loop.rows()
    assert (row.status, row.reason) == ("failed", "blocked")
    loop.clock.forward(minutes=2)
    assert await loop.say("menu")  # they wrote: they want an answer


async def test_a_cut_off_call_is_looked_up_and_not_sent_twice(
    loop: Loop, provider: Provider
) -> None:
    provider.answers_lookups = True
    provider.answers = [SendError(Reason.IN_DOUBT, retry=10)]
    queue(loop, "one")
    await drain(loop, provider, 2)
    assert status(loop) == ["in_doubt"]
    provider.has = {"one"}
    loop.clock.forward(seconds=11)
    await drain(loop, provider)
    assert status(loop) == ["sent"]
    assert len(provider.given) == 1
    assert provider.asked == ["one"]


async def test_a_cut_off_call_the_provider_never_got_is_sent_again(
    loop: Loop, provider: Provider
) -> None:
    provider.answers_lookups = True
    provider.answers = [SendError(Reason.IN_DOUBT, retry=10)]
    queue(loop, "one")
    await drain(loop, provider, 2)
    loop.clock.forward(seconds=11)
    await drain(loop, provider)
    assert status(loop) == ["sent"]
    assert len(provider.given) == 2


async def test_where_nobody_can_be_asked_talk_is_repeated_and_bulk_waits_for_staff(
    loop: Loop, provider: Provider
) -> None:
    provider.answers = [SendError(Reason.IN_DOUBT, retry=10)] * 2
    queue(loop, "talk", who="anna")
    queue(loop, "bulk", who="ben", lane=Lane.BULK)
    await drain(loop, provider, 3)
    loop.clock.forward(seconds=11)
    await drain(loop, provider)
    assert status(loop) == ["sent", "in_doubt"]


async def test_rows_of_a_sender_that_died_are_in_doubt(loop: Loop, provider: Provider) -> None:
    queue(loop, "one")
    loop.database.call(
        outbox.claim, "telegram", now=loop.clock(), limit=1, pause=timedelta(0)
    )
    assert status(loop) == ["inflight"]
    loop.database.call(outbox.doubt_inflight, "telegram", loop.clock())
    assert status(loop) == ["in_doubt"]


async def test_a_receipt_that_is_faster_than_the_call_is_not_undone(
    loop: Loop, provider: Provider
) -> None:
    queue(loop, "one")
    rows = loop.database.call(
        outbox.claim, "telegram", now=loop.clock(), limit=1, pause=timedelta(0)
    )
    loop.database.call(outbox.raise_rank, [(rows[0].id, Status.DELIVERED, "")])
    loop.database.call(outbox.settle, [(rows[0], Sent("9"))], loop.clock())
    (row,) = loop.rows()
    assert (row.status, row.provider_id) == ("delivered", "9")


async def test_safety_goes_before_talk_and_bulk_holds_up_neither(
    loop: Loop, provider: Provider
) -> None:
    queue(loop, "bulk", who="anna", lane=Lane.BULK)
    queue(loop, "talk", who="ben")
    queue(loop, "safety", who="carla", lane=Lane.SAFETY)
    await drain(loop, provider)
    assert [text for _, text in provider.given] == ["safety", "talk", "bulk"]


async def test_a_failing_message_is_given_up_after_a_number_of_tries(
    loop: Loop, provider: Provider
) -> None:
    provider.answers = [SendError(Reason.PROVIDER, retry=1)] * 20
    queue(loop, "one")
    for _ in range(12):
        await drain(loop, provider, 2)
        loop.clock.forward(seconds=2)
    assert status(loop) == ["failed"]
    assert len(provider.given) == outbox.MAX_TRIES


async def test_only_one_process_holds_the_lease(database: Database) -> None:
    first, second = Lease(database, "x"), Lease(database, "x")
    assert await first.take()
    # On SQLite the lock on the file keeps other processes out; in one process both may work.
    assert await second.take() is database.single
    await first.give_back()
    assert await second.take()
    await second.give_back()
