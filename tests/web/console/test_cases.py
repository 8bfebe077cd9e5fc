"""Finding cases and working on them, over the pages as a counsellor uses them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot import cases
from bot.library import Library
from bot.roles import PROTECTION, Role
from bot.web.console import ready
from tests.engine.conftest import Loop
from tests.web.console.conftest import Office, Seat


@pytest.fixture
def talk(office: Office, library: Library, embedded: Any) -> Loop:
    """The loop that turns messages into cases, on the office's database."""
    return Loop(office.database, office.vault, embedded, library, clock=office.clock)


@pytest.fixture
async def counsellor(office: Office, talk: Loop) -> Seat:
    await talk.say("I want to talk to a person", "it is about my maize in Techiman", who="1")
    await talk.say("two men raped me last night near the maize market", who="2")
    return office.as_(office.member(Role.COUNSELLOR, name="Ama"))


def row(name: str, **texts: str) -> Any:
    return SimpleNamespace(name=name, texts=texts)


def test_replies_in_the_persons_language_come_first_and_none_is_left_out() -> None:
    rows = [row("a", en="Hello"), row("b", en="Where?", fr="Où ?"), row("c", fr="Merci"),
            row("d", ha="Sannu", fr="Salut"), row("e")]  # fmt: skip
    for language, expected in {
        "en": ["a Hello", "b Where?", "c Merci", "d Sannu"],
        "fr": ["b Où ?", "c Merci", "d Salut", "a Hello"],
        "ha": ["d Sannu", "a Hello", "b Where?", "c Merci"],
        "ee": ["a Hello", "b Where?", "c Merci", "d Sannu"],
    }.items():
        found = ready.replies(rows, language)
        assert [f"{text.name} {text.text}" for text in found] == expected, language


def listed(seat: Seat, **query: str) -> list[str]:
    """The numbers of the cases in the list."""
    seat.client.headers["HX-Request"] = "true"
    text = seat.get("/console/inbox", **query).text
    del seat.client.headers["HX-Request"]
    return [part.split('"')[0] for part in text.split('id="case-')[1:]]


async def test_words_find_cases_but_never_protected_ones(
    office: Office, counsellor: Seat
) -> None:
    assert listed(counsellor, number="MAIZE") == ["1"]
    assert listed(counsellor, number="raped") == []
    assert listed(counsellor, number="%") == []
    skilled = office.as_(office.member(Role.COUNSELLOR, skills=(PROTECTION,)))
    assert listed(skilled, number="maize") == ["2", "1"]
    assert listed(skilled, number="#2") == ["2"]


async def test_the_inbox_is_by_priority_and_clock_and_can_be_narrowed(
    office: Office, talk: Loop, counsellor: Seat
) -> None:
    office.clock.forward(minutes=1)
    await talk.say("my wife is bleeding heavily, she fainted, help us now", who="3")
    await talk.say("parler à un conseiller", who="+233200000004", channel="sms")
    await talk.say("we have had no food for three days", who="5")
    assert listed(counsellor) == ["2", "3", "5", "1", "4"]
    for query, found in (
        ({"priority": "0"}, ["2", "3"]), ({"language": "fr"}, ["4"]), ({"channel": "sms"}, ["4"]),
        ({"priority": "2", "language": "en"}, ["1"]), ({"region": "GH-NP"}, []),
        ({"shelf": "closed"}, []), ({"shelf": "mine"}, []),
        ({"shelf": "waiting"}, ["2", "3", "5", "1", "4"]),
    ):  # fmt: skip
        assert listed(counsellor, **query) == found, query
    counsellor.post("/console/cases/3/take")
    counsellor.post("/console/cases/3/reply", text="I am here.")
    assert listed(counsellor, shelf="mine") == ["3"]
    assert listed(counsellor) == ["2", "3", "5", "1", "4"]  # danger stays in front
    counsellor.post("/console/cases/1/take")
    counsellor.post("/console/cases/1/reply", text="I am here.")
    office.clock.forward(hours=1)
    assert listed(counsellor) == ["2", "3", "5", "4", "1"]  # whose clock stands still


