"""Members by name: sanctions, relays, and the look-up of who is behind a name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot import cases, handoff
from bot.peers import members
from bot.roles import PROTECTION, Role, may
from bot.web.console.guard import Page
from bot.web.console.routes import PAGES
from tests.web.console.conftest import Office, Seat
from tests.web.console.village import Village


@pytest.fixture
def village(office: Office, vault: Any) -> Village:
    return Village(office.call, vault, office.clock())


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.SUPERVISOR))


def row(office: Office, member: int) -> Any:
    return office.call(members.one, member)


def test_the_page_shows_names_and_nothing_that_leads_to_a_person(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    for _ in range(40):  # so that no id of a member is that of a person
        village.person()
    member = village.member(group, "Golden Needle", channel="sms")
    person = row(office, member).person_id
    page = seat.get(f"/console/groups/{group}").text
    assert "Golden Needle" in page
    assert "+23320" not in page
    assert f'"{person}"' not in page
    assert f"/{person}" not in page


@pytest.mark.parametrize(("do", "more", "standing", "days"), [
    ("warn", {}, "active", None), ("silence", {"silence-days": "7"}, "active", 7),
    ("remove", {}, "removed", None), ("ban", {"ban-days": "365"}, "banned", 365),
    ("ban", {}, "banned", 30),
])  # fmt: skip
def test_a_member_is_warned_silenced_taken_out_or_banned_and_may_come_back(
    office: Office, village: Village, seat: Seat, do: str, more: dict[str, str], standing: str,
    days: int | None,
) -> None:  # fmt: skip
    group = village.group()
    member = village.member(group, "Golden Needle")
    seat.post(f"/console/members/{member}", do=do, reason="abuse", **more)
    after = row(office, member)
    assert after.standing == standing
    until = office.clock() + timedelta(days=days) if days else None
    assert village.log(group)[0].until == until
    assert [news["reason"] for news in village.told(member)] == ["abuse"]
    answer = seat.post(f"/console/members/{member}", do="lift")
    assert answer.status_code == (409 if do == "warn" else 303)
    if do != "warn":
        assert village.acts(group)[-1] == "lifted"
        assert row(office, member).standing == ("active" if do == "silence" else "left")


@pytest.mark.parametrize("form", [
    {"do": "ban", "ban-days": "9999", "reason": "abuse"}, {"do": "silence", "silence-days": "²"},
    {"do": "nonsense", "reason": "abuse"}, {"do": "warn"}, {},
])  # fmt: skip
def test_hostile_forms_change_nothing(
    office: Office, village: Village, seat: Seat, form: dict[str, str]
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    assert seat.post(f"/console/members/{member}", **form).status_code == 409
    assert village.log(group) == []
    assert office.audited() == []


def test_a_relay_is_appointed_until_a_day_and_thanked_at_the_end(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    path = f"/console/members/{member}/relay"
    assert seat.post(path, do="appoint", until="2026-12-31").status_code == 303
    assert row(office, member).relay_until.isoformat() == "2027-01-01T00:00:00+00:00"
    assert "on call" in seat.get(f"/console/groups/{group}").text
    assert seat.post(path, do="end").status_code == 303
    assert seat.post(path, do="end").status_code == 409
    assert village.acts(group) == ["appointed", "ended"]
    assert [news["event"] for news in village.told(member)] == ["appointed", "term_ends"]
    assert [e.action for e in office.audited()] == ["relay_appointed", "relay_ended"]


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-22", "2028-01-01", "9999-12-31"])
def test_a_term_ends_in_the_future_and_within_a_year(
    office: Office, village: Village, seat: Seat, until: str
) -> None:
    member = village.member(village.group(), "Golden Needle")
    answer = seat.post(f"/console/members/{member}/relay", do="appoint", until=until)
    assert answer.status_code == 409
    assert row(office, member).relay_until is None


def test_a_look_up_calls_a_counsellor_and_is_written_down_twice(
    office: Office, village: Village
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle", region="GH-TV")
    me = office.member(Role.MODERATOR, skills=(PROTECTION,))
    answer = office.as_(me).post(f"/console/members/{member}/person", do="look",
                                 words="She asks for help in #4")  # fmt: skip
    assert answer.headers["location"].startswith(f"/console/groups/{group}?said=case_opened")
    case = office.call(cases.of, 1)
    assert (case.person_id, case.reason, case.priority, case.region) == (
        row(office, member).person_id, "moderation", 1, "GH-TV")  # fmt: skip
    (noted,) = village.log(group)
    assert (noted.act, noted.member_id, noted.staff_id, noted.reason) == (
        "resolved", member, me.id, "She asks for help in #4")  # fmt: skip
    (entry,) = office.audited("resolved")
    assert (entry.kind, entry.object_id, entry.staff_id) == ("member", member, me.id)
    assert entry.detail == {"group": group, "case": 1, "do": "help"}
    assert village.told(member) == []  # a counsellor writes, not a machine


def test_a_supervisor_is_led_to_the_conversation_and_no_second_case_is_opened(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    path = f"/console/members/{member}/person"
    for _ in range(2):
        answer = seat.post(path, do="look", words="danger")
        assert answer.headers["location"] == "/console/cases/1"
    me = office.member(Role.SUPERVISOR)
    office.call(handoff.take, 1, me, office.clock())
    office.call(handoff.close, 1, me, office.clock(), outcome="answered")
    assert seat.post(path, do="look", words="again").headers["location"] == "/console/cases/1"
    assert office.call(cases.of, 1).closed_at is not None  # to look opens nothing again
    assert len(office.audited("resolved")) == 3
    assert village.acts(group) == ["resolved"] * 3


@pytest.mark.parametrize(("role", "skills"), [
    (Role.MODERATOR, ()), (Role.MODERATOR, ("health",)), (Role.COUNSELLOR, (PROTECTION,)),
    (Role.EDITOR, (PROTECTION,)),
])  # fmt: skip
def test_nobody_else_looks_up_who_somebody_is(
    office: Office, village: Village, role: Role, skills: tuple[str, ...]
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    other = office.as_(office.member(role, skills=skills))
    answer = other.post(f"/console/members/{member}/person", do="help", words="why not")
    assert answer.status_code == 403
    assert village.log(group) == []
    assert office.audited() == []


def test_a_look_up_without_a_reason_finds_nothing(
    office: Office, village: Village, seat: Seat
) -> None:
    member = village.member(village.group(), "Golden Needle")
    assert seat.post(f"/console/members/{member}/person", do="help").status_code == 409
    assert office.call(cases.of, 1) is None


def test_a_counsellor_sees_the_persons_groups_beside_the_conversation(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    seat.post(f"/console/members/{member}", do="silence", reason="abuse")
    seat.post(f"/console/members/{member}/person", do="help", words="danger")
    page = office.as_(office.member(Role.COUNSELLOR)).get("/console/cases/1").text
    for part in ("Golden Needle", "Tailoring and fashion", "silent until 24 Nov 12:00"):
        assert part in page
    assert f'href="/console/groups/{group}"' not in page  # that page is not theirs
    assert f'href="/console/groups/{group}"' in seat.get("/console/cases/1").text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SUPERVISOR, Role.ADMIN])
def test_every_button_of_a_page_leads_where_its_reader_may_go(
    office: Office, village: Village, role: Role
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    village.post(group, member, "hello")
    page = office.as_(office.member(role)).get(f"/console/groups/{group}").text
    forms = set(re.findall(r'method="post" action="([^"]+)"', page))
    assert len(forms) > 2

    def fits(one: Page, path: str) -> bool:
        return bool(re.fullmatch(one.path.replace("{id:int}", r"\d+"), path))

    for path in forms - {"/console/sign-out", "/console/presence"}:
        (found,) = [one for one in PAGES if one.method == "POST" and fits(one, path)]
        assert may(role, found.action), path
