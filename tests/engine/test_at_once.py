"""Two things at the same moment: one of them wins, nothing is done twice, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
import sqlalchemy as sa

from bot import cases, handoff, inbox, people
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, NOW_READS, Room


@pytest.mark.parametrize("rounds", [12])
async def test_of_two_who_take_at_the_same_moment_one_wins(
    loop: Loop, room: Room, rounds: int
) -> None:
    team = [room.add("Ama"), room.add("Kofi")]
    for n in range(rounds):
        await loop.say("person", who=str(n))
    for n in range(rounds):
        id = room.case(str(n)).id
        won = await asyncio.gather(
            *(loop.database.run(handoff.take, id, by, loop.clock()) for by in team),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in won) == ["NoneType", "Refused"]
        owner = team[won.index(None)]
        assert (room.case(str(n)).owner_id, room.counsellor(str(n))) == (owner.id, owner.name)
    await loop.work()
    assert len([text for text in loop.out("0") if NOW_READS in text]) == 1


async def test_an_answer_posted_twice_at_the_same_moment_is_sent_once(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await room.heard()
    id = room.case().id
    for n in range(8):
        sent = await asyncio.gather(*(
            loop.database.run(handoff.reply, id, ama, f"Answer {n}", loop.clock(), key=f"k{n}")
            for _ in range(3)
        ))  # fmt: skip
        assert sorted(sent) == [False, False, True]
    assert await room.heard() == [f"Ama: Answer {n}" for n in range(8)]


async def test_closing_while_the_person_writes_loses_nothing(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    worker = loop.worker(batch=4)
    for n in range(16):
        await loop.say("person", who=str(n))
        room.take(ama, str(n))
        await loop.work()
    loop.receive(*(loop.message(DANGER if n % 2 else "menu", str(n)) for n in range(16)))
    ids = [room.case(str(n)).id for n in range(16)]

    async def close() -> None:
        for id in ids:
            await loop.database.run(
                handoff.close, id, ama, loop.clock(), outcome="answered"
            )

    await asyncio.gather(close(), loop.work(worker), loop.work(loop.worker(batch=4)))
    await loop.work()
    for n in range(16):
        said = loop.out(str(n))
        assert len([text for text in said if "Ama has ended this talk." in text]) == 1
        if n % 2:  # before the closing it was the counsellor's; after it, the case is open again
            case = room.case(str(n))
            assert case.state == "waiting" or case.outcome == "answered"
            assert case.urgency == "medical_emergency"
        else:
            assert len([text for text in said if "What is it about?" in text or
                        "automatic answers are back. The" in text]) == 1  # fmt: skip
    assert room.unread() == 0
    assert loop.count(inbox.inbox) == loop.count(cases.cases) * 4


@pytest.mark.parametrize("move", ["wakes", "comes back", "is offered"])
async def test_the_watch_goes_on_when_a_counsellor_was_faster(
    loop: Loop, room: Room, monkeypatch: pytest.MonkeyPatch, move: str
) -> None:
    room.pack(routing="automatic" if move == "is offered" else "manual")
    ama = room.add("Ama")
    await loop.say("person")
    case = room.case().id
    if move != "is offered":
        room.take(ama)
    if move == "wakes":
        room.snooze(ama, hours=1)
    lock, closed = people.lock, []

    def faster(conn: sa.Connection, ids: Iterable[int]) -> None:
        """While the watch waits for the person, somebody closes the case."""
        lock(conn, ids)
        if not closed:
            closed.append(case)
            handoff.close(conn, case, ama, loop.clock(), outcome="met", over=True)

    loop.clock.forward(hours=2)
    if move != "comes back":
        room.here(ama)
    monkeypatch.setattr(people, "lock", faster)
    await room.round()
    assert closed
    assert (room.case().state, room.case().outcome) == ("closed", "met")
