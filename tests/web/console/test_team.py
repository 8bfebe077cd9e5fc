"""The team page: who is here, how full the desks are, who waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import staff
from bot.roles import Role
from bot.staff import Staff
from tests.conftest import NOON
from tests.engine.stories import Stories
from tests.web.console.conftest import Office
from tests.web.console.tables import row

LATER = timedelta(minutes=2)


def sits(office: Office, member: Staff, presence: str, ago: timedelta) -> None:
    office.call(staff.change, member.id, presence=presence)
    office.call(staff.seen, member.id, NOON - ago)


def page(office: Office, role: Role = Role.SUPERVISOR, **headers: str) -> str:
    answer = office.as_(office.member(role)).client.get("/console/team", headers=headers)
    assert answer.status_code == 200
    return str(answer.text)


def test_everybody_with_their_desk(office: Office) -> None:
    ama = office.member(name="Ama", languages=("en", "ak"), skills=("health", "family"), capacity=3)
    sits(office, ama, "available", LATER)
    stories = Stories(office.database, office.library, ama)
    stories.need(NOON - timedelta(hours=1), answered=5)
    stories.need(NOON - timedelta(hours=2), answered=5, closed=9)
    assert row(page(office), "Ama") == [
        "Here", "2 minutes ago", "Counsellor", "English, Twi", "family, health", "1 of 3", "2",
    ]  # fmt: skip
    for _ in range(2):
        stories.need(NOON - timedelta(hours=1), answered=5)
    assert row(page(office), "Ama")[-2:] == ["3 of 3 full", "4"]


@pytest.mark.parametrize(("presence", "ago", "words"), [
    ("available", timedelta(minutes=2), "Here"),
    ("available", timedelta(minutes=4), "No console open"),
    ("busy", timedelta(minutes=2), "Busy"),
    ("away", timedelta(minutes=2), "Away"),
])  # fmt: skip
def test_here_is_who_is_available_with_a_console_open(
    office: Office, presence: str, ago: timedelta, words: str
) -> None:
    sits(office, office.member(name="Ama"), presence, ago)
    html = page(office)
    assert row(html, "Ama")[0] == words
    expected = "One counsellor is here." if words == "Here" else "No counsellor is here."
    assert expected in html


def test_who_does_not_counsel_has_no_desk_and_who_left_no_row(office: Office) -> None:
    office.member(Role.EDITOR, name="Edem")
    gone = office.member(name="Gone")
    office.call(staff.change, gone.id, active=False)
    html = page(office)
    assert row(html, "Edem") == ["Away", "never", "Editor", "English", "", "–", "–"]
    assert "Gone" not in html


def test_the_longest_waiting_of_each_priority(office: Office) -> None:
    stories = Stories(office.database, office.library)
    danger = stories.need(NOON - LATER, priority=0, urgency="violence_now")
    old = stories.need(NOON - timedelta(days=3, hours=2))
    stories.need(NOON - timedelta(days=1))
    html = page(office)
    assert row(html, "Danger") == [f"Case {danger}", "2 min", "1"]
    assert row(html, "Days") == [f"Case {old}", "3 d 2 h", "2"]
    assert f'href="/console/cases/{old}"' in html


def test_an_administrator_sees_numbers_but_no_way_into_conversations(office: Office) -> None:
    old = Stories(office.database, office.library).need(NOON - LATER)
    html = page(office, Role.ADMIN)
    assert row(html, "Days")[0] == f"Case {old}"
    assert "/console/cases/" not in html


def test_the_tables_come_alone_when_they_are_fetched_again(office: Office) -> None:
    whole, part = page(office), page(office, **{"HX-Request": "true"})
    assert 'hx-get="/console/team"' in whole
    assert 'hx-trigger="sse:inbox, every 30s"' in whole
    assert "<html" not in part
    assert "Nobody is waiting." in part
    assert row(part, "Member 1")


def test_a_hostile_name_is_only_a_name(office: Office) -> None:
    office.member(name="<script>alert(1)</script>")
    html = page(office)
    assert "<script>alert" not in html
    assert row(html, "<script>alert(1)</script>")
