"""A referral from the question to its end: nothing without a yes, and the yes can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audit, caselog, consents, referrals, retention
from bot.dialogue.core import Standing
from bot.handoff import Refused
from bot.library import Office
from bot.people import people
from bot.staff import Staff
from tests.engine.conftest import Loop
from tests.engine.pair import PHONE, link
from tests.engine.room import RAPE, Room

PERSON = "I want to talk to a person"
LEGAL, IOM = "legal_aid@legal_aid-accra", "iom@iom-tamale"
STEPS = (Standing.SENT, Standing.RECEIVED, Standing.DONE, Standing.WITHDRAWN)


class Referring:
    """What Ama and the person do with referrals."""

    def __init__(self, loop: Loop, room: Room) -> None:
        self.loop, self.room, self.ama = loop, room, room.add("Ama")

    def office(self, id: str) -> Office:
        return next(office for office in self.loop.library.offices if office.id == id)

    def ask(self, office: str = LEGAL, note: str = "Was not paid.", *, by: Staff | None = None,
            who: tuple[str, str] = ("77", "telegram"), **more: Any) -> int:  # fmt: skip
        return self.loop.database.call(
            referrals.open, self.room.case(*who).id, by or self.ama, self.office(office),
            self.loop.clock(), note=note, **more,
        )  # fmt: skip

    def step(self, id: int, to: Standing) -> None:
        if to is Standing.WITHDRAWN:
            self.loop.database.call(referrals.withdraw, id, self.ama, self.loop.clock())
        else:
            self.loop.database.call(referrals.advance, id, to, self.ama, self.loop.clock())

    def rows(self, who: str = "77", channel: str = "telegram") -> list[sa.Row[Any]]:
        person = self.room.person(who, channel)
        return self.loop.database.call(referrals.of_person, person)

    def state(self) -> str:
        """Of the only one."""
        (row,) = self.rows()
        return str(row.state)

    def consents(self) -> list[tuple[str, bool]]:
        log = self.loop.database.call(consents.of, self.room.person())
        return [(row.purpose, row.given) for row in log]

    def log(self) -> list[tuple[str, int | None]]:
        rows = self.loop.database.call(caselog.of, self.room.case().id)
        return [(row.detail["state"], row.staff_id) for row in rows if row.what == "referral"]

    def audited(self) -> list[str]:
        return [e.action for e in self.loop.database.call(audit.page)][::-1]


@pytest.fixture
async def desk(loop: Loop, room: Room) -> Referring:
    """Ama has the case and the person's conversation."""
    made = Referring(loop, room)
    await loop.say(PERSON)
    room.take(made.ama)
    await room.heard()
    return made


async def test_the_person_sees_all_that_would_be_told_and_says_yes(
    loop: Loop, room: Room, desk: Referring
) -> None:
    id = desk.ask(topic="legal_aid")
    (asked,) = await room.heard()
    assert asked.startswith("May we refer you to Legal Aid Commission, Accra?")
    assert "Was not paid." in asked.split("\n")
    assert (desk.state(), desk.consents()) == ("asked", [])
    loop.clock.forward(minutes=5)
    (noted,) = await room.tap("Yes")
    assert noted.startswith("Noted: yes.")
    (row,) = desk.rows()
    assert (row.state, row.decided_at, row.changed_at) == ("agreed", loop.clock(), loop.clock())
    assert desk.consents() == [(f"referral:{id}", True)]
    assert desk.log() == [("asked", desk.ama.id), ("agreed", None)]
    assert desk.audited() == ["referral_agreed"]
    for step in STEPS[:3]:
        desk.step(id, step)
        assert desk.state() == step
    assert await room.heard() == []
    assert [state for state, _ in desk.log()] == ["asked", "agreed", "sent", "received", "done"]


async def test_a_no_has_no_consequence_and_can_be_asked_again_later(
    room: Room, desk: Referring
) -> None:
    id = desk.ask()
    await room.heard()
    (noted,) = await room.tap("No")
    assert "tell Legal Aid Commission, Accra nothing and go on helping" in noted
    assert (desk.state(), desk.consents()) == ("declined", [(f"referral:{id}", False)])
    assert room.counsellor() == "Ama"
    (stale,) = await room.tap("Yes")
    assert "no open question" in stale
    assert desk.state() == "declined"
    assert desk.ask() != id


