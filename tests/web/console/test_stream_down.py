"""What a console asks while its stream is down: what rings for it, and: I am still here."""

from __future__ import annotations

import pytest

from bot import rings, staff
from bot.library import Library
from bot.roles import PROTECTION, Role
from bot.staff import Presence
from bot.web.console import live
from bot.web.console.hub import Ear
from tests.web.console.conftest import Office
from tests.web.console.test_permissions import opened


def test_it_hears_of_the_cases_that_call_it_and_of_no_others(
    office: Office, library: Library
) -> None:
    trained = office.as_(office.member(Role.COUNSELLOR, skills=(PROTECTION,)))
    plain = office.as_(office.member(Role.COUNSELLOR))
    assert trained.get("/console/rings").json() == []
    violence = office.call(opened, library, "violence_now")
    protected = office.call(opened, library, "sexual_violence")
    office.call(opened, library)
    office.call(rings.ring, library.country, "https://x", frozenset(), office.clock())
    answer = trained.get("/console/rings")
    assert answer.json() == [violence, protected]
    assert answer.headers["cache-control"] == "no-store"
    assert plain.get("/console/rings").json() == [violence]
    assert office.as_(office.member(Role.MODERATOR)).get("/console/rings").json() == []
    trained.post(f"/console/cases/{violence}/take")
    assert plain.get("/console/rings").json() == []


def test_who_asks_is_here_with_the_case_on_the_screen(office: Office, library: Library) -> None:
    member = office.member(Role.COUNSELLOR)
    office.call(staff.change, member.id, presence=Presence.AVAILABLE.value)
    seat, case = office.as_(member), office.call(opened, library)
    assert not office.again(member).here(office.clock())
    seat.get("/console/rings", case=str(case))
    office.clock.forward(minutes=1)
    assert office.again(member).here(office.clock())
    assert office.call(staff.looking_at, case, office.clock()) == [member.name]
    for hostile in ("²", "9" * 400, "-1", "x"):
        assert seat.get("/console/rings", case=hostile).status_code == 200


def test_asking_keeps_no_session_alive_that_nobody_uses(office: Office) -> None:
    seat = office.as_(office.member(Role.COUNSELLOR))
    for _ in range(3):
        office.clock.forward(minutes=41)
        answer = seat.client.get("/console/rings", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    seat = office.as_(office.member(Role.COUNSELLOR))
    for _ in range(3):
        office.clock.forward(minutes=41)
        lively = {"HX-Request": "true", "X-Active": "1"}
        answer = seat.client.get("/console/rings", headers=lively)
    assert answer.status_code == 200


async def test_a_stream_with_nothing_to_say_says_that_it_is_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE", 0.0)
    assert await live._next(Ear(1)) == "event: alive\ndata: here\n\n"
