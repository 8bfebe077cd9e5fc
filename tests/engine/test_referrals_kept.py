"""Whose referrals are whose: strangers, deletion, retention, protected cases, joined phones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import consents, referrals, retention
from bot.dialogue.core import Standing
from bot.handoff import Refused
from tests.engine.conftest import Loop
from tests.engine.pair import PHONE, link
from tests.engine.referring import IOM, LEGAL, PERSON, Referring
from tests.engine.room import RAPE, Room


async def test_nobody_answers_for_somebody_else(
    loop: Loop, room: Room, referring: Referring
) -> None:
    id = referring.ask()
    await room.heard()
    await loop.say("menu", who="88")
    stranger = room.person("88")
    loop.database.call(referrals.decide, stranger, id, True, loop.clock(), event_id=10**6,
                       language="en", channel="telegram")  # fmt: skip
    assert referring.state() == "asked"
    assert loop.count(consents.consents) == 0


async def test_deleting_ones_data_deletes_them_and_leaves_a_line_for_the_counsellor(
    loop: Loop, room: Room, referring: Referring
) -> None:
    id = referring.ask()
    await room.heard()
    await loop.say("refer yes", "menu")
    referring.step(id, Standing.SENT)
    await loop.say("delete", "1")
    assert (referring.rows(), referring.consents()) == ([], [])
    assert referring.log()[-1] == ("withdrawn", None)
    with pytest.raises(Refused):
        referring.step(id, Standing.DONE)
    assert "referred you to nobody" in (await loop.say("my referrals"))[0]


async def test_they_go_with_their_case_a_year_after_it_ended(
    loop: Loop, room: Room, referring: Referring
) -> None:
    referring.ask()
    room.close(referring.ama)
    loop.clock.forward(days=364)
    loop.database.call(retention.purge, loop.clock())
    assert loop.count(referrals.referrals) == 1
    loop.clock.forward(days=2)
    loop.database.call(retention.purge, loop.clock())
    assert loop.count(referrals.referrals) == 0


async def test_a_protected_case_keeps_its_referrals_to_those_who_may_read_it(
    loop: Loop, room: Room
) -> None:
    referring = Referring(loop, room)
    esi = room.add("Esi", skills=("protection",))
    await loop.say(RAPE)
    room.take(esi)
    await room.heard()
    referring.ask(by=esi)
    person = room.person()
    assert loop.database.call(referrals.readable, person, referring.ama) == []
    assert len(loop.database.call(referrals.readable, person, esi)) == 1


@pytest.mark.parametrize(
    ("on_app", "on_phone", "left"),
    [
        # To the same office: the one that is further stays, whoever's it is.
        ((LEGAL, "asked"), (LEGAL, "agreed"), {LEGAL: "agreed"}),
        ((LEGAL, "agreed"), (LEGAL, "asked"), {LEGAL: "agreed"}),
        ((LEGAL, "agreed"), (LEGAL, "sent"), {LEGAL: "sent"}),
        ((LEGAL, "asked"), (LEGAL, "asked"), {LEGAL: "asked"}),
        # Two questions: only one can be answered with words.
        ((LEGAL, "asked"), (IOM, "asked"), {LEGAL: "asked"}),
        ((LEGAL, "sent"), (IOM, "asked"), {LEGAL: "sent", IOM: "asked"}),
    ],
)
async def test_two_phones_become_one_person_with_their_referrals(
    loop: Loop, room: Room, on_app: tuple[str, str], on_phone: tuple[str, str],
    left: dict[str, str],
) -> None:  # fmt: skip
    referring = Referring(loop, room)
    app = ("77", "telegram")
    for who, (office, state) in ((app, on_app), (PHONE, on_phone)):
        await loop.say(PERSON, who=who[0], channel=who[1])
        id = referring.ask(office, who=who, over=True)
        await loop.work()
        if state != "asked":
            await loop.say("refer yes", who=who[0], channel=who[1])
        if state == "sent":
            referring.step(id, Standing.SENT)
    loop.clock.forward(minutes=1)
    await link(loop)
    rows = referring.rows()
    assert {row.office_id: row.state for row in rows if row.state != "withdrawn"} == left
    assert len(rows) == 2
    assert {row.case_id for row in rows} == {room.case().id}
    assert loop.clock() - room.case().touched_at < timedelta(minutes=1)
