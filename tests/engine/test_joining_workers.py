"""Joining while other workers, counsellors and timers are at the same people."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import cases, handoff, inbox, people, turns
from bot.db import Database
from bot.dialogue.core import World
from bot.inbox import DONE
from bot.outbox import outbox
from tests.engine.conftest import Loop
from tests.engine.pair import PHONE, code, events, left_behind
from tests.engine.room import Room

LEASE = timedelta(seconds=60)


def claimed(loop: Loop, token: str) -> list[inbox.Claim]:
    return loop.database.call(inbox.claim, token=token, now=loop.clock(), limit=9, lease=LEASE)


def finished(loop: Loop, room: Room) -> None:
    """Every event was read once, and every message is there once."""
    assert {row.status for row in events(loop)} == {DONE}
    keys = [row.key for row in loop.rows()]
    assert len(keys) == len(set(keys))
    assert room.unread() == 0


async def test_another_worker_holds_the_lease_of_the_person_who_stays(
    loop: Loop, room: Room
) -> None:
    """It has claimed events, and reads them; the joining comes between claim and transaction."""
    await loop.say("hello")
    made = await code(loop)
    loop.receive(loop.message("menu"), loop.message("2"))
    other = loop.worker()
    claims = claimed(loop, "theirs")
    assert [e.body["text"] for e in claims[0].events] == ["menu", "2"]
    loop.receive(loop.message(made, *PHONE), loop.message("help", *PHONE))
    while await loop.worker().step():
        pass
    assert room.person() == room.person(*PHONE)
    assert room.unread() == 5  # two of theirs, and what came along: the rest and our sentences
    await other._turns(claims, "theirs")
    await loop.work()
    finished(loop, room)
    assert [text.split("\n")[0] for text in loop.out()[2:]] == ["What is it about?", "Papers:"]
    assert sum("one conversation" in text for text in loop.out(PHONE[0])) == 1
    assert sum("MY DATA" in text for text in loop.out(PHONE[0])) == 1


async def test_a_lease_that_ran_out_joins_nobody(loop: Loop, room: Room) -> None:
    made = await code(loop)
    loop.receive(loop.message(made, *PHONE))
    slow = loop.worker()
    claims = claimed(loop, "slow")
    loop.clock.forward(seconds=61)
    await loop.work()
    before = len(loop.rows())
    await slow._turns(claims, "slow")
    assert len(loop.rows()) == before
    finished(loop, room)
    assert sum("one conversation" in text for text in loop.out(PHONE[0])) == 1


async def test_people_claim_each_others_codes_at_the_same_moment(
    loop: Loop, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """Four workers, both directions, and everybody goes on writing: nobody waits in a circle."""
    pairs = [((f"a{n}", "telegram"), (f"b{n}", "sms")) for n in range(12)]
    for one, other in pairs:
        first, second = await code(loop, one), await code(loop, other)
        loop.receive(
            loop.message(second, *one), loop.message(first, *other), loop.message("help", *one),
            loop.message("menu", *other),
        )  # fmt: skip
    await asyncio.gather(*(loop.work(loop.worker(batch=3)) for _ in range(4)))
    finished(loop, room)
    for one, other in pairs:
        assert room.person(*one) == room.person(*other)
        said = loop.out(one[0]) + loop.out(other[0])
        assert sum("now one conversation" in text for text in said) == 1
        assert sum("from this conversation" in text for text in said) == 1
        assert sum("MY DATA" in text for text in said) == 1
        assert sum("What is it about?" in text for text in said) == 1
    assert not caplog.records


def waiting(database: Database) -> int:
    """How many transactions of this database wait for a lock."""
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return int(database.call(lambda conn: conn.execute(query).scalar_one()))


@contextmanager
def meanwhile(loop: Loop, work: Callable[[], Any]) -> Iterator[threading.Thread]:
    """Runs `work` in a thread of its own; the block begins when it waits for a lock, and what it
    raised is raised at the end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    until_waiting(loop, thread)
    yield thread
    thread.join(20)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def until_waiting(loop: Loop, thread: threading.Thread) -> None:
    while thread.is_alive() and not waiting(loop.database):
        thread.join(0.02)
    assert thread.is_alive(), "it did not wait"


