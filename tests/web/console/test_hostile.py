"""Everything a person or a provider controls is shown as text, wherever staff can see it."""

from __future__ import annotations

from typing import Any

import pytest

from bot import handoff, inbox, notes, staff
from bot.events import Incoming, Kind
from bot.library import Library
from bot.roles import PROTECTION, Role
from tests.engine.conftest import Loop
from tests.web.console.conftest import Office

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "</textarea></template><svg/onload=alert(1)>",
    "\u202eevil\u202c \u2066x\u2069",
    "=HYPERLINK(\"http://evil.example\")",
    "a\u200bb\u200cc\ufeffd",
    "ﷺ" * 3000,
    "x" * 10_000,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "javascript:alert(1)",
    "' OR 1=1 --",
)


@pytest.fixture
def talk(office: Office, library: Library, embedded: Any) -> Loop:
    """The loop that turns messages into cases, on the office's database."""
    return Loop(office.database, office.vault, embedded, library, clock=office.clock)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_are_shown_as_words(office: Office, talk: Loop, words: str) -> None:
    await talk.say("I want to talk to a person")
    await talk.say(words)
    me = office.member(Role.COUNSELLOR, name="Ama", skills=(PROTECTION,))
    office.call(handoff.take, 1, me, office.clock())
    office.call(notes.put, 1, me, words, office.call(staff.everyone), office.clock())
    office.call(handoff.label, 1, me, [words[:30]], office.clock())
    office.call(handoff.reply, 1, me, words[:3000], office.clock())
    await talk.work()
    seat = office.as_(me)
    for path in ("/console/inbox", "/console/cases/1", "/console/cases/1?part=lines"):
        page = seat.get(path)
        assert page.status_code == 200, path
        text = page.text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<svg/onload" not in text
        assert "</textarea></template>" not in text
        assert 'href="javascript:' not in text


async def test_a_channel_that_is_not_ours_and_odd_bodies_break_nothing(
    office: Office, talk: Loop
) -> None:
    await talk.say("I want to talk to a person")
    talk.receive(
        Incoming(channel="telegram", external_id="odd1", kind=Kind.MESSAGE, addresses=("77",),
                 body={"attachment": "sticker"}),
        Incoming(channel="telegram", external_id="odd2", kind=Kind.CHOICE, addresses=("77",),
                 body={"token": "<b>x</b>:y"}),
    )  # fmt: skip
    await talk.work()
    seat = office.as_(office.member(Role.SUPERVISOR))
    page = seat.get("/console/cases/1")
    assert page.status_code == 200
    assert "<b>x</b>" not in page.text


@pytest.mark.parametrize(
    "path",
    ["/console/cases/999999999999999999", "/console/cases/" + "9" * 400, "/console/cases/0",
     "/console/inbox?page=99999999999",
     "/console/inbox?priority=9999999999999999999&number=%00&shelf=%F0%9F%98%80",
     "/console/inbox?language=%3Cscript%3E", "/console/inbox?number=" + "9" * 500,
     "/console/cases/1?before=not-a-time", "/console/cases/1?before=2026-01-01T00:00:00",
     "/console/inbox?said=%3Cscript%3Ealert(1)%3C/script%3E"],
)  # fmt: skip
async def test_hostile_addresses_get_a_page_or_a_clear_no(
    office: Office, talk: Loop, path: str
) -> None:
    await talk.say("I want to talk to a person")
    answer = office.as_(office.member(Role.SUPERVISOR)).get(path)
    assert answer.status_code in (200, 303, 404)
    assert "<script>alert" not in answer.text


async def test_hostile_forms_change_nothing_and_get_a_sentence(office: Office, talk: Loop) -> None:
    await talk.say("I want to talk to a person")
    me = office.member(Role.COUNSELLOR)
    seat = office.as_(me)
    assert seat.post("/console/cases/1/take").status_code == 303
    before = talk.count(inbox.inbox)
    for path, form in (
        ("reply", {"text": ""}),
        ("reply", {"text": "x" * 5000}),
        ("again", {"row": "9" * 400}),
        ("again", {"row": "²"}),
        ("snooze", {"hours": "-1"}),
        ("snooze", {"hours": "9" * 400}),
        ("snooze", {"hours": "²"}),
        ("close", {"outcome": "<b>"}),
        ("give", {"to": "٣"}),
        ("give", {"to": "99999"}),
        ("note", {"text": " \u200b "}),
    ):
        answer = seat.post(f"/console/cases/1/{path}", **form)
        if (path, form) != ("note", {"text": " \u200b "}):
            assert answer.status_code == 409, (path, form)
        assert answer.status_code < 500
    assert talk.count(inbox.inbox) == before
    for body, kind in ((b"\xff\xfe", "application/x-www-form-urlencoded"), (b"{}", "text/json"),
                       (b"a=b&" * 400_000, "application/x-www-form-urlencoded")):  # fmt: skip
        answer = seat.client.post(
            "/console/cases/1/reply", content=body,
            headers={"Content-Type": kind, "X-CSRF": seat.csrf},
        )  # fmt: skip
        assert 400 <= answer.status_code < 500