@pytest.mark.parametrize("answer", ["nothing", "No", "takes back"])
async def test_nothing_is_passed_on_without_a_yes_that_stands(
    loop: Loop, room: Room, desk: Referring, answer: str
) -> None:
    id = desk.ask()
    await room.heard()
    if answer == "No":
        await room.tap("No")
    if answer == "takes back":
        await room.tap("Yes")
        await loop.say("refer no")
    before = desk.log()
    for step in STEPS[:3]:
        with pytest.raises(Refused):
            desk.step(id, step)
    assert desk.log() == before


async def test_a_step_that_cannot_follow_is_refused(room: Room, desk: Referring) -> None:
    id = desk.ask()
    await room.heard()
    await room.tap("Yes")
    for step in (Standing.RECEIVED, Standing.DONE, Standing.ASKED, Standing.AGREED):
        with pytest.raises(Refused):
            desk.step(id, step)
    desk.step(id, Standing.SENT)
    desk.step(id, Standing.DONE)
    for step in STEPS:
        with pytest.raises(Refused):
            desk.step(id, step)


async def test_with_a_counsellor_a_plain_yes_is_for_them_and_words_are_an_answer(
    loop: Loop, room: Room, desk: Referring
) -> None:
    desk.ask()
    await room.heard()
    assert await loop.say("yes", "1") == []
    assert desk.state() == "asked"
    (noted,) = await loop.say("Refer yes")
    assert noted.startswith("Noted: yes.")
    assert room.counsellor() == "Ama"


async def test_words_for_an_earlier_question_are_no_yes_to_this_one(
    loop: Loop, room: Room, desk: Referring
) -> None:
    first = desk.ask()
    await room.heard()
    loop.receive(loop.message("refer yes"))
    desk.step(first, Standing.WITHDRAWN)
    desk.ask(IOM)
    told = await room.heard()
    assert sum("no open question" in text for text in told) == 1
    assert [row.state for row in desk.rows()] == ["asked", "withdrawn"]
    assert desk.consents() == []
    await loop.say("refer yes")
    assert [row.state for row in desk.rows()] == ["agreed", "withdrawn"]


async def test_a_yes_twice_is_one_yes(loop: Loop, room: Room, desk: Referring) -> None:
    id = desk.ask()
    await room.heard()
    assert (await room.tap("Yes"))[0] == (await room.tap("Yes"))[0]
    assert desk.consents() == [(f"referral:{id}", True)]


async def test_a_yes_is_taken_back_in_my_data_also_after_the_office_was_told(
    loop: Loop, room: Room, desk: Referring
) -> None:
    id = desk.ask()
    await room.heard()
    await room.tap("Yes")
    desk.step(id, Standing.SENT)
    room.close(desk.ama, outcome="referred")
    await room.heard()
    desk.step(id, Standing.RECEIVED)
    assert "you can take it back" in (await loop.say("my data"))[0]
    (listed,) = await room.tap("My referrals")
    assert listed == "1. Legal Aid Commission, Accra: they have confirmed it"
    (done,) = await room.tap("Withdraw 1")
    assert "What they were told already we cannot take back" in done
    assert desk.consents() == [(f"referral:{id}", True), (f"referral:{id}", False)]
    assert desk.log()[-1] == ("withdrawn", None)


async def test_refer_no_takes_back_every_yes(loop: Loop, room: Room, desk: Referring) -> None:
    for office in (LEGAL, IOM):
        desk.ask(office)
        await room.heard()
        await loop.say("refer yes")
    (told,) = await loop.say("REFER NO")
    assert told.count("Withdrawn: we tell") == 2
    assert {row.state for row in desk.rows()} == {"withdrawn"}


async def test_who_has_stopped_us_takes_back_a_yes(
    loop: Loop, room: Room, desk: Referring
) -> None:
    desk.ask()
    await room.heard()
    await loop.say("refer yes", "stop")
    (told,) = await loop.say("refer no")
    assert "To come back: START" in told
    assert desk.state() == "withdrawn"
    with pytest.raises(Refused):
        desk.ask()


async def test_staff_withdraw_and_the_person_is_told(room: Room, desk: Referring) -> None:
    id = desk.ask()
    await room.heard()
    desk.step(id, Standing.WITHDRAWN)
    assert await room.heard() == ["Withdrawn: we tell Legal Aid Commission, Accra nothing."]
    assert desk.log()[-1] == ("withdrawn", desk.ama.id)