@pytest.fixture
def several(loop: Loop) -> Loop:
    """On SQLite there is one writer: nobody ever waits for a row there."""
    if loop.database.single:
        pytest.skip("one writer")
    return loop


async def test_the_joining_waits_for_a_turn_of_the_person_who_stays(
    several: Loop, room: Room
) -> None:
    """Waiting, it holds nobody: the other one may claim a code of ours at this moment."""
    loop = several
    made = await code(loop)
    kept = room.person()
    loop.receive(loop.message(made, *PHONE))
    claims = claimed(loop, "ours")
    worker = loop.worker()
    with loop.database.engine.connect() as conn:
        turn = conn.begin()
        people.lock(conn, [kept])
        with meanwhile(loop, lambda: asyncio.run(worker._turns(claims, "ours"))):
            gone = room.person(*PHONE)
            assert gone > kept
            people.lock(conn, [gone])
            turn.commit()
    await loop.work()
    assert room.person(*PHONE) == kept
    finished(loop, room)


async def test_a_counsellor_who_takes_the_case_meanwhile_gets_the_person_it_has_become(
    several: Loop, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And waits for that one's turn, too, before it touches the case.

    Two that wait for one row get it in any order: the counsellor lets the other one go first.
    """
    loop = several
    ama = room.add("Ama")
    made = await code(loop)
    await loop.say("I want to talk to a person", who=PHONE[0], channel="sms")
    number, gone, kept = room.case(*PHONE).id, room.person(*PHONE), room.person()
    loop.receive(loop.message(made, *PHONE))
    claims = claimed(loop, "ours")

    lock, held = people.lock, threading.Event()

    def after_the_other(conn: sa.Connection, ids: Iterable[int]) -> None:
        if kept in (wanted := list(ids)):
            assert held.wait(20)
        lock(conn, wanted)

    def take() -> None:
        loop.database.call(handoff.take, number, ama, loop.clock())

    with loop.database.engine.connect() as conn, loop.database.engine.connect() as other:
        joining = conn.begin()
        readings = await loop.worker()._read(claims)
        world = World(loop.library, loop.clock())
        turns.process(conn, loop.vault, claims, readings, world, "ours")
        monkeypatch.setattr(people, "lock", after_the_other)
        with meanwhile(loop, take) as taking:
            joining.commit()
            lock(other, [kept])
            held.set()
            until_waiting(loop, taking)
            cases.touch(other, [kept], loop.clock())
            other.commit()
    await loop.work()
    assert room.counsellor() == "Ama"
    assert room.case().id == number
    assert left_behind(loop, gone) == []
    assert "Ama, a counsellor, now reads" in loop.out(PHONE[0])[-1]
    finished(loop, room)


async def test_a_sender_at_the_same_messages_is_waited_for_and_never_in_a_circle(
    several: Loop, room: Room
) -> None:
    """A sender has a message of the person who goes in hand, and needs its address next."""
    loop = several
    made = await code(loop)
    await loop.say("menu", who=PHONE[0], channel="sms")
    loop.receive(loop.message(made, *PHONE))
    claims = claimed(loop, "ours")
    worker, row = loop.worker(), loop.rows()[-1]
    with loop.database.engine.connect() as conn:
        sending = conn.begin()
        conn.execute(sa.update(outbox).where(outbox.c.id == row.id).values(status="inflight"))
        with meanwhile(loop, lambda: asyncio.run(worker._turns(claims, "ours"))):
            due = loop.clock() + timedelta(seconds=1)
            conn.execute(
                sa.update(people.addresses).where(people.addresses.c.id == row.address_id)
                .values(next_send_at=due)
            )  # fmt: skip
            sending.commit()
    await loop.work()
    finished(loop, room)
    assert room.person() == room.person(*PHONE) == loop.rows()[-1].person_id
