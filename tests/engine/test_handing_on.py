"""A case moves between desks: handed on, given back, left behind, put aside; and its clocks."""

from __future__ import annotations

import pytest

from bot import staff
from bot.handoff import Refused
from bot.roles import Role
from bot.staff import Presence
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, HUNGRY, NOW_READS, RAPE, Room


async def test_a_case_handed_on_is_with_the_bot_until_the_colleague_takes_it(
    loop: Loop, room: Room
) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say(DANGER)
    room.take(ama)
    await room.heard()
    room.assign(kofi, by=ama)
    (notice,) = await room.heard()
    assert "Your case is back with our team." in notice
    assert await loop.say("menu") != []
    case = room.case()
    assert (case.owner_id, case.taken_at, case.last_owner_id) == (kofi.id, None, ama.id)
    assert case.ring_at is not None
    room.take(kofi)
    assert (await room.heard())[0].startswith("Kofi")
    assert await loop.say("hello") == []
    assert room.case().ring_at is None


async def test_given_back_the_case_is_nobodys_and_the_bot_answers(loop: Loop, room: Room) -> None:
    ama, esi = room.add("Ama"), room.add("Esi")
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "One moment.")
    await room.heard()
    room.give_back(ama)
    (notice,) = await room.heard()
    assert "Your case is back with our team. A counsellor is here" in notice
    case = room.case()
    assert (case.state, case.owner_id, case.last_owner_id) == ("waiting", None, ama.id)
    assert case.due_at is not None
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))
    room.take(esi)
    assert room.counsellor() == "Esi"


async def test_an_absent_counsellors_case_goes_back_even_while_the_person_writes(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    await room.heard()
    for _ in range(5):  # her console is closed
        await room.round(minutes=2)
        assert await loop.say("are you there?") == []
        assert room.case().owner_id == ama.id
    await room.round(minutes=2)
    assert "The counsellor had to leave." in (await room.heard())[0]
    assert (room.case().state, room.counsellor()) == ("waiting", None)
    assert room.rung()[-1][0] == 0


async def test_where_the_person_has_to_answer_the_case_waits_with_its_counsellor(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "Which town are you in?")
    await room.round(hours=12)
    assert room.case().owner_id == ama.id
    await loop.say("Tamale")
    await room.round(seconds=1)
    assert (room.case().owner_id, room.case().last_owner_id) == (None, ama.id)


async def test_somebody_here_who_says_away_keeps_what_they_just_took(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.here(ama, presence=Presence.AWAY)
    await room.round(minutes=9)
    assert room.case().owner_id == ama.id
    room.here(ama, presence=Presence.AWAY)
    await room.round(minutes=2)
    assert room.case().owner_id is None


async def test_who_is_busy_with_an_open_console_keeps_their_cases(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    for _ in range(20):
        room.here(ama, presence=Presence.BUSY)
        await room.round(minutes=1)
    assert room.case().owner_id == ama.id


async def test_a_case_of_somebody_who_no_longer_works_here_goes_back(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    loop.database.call(staff.change, ama.id, active=False)
    await room.round(minutes=11)
    assert room.case().owner_id is None


async def test_a_case_that_becomes_protected_leaves_a_desk_that_may_not_read_it(
    loop: Loop, room: Room
) -> None:
    ama, efua = room.add("Ama"), room.add("Efua", skills=("protection",))
    await loop.say("person")
    room.take(ama)
    await loop.say(RAPE)
    await room.round()
    case = room.case()
    assert (case.owner_id, case.taken_at) == (efua.id, None)
    assert room.counsellor() is None
    assert room.rung()[-1][1] == [efua.id]


async def test_a_case_put_aside_wakes_at_its_time(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.snooze(ama, hours=5)
    await room.round(hours=4, minutes=59)
    assert (room.case().state, room.case().due_at) == ("snoozed", None)
    room.here(ama)
    await room.round(minutes=1)
    room.here(ama)
    case = room.case()
    assert (case.state, case.owner_id, case.snoozed_until) == ("assigned", ama.id, None)
    assert case.due_at > loop.clock()


async def test_a_case_put_aside_wakes_when_the_person_writes(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.snooze(ama, hours=5)
    assert await loop.say("I am at the office now") == [f"Ama, {NOW_READS} and will answer you. "
                                                        "For the automatic answers write MENU."]
    case = room.case()
    assert (case.state, case.snoozed_until) == ("assigned", None)
    assert case.due_at is not None


async def test_danger_cannot_be_put_aside_before_somebody_answered(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    with pytest.raises(Refused, match="before somebody answered"):
        room.snooze(ama, hours=1)
    room.reply(ama, "Call 112 now. Where are you?")
    room.snooze(ama, hours=1)
    await loop.say("in Tema, she is bleeding heavily and fainted again")
    with pytest.raises(Refused, match="before somebody answered"):
        room.snooze(ama, hours=1)


async def test_what_is_only_assigned_cannot_be_put_aside(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say(HUNGRY)
    room.assign(ama)
    with pytest.raises(Refused, match="Take the case first"):
        room.snooze(ama, days=30)


async def test_the_clock_pauses_while_the_person_has_to_answer(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    loop.clock.forward(minutes=10)
    room.reply(ama, "Which town?")
    case = room.case()
    assert (case.state, case.due_at, case.in_time) == ("with_person", None, True)
    loop.clock.forward(minutes=30)
    room.reply(ama, "Are you there?")
    loop.clock.forward(minutes=30)
    await loop.say("Tamale")
    assert (room.case().waited, room.case().state) == (3600, "assigned")
    room.reply(ama, "Thank you.")
    room.snooze(ama, hours=1)
    await room.round(hours=1)
    loop.clock.forward(hours=3)  # ours again: these do not count as the person's
    room.close(ama)
    assert room.case().waited == 7200


async def test_a_late_first_answer_is_written_down_as_late(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    loop.clock.forward(minutes=16)
    room.reply(ama, "I am here.")
    assert room.case().in_time is False


async def test_a_supervisor_takes_over_and_the_clock_stays_where_it_is(
    loop: Loop, room: Room
) -> None:
    ama, adwoa = room.add("Ama"), room.add("Adwoa", role=Role.SUPERVISOR)
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "Which town?")
    room.take(adwoa, over=True)
    assert (room.case().state, room.case().owner_id) == ("with_person", adwoa.id)
    await loop.say("Tamale")
    assert room.case().due_at is not None


async def test_a_case_on_a_desk_is_anybodys_until_it_is_taken(loop: Loop, room: Room) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say(DANGER)
    room.assign(ama)
    room.take(kofi)
    assert (room.case().owner_id, room.counsellor()) == (kofi.id, "Kofi")