async def test_one_open_referral_to_an_office_and_one_question_at_a_time(
    loop: Loop, room: Room, desk: Referring
) -> None:
    desk.ask()
    await room.heard()
    for office in (LEGAL, IOM):
        with pytest.raises(Refused):
            desk.ask(office)
    await room.tap("Yes")
    with pytest.raises(Refused):
        desk.ask(LEGAL)
    desk.ask(IOM)
    row = desk.rows()[0]
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
    room: Room, desk: Referring, note: str, stored: str
) -> None:
    desk.ask(note=note)
    (asked,) = await room.heard()
    assert desk.rows()[0].note == stored
    assert stored in asked.split("\n")


@pytest.mark.parametrize("note", ["", " \n\u200b", "x" * (referrals.LONGEST + 1)])
async def test_an_empty_or_endless_note_asks_nothing(
    room: Room, desk: Referring, note: str
) -> None:
    with pytest.raises(Refused):
        desk.ask(note=note)
    assert (desk.rows(), await room.heard()) == ([], [])


async def test_only_who_has_the_case_asks(room: Room, desk: Referring) -> None:
    kofi = room.add("Kofi")
    with pytest.raises(Refused):
        desk.ask(by=kofi)
    assert desk.ask(by=kofi, over=True)


async def test_the_yes_is_about_what_was_shown_then(
    loop: Loop, room: Room, desk: Referring
) -> None:
    desk.ask()
    await room.heard()
    await loop.say("refer yes")

    def move(conn: sa.Connection) -> None:
        conn.execute(people.update().values(language="fr", region="GH-NP"))

    loop.database.call(move)
    (row,) = desk.rows()
    assert (row.office, row.language, row.region) == ("Legal Aid Commission, Accra", "en", None)


async def test_nobody_answers_for_somebody_else(loop: Loop, room: Room, desk: Referring) -> None:
    id = desk.ask()
    await room.heard()
    await loop.say("menu", who="88")
    stranger = room.person("88")
    loop.database.call(referrals.decide, stranger, id, True, loop.clock(), event_id=10**6,
                       language="en", channel="telegram")  # fmt: skip
    assert desk.state() == "asked"
    assert loop.count(consents.consents) == 0


async def test_deleting_ones_data_deletes_them_and_leaves_a_line_for_the_counsellor(
    loop: Loop, room: Room, desk: Referring
) -> None:
    id = desk.ask()
    await room.heard()
    await loop.say("refer yes", "menu")
    desk.step(id, Standing.SENT)
    await loop.say("delete", "1")
    assert (desk.rows(), desk.consents()) == ([], [])
    assert desk.log()[-1] == ("withdrawn", None)
    with pytest.raises(Refused):
        desk.step(id, Standing.DONE)
    assert "referred you to nobody" in (await loop.say("my referrals"))[0]


async def test_they_go_with_their_case_a_year_after_it_ended(
    loop: Loop, room: Room, desk: Referring
) -> None:
    desk.ask()
    room.close(desk.ama)
    loop.clock.forward(days=364)
    loop.database.call(retention.purge, loop.clock())
    assert loop.count(referrals.referrals) == 1
    loop.clock.forward(days=2)
    loop.database.call(retention.purge, loop.clock())
    assert loop.count(referrals.referrals) == 0


async def test_a_protected_case_keeps_its_referrals_to_those_who_may_read_it(
    loop: Loop, room: Room
) -> None:
    desk = Referring(loop, room)
    esi = room.add("Esi", skills=("protection",))
    await loop.say(RAPE)
    room.take(esi)
    await room.heard()
    desk.ask(by=esi)
    person = room.person()
    assert loop.database.call(referrals.readable, person, desk.ama) == []
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
    desk = Referring(loop, room)
    app = ("77", "telegram")
    for who, (office, state) in ((app, on_app), (PHONE, on_phone)):
        await loop.say(PERSON, who=who[0], channel=who[1])
        id = desk.ask(office, who=who, over=True)
        await loop.work()
        if state != "asked":
            await loop.say("refer yes", who=who[0], channel=who[1])
        if state == "sent":
            desk.step(id, Standing.SENT)
    loop.clock.forward(minutes=1)
    await link(loop)
    rows = desk.rows()
    assert {row.office_id: row.state for row in rows if row.state != "withdrawn"} == left
    assert len(rows) == 2
    assert {row.case_id for row in rows} == {room.case().id}
    assert loop.clock() - room.case().touched_at < timedelta(minutes=1)
