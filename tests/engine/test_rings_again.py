"""A new need of somebody whose case is open: whom it calls, and when that becomes an alarm."""

from __future__ import annotations

from typing import Any

import pytest

from bot import cases, metrics, staff
from bot.handoff import Refused
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, HUNGRY, Room

CONSOLE = ["console"]


async def test_new_danger_rings_the_counsellor_who_has_the_case_until_they_answer(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    await room.round()
    assert room.rung() == []
    for times, answer in ((1, True), (2, False), (3, True)):
        assert await loop.say(DANGER) == ([] if times > 1 else loop.out()[-1:])
        room.here(ama)
        await room.round()
        assert room.rung()[-1] == (0, [ama.id], CONSOLE)
        assert len(room.rung()) == times
        room.reply(ama, "I am here. Where are you?") if answer else room.take(ama)
        assert room.case().ring_at is None
        await loop.work()
        room.here(ama)
        await room.round(minutes=2)
        assert len(room.rung()) == times


async def test_new_danger_that_is_not_answered_goes_up_the_chain_and_becomes_anybodys(
    loop: Loop, room: Room
) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say("person")
    room.take(ama)
    await loop.say(DANGER)
    await room.round()
    room.here(ama, kofi)
    await room.round(seconds=120)
    room.here(ama, kofi)
    await room.round(seconds=180)
    assert [who for _, who, _ in room.rung()] == [[ama.id], [ama.id], [ama.id, kofi.id]]
    with pytest.raises(Refused):
        room.take(kofi)
    loop.clock.forward(seconds=1)
    assert [row.id for row in ownerless(loop)] == [room.case().id]
    room.take(kofi)
    assert room.counsellor() == "Kofi"
    assert ownerless(loop) == []


async def test_somebody_who_writes_every_minute_does_not_hold_the_chain_back(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    room.add("Ama")
    cries = [DANGER, "he is beating me now, help", "I want to kill myself"]
    for n in range(12):
        await loop.say(cries[n % 3])
        await room.round(seconds=30)
    assert [step for step, _, _ in room.rung()] == [0, 1, 2]


async def test_danger_after_a_lesser_need_begins_the_chain(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    room.add("Ama")
    await loop.say(HUNGRY)
    await room.round(hours=2)
    assert [step for step, _, _ in room.rung()] == [2]
    room.here(room.one(1))
    await loop.say(DANGER)
    await room.round()
    assert [step for step, _, _ in room.rung()] == [2, 0]


async def test_a_lesser_need_does_not_move_the_alarm_away(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    await loop.say(HUNGRY)
    first = room.case().owner_by
    for _ in range(4):
        loop.clock.forward(hours=1)
        await loop.say("police have detained me", HUNGRY)
    assert room.case().owner_by == first
    assert [row.id for row in ownerless(loop)] == [room.case().id]


def ownerless(loop: Loop) -> list[Any]:
    return loop.database.call(cases.ownerless, loop.clock())


async def test_ownerless_cases_are_counted_for_the_alarm(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    for who, text in (("1", DANGER), ("2", HUNGRY), ("3", "person")):
        await loop.say(text, who=who)
    counts = []
    for forward in ({"seconds": 300}, {"seconds": 1}, {"minutes": 114}, {"minutes": 2}):
        await room.round(**forward)
        counts.append(metrics.OWNERLESS._value.get())
    assert counts == [0, 1, 1, 2]
    room.take(ama, "1")
    room.take(ama, "2")
    await room.round()
    assert metrics.OWNERLESS._value.get() == 0


async def test_only_channels_that_have_their_settings_are_rung(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    room.phone(ama, "telegram", "ama")
    loop.database.call(staff.mail, loop.vault, ama.id)
    room.pack(routing="manual")
    room.watch._channels = frozenset({"telegram"})
    await loop.say(DANGER)
    await room.round()
    await room.round(seconds=120)
    assert [to for to, _ in room.phones()] == ["ama"]
    room.watch._channels = frozenset({"email"})  # and the account's own mailbox is one
    await room.round(seconds=180)
    assert [to for to, _ in room.phones()][1:] == [ama.email]
