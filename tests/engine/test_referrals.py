"""A referral from the question to its end: nothing without a yes, and the yes can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot import referrals
from bot.dialogue.core import Standing
from bot.handoff import Refused
from bot.people import people
from bot.web.console.audit_page import actions
from tests.engine.conftest import Loop
from tests.engine.referring import IOM, LEGAL, Referring
from tests.engine.room import Room

STEPS = (Standing.SENT, Standing.RECEIVED, Standing.DONE, Standing.WITHDRAWN)


async def test_the_person_sees_all_that_would_be_told_and_says_yes(
    loop: Loop, room: Room, referring: Referring
) -> None:
    id = referring.ask(topic="legal_aid")
    (asked,) = await room.heard()
    assert asked.startswith("May we refer you to Legal Aid Commission, Accra?")
    assert "Was not paid." in asked.split("\n")
    assert (referring.state(), referring.consents()) == ("asked", [])
    loop.clock.forward(minutes=5)
    (noted,) = await room.tap("Yes")
    assert noted.startswith("Noted: yes.")
    (row,) = referring.rows()
    assert (row.state, row.decided_at, row.changed_at) == ("agreed", loop.clock(), loop.clock())
    assert referring.consents() == [(f"referral:{id}", True)]
    assert referring.log() == [("asked", referring.ama.id), ("agreed", None)]
    assert referring.audited() == ["referral_agreed"]
    for step in STEPS[:3]:
        referring.step(id, step)
        assert referring.state() == step
    assert await room.heard() == []
    steps = [state for state, _ in referring.log()]
    assert steps == ["asked", "agreed", "sent", "received", "done"]


async def test_a_no_has_no_consequence_and_can_be_asked_again_later(
    room: Room, referring: Referring
) -> None:
    id = referring.ask()
    await room.heard()
    (noted,) = await room.tap("No")
    assert "tell Legal Aid Commission, Accra nothing and go on helping" in noted
    assert (referring.state(), referring.consents()) == ("declined", [(f"referral:{id}", False)])
    assert room.counsellor() == "Ama"
    (stale,) = await room.tap("Yes")
    assert "no open question" in stale
    assert referring.state() == "declined"
    assert referring.ask() != id


@pytest.mark.parametrize("answer", ["nothing", "No", "takes back"])
async def test_nothing_is_passed_on_without_a_yes_that_stands(
    loop: Loop, room: Room, referring: Referring, answer: str
) -> None:
    id = referring.ask()
    await room.heard()
    if answer == "No":
        await room.tap("No")
    if answer == "takes back":
        await room.tap("Yes")
        await loop.say("refer no")
    before = referring.log()
    for step in STEPS[:3]:
        with pytest.raises(Refused):
            referring.step(id, step)
    assert referring.log() == before


async def test_a_step_that_cannot_follow_is_refused(room: Room, referring: Referring) -> None:
    id = referring.ask()
    await room.heard()
    await room.tap("Yes")
    for step in (Standing.RECEIVED, Standing.DONE, Standing.ASKED, Standing.AGREED):
        with pytest.raises(Refused):
            referring.step(id, step)
    referring.step(id, Standing.SENT)
    referring.step(id, Standing.DONE)
    for step in STEPS:
        with pytest.raises(Refused):
            referring.step(id, step)


async def test_with_a_counsellor_a_plain_yes_is_for_them_and_words_are_an_answer(
    loop: Loop, room: Room, referring: Referring
) -> None:
    referring.ask()
    await room.heard()
    assert await loop.say("yes", "1") == []
    assert referring.state() == "asked"
    (noted,) = await loop.say("Refer yes")
    assert noted.startswith("Noted: yes.")
    assert room.counsellor() == "Ama"


async def test_words_for_an_earlier_question_are_no_yes_to_this_one(
    loop: Loop, room: Room, referring: Referring
) -> None:
    first = referring.ask()
    await room.heard()
    loop.receive(loop.message("refer yes"))
    referring.step(first, Standing.WITHDRAWN)
    referring.ask(IOM)
    told = await room.heard()
    assert sum("no open question" in text for text in told) == 1
    assert [row.state for row in referring.rows()] == ["asked", "withdrawn"]
    assert referring.consents() == []
    await loop.say("refer yes")
    assert [row.state for row in referring.rows()] == ["agreed", "withdrawn"]


async def test_a_yes_twice_is_one_yes(loop: Loop, room: Room, referring: Referring) -> None:
    id = referring.ask()
    await room.heard()
    assert (await room.tap("Yes"))[0] == (await room.tap("Yes"))[0]
    assert referring.consents() == [(f"referral:{id}", True)]


async def test_a_yes_is_taken_back_in_my_data_also_after_the_office_was_told(
    loop: Loop, room: Room, referring: Referring
) -> None:
    id = referring.ask()
    await room.heard()
    await room.tap("Yes")
    referring.step(id, Standing.SENT)
    room.close(referring.ama, outcome="referred")
    await room.heard()
    referring.step(id, Standing.RECEIVED)
    assert "you can take it back" in (await loop.say("my data"))[0]
    (listed,) = await room.tap("My referrals")
    assert listed == "1. Legal Aid Commission, Accra: they have confirmed it"
    (done,) = await room.tap("Withdraw 1")
    assert "What they were told already we cannot take back" in done
    assert referring.consents() == [(f"referral:{id}", True), (f"referral:{id}", False)]
    assert referring.log()[-1] == ("withdrawn", None)


async def test_refer_no_takes_back_every_yes(loop: Loop, room: Room, referring: Referring) -> None:
    for office in (LEGAL, IOM):
        referring.ask(office)
        await room.heard()
        await loop.say("refer yes")
    (told,) = await loop.say("REFER NO")
    assert told.count("Withdrawn: we tell") == 2
    assert {row.state for row in referring.rows()} == {"withdrawn"}


async def test_who_has_stopped_us_takes_back_a_yes(
    loop: Loop, room: Room, referring: Referring
) -> None:
    referring.ask()
    await room.heard()
    await loop.say("refer yes", "stop")
    (told,) = await loop.say("refer no")
    assert "To come back: START" in told
    assert referring.state() == "withdrawn"
    with pytest.raises(Refused):
        referring.ask()


async def test_staff_withdraw_and_the_person_is_told(room: Room, referring: Referring) -> None:
    id = referring.ask()
    await room.heard()
    referring.step(id, Standing.WITHDRAWN)
    assert await room.heard() == ["Withdrawn: we tell Legal Aid Commission, Accra nothing."]
    assert referring.log()[-1] == ("withdrawn", referring.ama.id)


async def test_one_open_referral_to_an_office_and_one_question_at_a_time(
    loop: Loop, room: Room, referring: Referring
) -> None:
    referring.ask()
    await room.heard()
    for office in (LEGAL, IOM):
        with pytest.raises(Refused):
            referring.ask(office)
    await room.tap("Yes")
    with pytest.raises(Refused):
        referring.ask(LEGAL)
    referring.ask(IOM)
    row = referring.rows()[0]
    twin = {name: value for name, value in row._mapping.items() if name not in ("id", "urgency")}

    def insert(conn: sa.Connection, **changes: Any) -> None:
        conn.execute(referrals.referrals.insert(), {**twin, **changes})

    for changes in ({"state": "sent"}, {"office_id": "another"}):
        with pytest.raises(sa.exc.IntegrityError):
            loop.database.call(insert, **changes)


@pytest.mark.parametrize(("note", "stored"), [
    ("  two\r\nlines\t", "two lines"), ("a\0b\ud800c\u202ed\u200b", "a b c d"),
    ("<b>{office}</b> %s", "<b>{office}</b> %s"), ("x" * referrals.LONGEST,) * 2,
])  # fmt: skip
async def test_a_note_is_one_line_of_plain_words(
    room: Room, referring: Referring, note: str, stored: str
) -> None:
    referring.ask(note=note)
    (asked,) = await room.heard()
    assert referring.rows()[0].note == stored
    assert stored in asked.split("\n")


@pytest.mark.parametrize("note", ["", " \n\u200b", "x" * (referrals.LONGEST + 1)])
async def test_an_empty_or_endless_note_asks_nothing(
    room: Room, referring: Referring, note: str
) -> None:
    with pytest.raises(Refused):
        referring.ask(note=note)
    assert (referring.rows(), await room.heard()) == ([], [])


async def test_only_who_has_the_case_asks(room: Room, referring: Referring) -> None:
    kofi = room.add("Kofi")
    with pytest.raises(Refused):
        referring.ask(by=kofi)
    assert referring.ask(by=kofi, over=True)


async def test_the_yes_is_about_what_was_shown_then(
    loop: Loop, room: Room, referring: Referring
) -> None:
    referring.ask()
    await room.heard()
    await loop.say("refer yes")

    def move(conn: sa.Connection) -> None:
        conn.execute(people.update().values(language="fr", region="GH-NP"))

    loop.database.call(move)
    (row,) = referring.rows()
    assert (row.office, row.language, row.region) == ("Legal Aid Commission, Accra", "en", None)


def test_every_step_has_words_in_the_audit() -> None:
    assert {f"referral_{step}" for step in Standing} <= actions(str).keys()