async def test_labels_are_set_and_found_and_a_case_is_put_aside(
    office: Office, talk: Loop, counsellor: Seat
) -> None:
    labels = " farming ,, seeds, " + ",".join(f"l{n}" for n in range(20))
    counsellor.post("/console/cases/1/label", labels=labels)
    assert office.call(cases.of, 1).labels == ["farming", "seeds", *(f"l{n}" for n in range(10))]
    assert listed(counsellor, number="seeds") == ["1"]
    counsellor.post("/console/cases/1/take")
    assert counsellor.post("/console/cases/1/snooze", hours="24").status_code == 303
    assert listed(counsellor, shelf="snoozed") == ["1"]
    assert listed(counsellor) == ["2"]
    await talk.say("I have seeds now", who="1")
    assert listed(counsellor) == ["2", "1"]


async def test_a_colleague_mentioned_in_a_note_finds_the_case(
    office: Office, counsellor: Seat
) -> None:
    kofi = office.as_(office.member(Role.COUNSELLOR, name="Kofi"))
    assert listed(kofi, shelf="mentions") == []
    counsellor.post("/console/cases/1/note", text="@kofi can you look at the seeds?")
    assert listed(kofi, shelf="mentions") == ["1"]
    assert listed(counsellor, shelf="mentions") == []


async def test_a_mention_is_a_whole_name(office: Office, counsellor: Seat) -> None:
    ama = counsellor
    amara = office.as_(office.member(Role.COUNSELLOR, name="Amara"))
    esi = office.as_(office.member(Role.SUPERVISOR, name="Esi Mensah (night)"))
    esi.post("/console/cases/1/note", text="for @amara, and @Esi Mensah (night).")
    assert listed(amara, shelf="mentions") == ["1"]
    assert listed(esi, shelf="mentions") == ["1"]
    assert listed(ama, shelf="mentions") == []


async def test_a_case_is_handed_on_with_a_note_and_given_back(
    office: Office, talk: Loop, counsellor: Seat
) -> None:
    kofi = office.member(Role.COUNSELLOR, name="Kofi")
    trained = office.as_(office.member(Role.COUNSELLOR, skills=(PROTECTION,)))
    counsellor.post("/console/cases/1/take")
    answer = counsellor.post("/console/cases/1/give", to=str(kofi.id), note="He speaks Ewe better")
    assert answer.headers["location"] == "/console/cases/1?said=given"
    case = office.call(cases.of, 1)
    assert (case.owner_id, case.taken_at, case.last_owner_id) == (kofi.id, None, 1)
    seat = office.as_(kofi)
    assert listed(seat, shelf="mine") == ["1"]
    assert "He speaks Ewe better" in seat.get("/console/cases/1").text
    # Neither a case of somebody else nor a protected one to somebody without the skill.
    refused = counsellor.post("/console/cases/1/give", to="queue", note="mine after all")
    assert refused.status_code == 409
    trained.post("/console/cases/2/take")
    assert trained.post("/console/cases/2/give", to=str(kofi.id)).status_code == 409
    moderator = office.member(Role.MODERATOR)
    assert seat.post("/console/cases/1/give", to=str(moderator.id)).status_code == 409
    assert "mine after all" not in seat.get("/console/cases/1").text
    assert seat.post("/console/cases/1/give", to="queue").status_code == 303
    assert office.call(cases.of, 1).owner_id is None


async def test_staff_open_a_closed_case_again(
    office: Office, talk: Loop, counsellor: Seat
) -> None:
    counsellor.post("/console/cases/1/take")
    counsellor.post("/console/cases/1/close", outcome="answered")
    assert "Open it again" in counsellor.get("/console/cases/1").text
    office.clock.forward(days=1)
    counsellor = office.as_(office.again(1))
    assert counsellor.post("/console/cases/1/open").headers["location"].startswith(
        "/console/cases/1?"
    )
    case = office.call(cases.of, 1)
    assert (case.reason, case.owner_id, case.closed_at) == ("staff", 1, None)
    counsellor.post("/console/cases/1/close", outcome="answered")
    office.clock.forward(days=30)
    counsellor = office.as_(office.again(1))
    assert counsellor.post("/console/cases/1/open").headers["location"].startswith(
        "/console/cases/3?"
    )


async def test_a_part_of_a_case_that_was_never_opened_is_a_reading_too(
    office: Office, counsellor: Seat
) -> None:
    counsellor.client.headers["HX-Request"] = "true"
    for _ in range(3):
        assert counsellor.get("/console/cases/1", part="lines").status_code == 200
    assert [(e.action, e.object_id) for e in office.audited()] == [("read", 1)]
