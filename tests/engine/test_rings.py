"""Rings: in the order of the chain, to those who may know, until somebody takes the case."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import staff
from bot.clock import answer_by, plan
from bot.library import Library
from bot.library.country import Country
from bot.library.hours import read_hours
from bot.library.ringing import Step, read_ringing
from bot.roles import Role
from tests.conftest import NOON
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, RAPE, ROOT, Room

CONSOLE, PHONES = ["console"], ["telegram", "sms", "email"]
ALL = CONSOLE + PHONES
CLASSES = "medical|bleed|wife|violence|raped|emergency"


async def test_the_chain_in_order_and_then_again(loop: Loop, room: Room) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi", here=False)
    adwoa = room.add("Adwoa", role=Role.SUPERVISOR, here=False)
    room.add("Editor", role=Role.EDITOR)
    room.phone(ama, "telegram", "ama")
    room.phone(ama, "sms", "+233200000001")
    room.phone(kofi, "sms", "+233200000002")
    room.phone(adwoa, "email", "adwoa@example.org")
    room.pack(routing="manual")
    await loop.say(DANGER)
    await room.round()
    assert room.rung() == [(0, [ama.id], CONSOLE)]
    assert room.phones() == []
    await room.round(seconds=119)
    assert len(room.rung()) == 1
    await room.round(seconds=1)
    assert room.rung()[1:] == [(1, [ama.id], PHONES)]
    assert [to for to, _ in room.phones()] == ["ama", "+233200000001"]
    await room.round(seconds=180)
    assert room.rung()[2:] == [(2, [adwoa.id], ALL)]
    assert [to for to, _ in room.phones()][2:] == ["adwoa@example.org"]
    for times in (1, 2, 3):
        await room.round(seconds=599)
        await room.round(seconds=1)
        assert room.rung()[2:] == [(2, [adwoa.id], ALL)] * (1 + times)
        assert len(room.phones()) == 3 + times
    assert room.log().count("rang") == 6


async def test_a_ring_on_a_phone_says_a_number_and_nothing_of_the_person(
    loop: Loop, room: Room
) -> None:
    ama, esi = room.add("Ama"), room.add("Esi", locale="fr")
    room.phone(ama, "telegram", "ama")
    room.phone(esi, "email", "esi@example.org")
    room.pack(routing="manual")
    await loop.say(DANGER)
    await room.round()
    await room.round(seconds=120)
    texts = [text for _, text in room.phones()]
    assert len(texts) == 2
    for text in texts:
        assert f"{ROOT}/console/cases/{room.case().id}" in text
        assert not re.search(CLASSES, text, re.IGNORECASE)


@pytest.mark.parametrize("taken_after", [0, 60, 120, 400, 2000])
async def test_taking_stops_it(loop: Loop, room: Room, taken_after: int) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say(DANGER)
    for _ in range(taken_after // 20 + 1):
        await room.round(seconds=20)
    room.take(ama)
    before = len(room.rung())
    assert before >= 1
    for _ in range(30):
        room.here(ama)
        await room.round(minutes=2)
    assert len(room.rung()) == before
    assert room.case().ring_at is None


@pytest.mark.parametrize("verb", ["close", "reply"])
async def test_answering_and_closing_stop_it_too(loop: Loop, room: Room, verb: str) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.assign(ama)
    room.close(ama) if verb == "close" else room.reply(ama, "I am here.")
    await room.round(minutes=2)
    assert room.rung() == []


async def test_automatic_assignment_rings_the_owner_and_then_those_beside_them(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    kofi = room.add("Kofi", languages=("fr",))
    room.add("Yaw", here=False)
    adwoa = room.add("Adwoa", role=Role.SUPERVISOR, languages=("fr",))
    await loop.say(DANGER)
    await room.round()
    assert (room.case().owner_id, room.case().taken_at) == (ama.id, None)
    await room.round(seconds=120)
    await room.round(seconds=180)
    here = [ama.id, kofi.id, adwoa.id]  # a supervisor counsels too
    assert [who for _, who, _ in room.rung()] == [[ama.id], here, [adwoa.id]]
    room.take(ama)
    loop.clock.forward(seconds=700)
    room.here(ama)
    await room.round()
    assert len(room.rung()) == 3


async def test_an_owner_who_is_not_here_does_not_keep_it_from_those_who_are(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say(DANGER)
    room.assign(ama)
    loop.clock.forward(minutes=4)  # her console is closed; his too
    await room.round()
    assert room.rung() == [(0, [ama.id, kofi.id], CONSOLE)]
    room.here(kofi)
    await room.round(minutes=2)
    assert room.rung()[1:] == [(1, [ama.id, kofi.id], PHONES)]
    room.take(kofi)


async def test_with_nobody_here_it_rings_everybody_who_counsels(loop: Loop, room: Room) -> None:
    ama, kofi = room.add("Ama", here=False), room.add("Kofi", here=False)
    room.add("Admin", role=Role.ADMIN)
    left = room.add("Gone", here=False)
    loop.database.call(staff.change, left.id, active=False)
    await loop.say(DANGER)
    await room.round()
    await room.round(seconds=120)
    await room.round(seconds=180)  # there is no supervisor
    assert [who for _, who, _ in room.rung()] == [[ama.id, kofi.id]] * 3


async def test_a_protected_case_rings_only_those_who_may_read_it(loop: Loop, room: Room) -> None:
    room.add("Ama", skills=("health",))
    efua = room.add("Efua", skills=("protection",), here=False)
    adwoa = room.add("Adwoa", role=Role.SUPERVISOR, here=False)
    await loop.say(RAPE)
    await room.round()
    await room.round(seconds=120)
    await room.round(seconds=180)
    await room.round(seconds=600)
    called = [who for _, who, _ in room.rung()]
    assert called == [[efua.id, adwoa.id], [efua.id, adwoa.id], [adwoa.id], [adwoa.id]]


@pytest.mark.parametrize(
    "chain",
    [
        (Step(timedelta(0), "supervisors", ("sms",)),),
        (Step(timedelta(seconds=30), "duty", ("sms",)),
         Step(timedelta(seconds=31), "duty", ("sms",))),
    ],
)  # fmt: skip
async def test_another_packs_chain(
    loop: Loop, room: Room, chain: tuple[Step, ...]
) -> None:
    ama = room.add("Ama")
    room.phone(ama, "sms", "+233200000001")
    ringing = read_ringing({"again": 60})
    room.pack(ringing=type(ringing)(chain=chain, again=ringing.again))
    await loop.say(DANGER)
    rang = []
    for second in range(200):
        await room.round()
        if len(room.rung()) > len(rang):
            rang.append(second)
        loop.clock.forward(seconds=1)
    last = int(chain[-1].after.total_seconds())
    assert rang[: len(chain)] == [int(step.after.total_seconds()) for step in chain]
    assert rang[len(chain) :] == list(range(last + 60, 200, 60))
    assert len(room.phones()) == len(rang)


def test_a_pack_that_forgets_the_alarm_of_danger_is_refused() -> None:
    with pytest.raises(ValueError, match=r"owner_within: danger \(0\) is missing"):
        read_ringing({"owner_within": {1: 7200}})


def office(country: Country) -> Country:
    """Monday to Friday, eight to five in Accra. NOON is a Monday."""
    week = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "17:00"}]
    return replace(country, hours=read_hours(week, [], country.timezone))


@pytest.mark.parametrize(
    ("priority", "day", "hour", "answer", "owner"),
    [
        (0, 0, 12, "mon 12:15", "mon 12:05"),
        (0, 5, 3, "sat 03:15", "sat 03:05"),  # danger knows no hours
        (1, 0, 12, "mon 16:00", "mon 14:00"),
        (1, 0, 16, "tue 11:00", "tue 09:00"),
        (1, 4, 16, "mon 11:00", "mon 09:00"),
        (1, 5, 12, "mon 12:00", "mon 10:00"),
        (2, 0, 12, "thu 09:00", None),
    ],
)
def test_clocks_know_the_opening_hours(
    library: Library, priority: int, day: int, hour: int, answer: str, owner: str | None
) -> None:
    country = office(library.country)
    since = NOON.replace(hour=hour) + timedelta(days=day)
    made = plan(country, priority, since)
    shown = [m and f"{m:%a %H:%M}".lower() for m in (made.due_at, made.owner_by)]
    assert shown == [answer, owner]
    assert made.due_at == answer_by(country, priority, since)
    assert made.ring_at == (since if priority == 0 else made.owner_by)
