"""Two people turn out to be one, and so do their open cases: nothing of either is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import caselog, handoff, notes
from bot.cases import cases
from tests.conftest import NOON
from tests.engine.conftest import Loop
from tests.engine.pair import APP, PHONE, code
from tests.engine.room import DANGER, HUNGRY, RAPE, Room

PERSON = "I want to talk to a person"  # priority 2


def row(loop: Loop, id: int) -> sa.Row[Any]:
    query = sa.select(cases).where(cases.c.id == id)
    return loop.database.call(lambda conn: conn.execute(query).one())


async def both(loop: Loop, room: Room, app: str, phone: str) -> tuple[int, int]:
    """A case on each phone; returns their numbers."""
    await loop.say(app)
    await loop.say(phone, who=PHONE[0], channel="sms")
    return room.case().id, room.case(*PHONE).id


async def join(loop: Loop) -> None:
    made = await code(loop)
    await loop.say(made, who=PHONE[0], channel="sms")


@pytest.mark.parametrize(
    ("app", "phone", "priority", "urgency"),
    [
        (PERSON, DANGER, 0, "medical_emergency"),
        (DANGER, PERSON, 0, "medical_emergency"),
        (HUNGRY, PERSON, 1, "no_food_or_medicine"),
        (DANGER, RAPE, 0, "sexual_violence"),
        (RAPE, DANGER, 0, "sexual_violence"),
    ],
)
async def test_the_higher_priority_stays_and_a_protected_class_stays_protected(
    loop: Loop, room: Room, app: str, phone: str, priority: int, urgency: str
) -> None:
    on_app, on_phone = await both(loop, room, app, phone)
    await join(loop)
    kept, other = row(loop, on_app), row(loop, on_phone)
    assert (kept.priority, kept.urgency) == (priority, urgency)
    assert kept.closed_at is None
    assert (other.state, other.outcome) == ("closed", "not_needed")
    assert {kept.person_id, other.person_id} == {room.person()}


async def test_the_earlier_clocks_and_the_ring_stay(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say(PERSON)
    room.take(ama)
    loop.clock.forward(minutes=1)
    await loop.say(DANGER, who=PHONE[0], channel="sms")
    rings = room.case(*PHONE)
    assert rings.ring_at is not None
    number = room.case().id
    await join(loop)
    kept = row(loop, number)
    assert kept.due_at == rings.due_at < NOON + timedelta(hours=1)
    assert (kept.ring_at, kept.ring_step, kept.owner_by) == (
        rings.ring_at, rings.ring_step, rings.owner_by
    )  # fmt: skip
    assert (kept.opened_at, kept.owner_id) == (NOON, ama.id)
    await room.round(minutes=3)
    assert room.rung()[0][1] == [ama.id]
    room.take(ama)
    assert row(loop, number).ring_at is None


async def test_the_case_somebody_works_on_stays_whichever_phone_made_the_code(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    on_app, on_phone = await both(loop, room, DANGER, PERSON)
    loop.database.call(handoff.take, on_phone, ama, loop.clock())
    await join(loop)
    assert (row(loop, on_phone).closed_at, row(loop, on_app).outcome) == (None, "not_needed")
    assert room.counsellor() == "Ama"
    assert await loop.say("and it gets worse") == []  # the bot is silent on both
    assert room.reply(ama, "I am here.")
    await loop.work()
    assert loop.out()[-1] == "Ama: I am here."


async def test_of_two_talks_the_makers_goes_on(loop: Loop, room: Room) -> None:
    ama, ben = room.add("Ama"), room.add("Ben")
    on_app, on_phone = await both(loop, room, PERSON, PERSON)
    loop.database.call(handoff.take, on_app, ama, loop.clock())
    loop.database.call(handoff.take, on_phone, ben, loop.clock())
    await join(loop)
    assert (row(loop, on_app).closed_at, room.counsellor()) == (None, "Ama")
    with pytest.raises(handoff.Refused):
        loop.database.call(handoff.reply, on_phone, ben, "hello", loop.clock())


async def test_log_notes_and_rings_of_both_are_read_in_the_one_that_stays(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    on_app, on_phone = await both(loop, room, PERSON, DANGER)
    await room.round(seconds=1)
    for id, text in ((on_app, "speaks Ewe"), (on_phone, "at 37 hospital")):
        loop.database.call(notes.put, id, ama, text, [ama], loop.clock())
    await join(loop)
    texts = [note.text for note in loop.database.call(notes.of, [on_app])]
    assert texts == ["speaks Ewe", "at 37 hospital"]
    log = loop.database.call(caselog.of, on_app)
    assert [line.what for line in log].count("opened") == 2
    assert (log[-1].what, log[-1].detail["case"]) == ("merged", on_phone)
    (left,) = loop.database.call(caselog.of, on_phone)
    assert (left.what, left.detail) == ("merged", {"into": on_app})
    assert len(room.rung()) == 1


async def test_it_is_our_move_again_when_the_other_phone_waits_for_us(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(PERSON)
    room.take(ama)
    room.reply(ama, "Call me when you are there.")
    await loop.work()
    made = await code(loop)
    room.reply(ama, "Or write.")
    loop.clock.forward(minutes=10)
    await loop.say(DANGER, made, who=PHONE[0], channel="sms")
    case = room.case()
    assert (case.state, case.waiting_since, case.waited) == ("assigned", None, 600)
    assert case.due_at is not None
    assert case.replied_at == NOON


@pytest.mark.parametrize("made_on", [APP, PHONE])
async def test_one_open_case_comes_along_with_a_closed_one(
    loop: Loop, room: Room, made_on: tuple[str, str]
) -> None:
    ama = room.add("Ama")
    await loop.say(PERSON)
    room.take(ama)
    room.close(ama)
    await loop.work()
    closed = room.case()
    await loop.say(DANGER, who=PHONE[0], channel="sms")
    open_ = room.case(*PHONE)
    made = await code(loop, made_on)
    other = PHONE if made_on == APP else APP
    await loop.say(made, who=other[0], channel=other[1])
    mine = sa.select(cases.c.id, cases.c.closed_at, cases.c.due_at).where(
        cases.c.person_id == room.person()
    )
    found = loop.database.call(lambda conn: conn.execute(mine.order_by(cases.c.id)).all())
    assert [tuple(line) for line in found] == [
        (closed.id, closed.closed_at, None), (open_.id, None, open_.due_at),
    ]  # fmt: skip
    assert isinstance(closed.closed_at, datetime)
