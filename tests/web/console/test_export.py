"""The files that leave the console: what is in them, and whose business they are."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import cases, figures, notes, people
from bot.cases import NewCase
from bot.clock import plan
from bot.roles import PROTECTED, Role
from bot.web.console import export
from tests.conftest import NOON
from tests.engine.stories import Stories
from tests.web.console.conftest import Office

DAY = timedelta(days=1)


@pytest.fixture
def stories(office: Office) -> Stories:
    return Stories(office.database, office.library)


def read(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def fetch(office: Office, name: str, **query: str) -> list[dict[str, str]]:
    return read(office.as_(office.member(Role.SUPERVISOR)).get(f"/console/{name}", **query))


def test_one_row_a_case(office: Office, stories: Stories) -> None:
    stories.need(NOON - 40 * DAY)
    first = stories.need(NOON - DAY, priority=0, reason="urgent", urgency="violence_now",
                         answered=10, closed=180, outcome="referred", good=False,
                         region="GH-AA", language="ee", channel="whatsapp")  # fmt: skip
    second = stories.need(NOON - timedelta(hours=1))
    newest, oldest = fetch(office, "cases.csv")
    assert oldest == {
        "case": str(first), "priority": "0", "class": "violence_now", "reason": "urgent",
        "language": "ee", "region": "GH-AA", "channel": "whatsapp", "opened": "2026-11-22 12:00",
        "first_answer": "2026-11-22 12:10", "closed": "2026-11-22 15:00", "in_time": "yes",
        "outcome": "referred", "rating": "no", "reopened": "0",
    }  # fmt: skip
    assert newest["case"] == str(second)
    assert [newest[name] for name in ("class", "region", "first_answer", "in_time", "rating")] == [
        ""] * 5  # fmt: skip
    assert len(fetch(office, "cases.csv", days="90")) == 3


def test_the_file_is_a_download_and_is_audited(office: Office, stories: Stories) -> None:
    stories.need(NOON - DAY, times=3)
    seat = office.as_(office.member(Role.SUPERVISOR))
    answer = seat.get("/console/cases.csv", days="7")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="sankofa-cases-7-days-2026-11-23.csv"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    seat.get("/console/numbers.csv")
    audited = office.audited("exported")
    assert [(entry.kind, entry.detail) for entry in audited] == [
        ("cases", {"days": 7, "rows": 3}), ("numbers", {"days": 30}),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.EDITOR, Role.ADMIN, Role.MODERATOR])
@pytest.mark.parametrize("name", ["cases.csv", "numbers.csv"])
def test_only_supervisors_may_take_files_away(office: Office, role: Role, name: str) -> None:
    assert office.as_(office.member(role)).get(f"/console/{name}").status_code == 403
    assert office.audited("exported") == []


def test_nothing_that_people_or_staff_wrote_is_in_the_file(
    office: Office, stories: Stories
) -> None:
    id = stories.need(NOON - DAY, answered=5, closed=9)
    office.call(notes.put, id, stories.by, "Her name is Akosua, 0244 123456", [], NOON)
    seat = office.as_(office.member(Role.SUPERVISOR))
    text = seat.get("/console/cases.csv").text
    for secret in ("Akosua", "0244", "Here I am", stories.by.name):
        assert secret not in text
    assert f"\n{id},2,,asked,en,,telegram," in text


@pytest.mark.parametrize("urgency", sorted(PROTECTED))
@pytest.mark.parametrize(("role", "skills", "shown"), [
    (Role.COUNSELLOR, (), False), (Role.COUNSELLOR, ("protection",), True),
    (Role.SUPERVISOR, (), True), (Role.ADMIN, ("protection",), False), (Role.EDITOR, (), False),
])  # fmt: skip
def test_protected_classes_have_no_name_for_others(
    office: Office, stories: Stories, urgency: str, role: Role, skills: tuple[str, ...], shown: bool
) -> None:
    stories.need(NOON - DAY, priority=0, reason="urgent", urgency=urgency)
    reader = office.member(role, skills=skills)
    zone = office.library.country.timezone
    ((case,), _) = office.call(figures.opened, NOON - 2 * DAY, NOON)
    cells = dict(zip(export.CASES, export.line(case, reader, zone), strict=True))
    assert cells["class"] == (urgency if shown else "protected")
    assert cells["reason"] == "urgent"


def test_a_hostile_region_is_no_formula(office: Office) -> None:
    def body(conn: sa.Connection) -> None:
        new = NewCase(person_id=people.make(conn, NOON), reason="asked", urgency=None, priority=2,
                      language="en", region="=1+1", channel="sms")  # fmt: skip
        cases.open_case(conn, new, plan(office.library.country, 2, NOON), NOON)

    office.call(body)
    assert fetch(office, "cases.csv")[0]["region"] == "'=1+1"
    assert "'=1+1" in [line["value"] for line in fetch(office, "numbers.csv")]


def test_the_numbers_are_those_of_the_page(office: Office, stories: Stories) -> None:
    stories.need(NOON - DAY, answered=10, closed=90, good=True, times=2)
    stories.need(NOON - DAY, language="fr", answered=31, closed=90)
    lines = fetch(office, "numbers.csv")
    assert lines[0] == {
        "breakdown": "all", "value": "", "cases": "3", "first_answer_median_minutes": "10",
        "first_answer_p90_minutes": "27", "solved_median_minutes": "10", "solved_p90_minutes": "27",
        "in_time_percent": "100", "helped_percent": "100", "reopened": "0",
    }  # fmt: skip
    assert [(ln["breakdown"], ln["value"], ln["cases"]) for ln in lines[1:]] == [
        ("priority", "2", "3"), ("class", "asked", "3"), ("language", "en", "2"),
        ("language", "fr", "1"), ("region", "", "3"), ("channel", "telegram", "3"),
        ("outcome", "answered", "3"),
    ]  # fmt: skip
