"""The page of numbers: what a supervisor reads there, and what others must not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import ratings
from bot.roles import Role
from tests.conftest import NOON
from tests.engine.stories import Stories
from tests.web.console.conftest import Office
from tests.web.console.tables import row, tables

DAY = timedelta(days=1)


@pytest.fixture
def stories(office: Office) -> Stories:
    return Stories(office.database, office.library)


def page(office: Office, role: Role = Role.SUPERVISOR, **query: str) -> str:
    answer = office.as_(office.member(role)).get("/console/numbers", **query)
    assert answer.status_code == 200
    return str(answer.text)


def test_an_empty_service_has_a_page_too(office: Office) -> None:
    html = page(office)
    assert row(html, "All cases") == ["0", "–", "–", "–", "–", "–", "–", "–"]
    assert "Nobody has rated an answer in this period." in html
    assert "<rect" not in html


def test_a_supervisor_reads_every_number(office: Office, stories: Stories) -> None:
    stories.need(NOON - DAY, priority=0, reason="urgent", urgency="violence_now", answered=10,
                 closed=180, outcome="referred", good=True, region="GH-AA")  # fmt: skip
    stories.need(NOON - DAY, answered=70, waits=30, closed=160, again=200, language="fr",
                 channel="sms")  # fmt: skip
    html = page(office)
    assert row(html, "All cases") == [
        "2", "40 min", "1 h 4 min", "10 min", "10 min", "100%", "100%", "1",
    ]  # fmt: skip
    danger = ["1", "10 min", "10 min", "10 min", "10 min", "100%", "100%", "0"]
    for name in ("Danger", "Violence now", "English", "Greater Accra", "Telegram",
                 "Referred to a partner"):  # fmt: skip
        assert row(html, name) == danger, name
    for name in ("Days", "Asked for a person", "French", "SMS", "Still open"):
        assert row(html, name)[:2] == ["1", "1 h 10 min"], name
    assert row(html, "Not known")[0] == "1"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_others_do_not_learn_of_the_few(office: Office, stories: Stories, role: Role) -> None:
    stories.need(NOON - DAY, answered=10, closed=60, good=True, times=12)
    stories.need(NOON - DAY, language="fr", answered=20, closed=60, good=True, times=6)
    stories.need(NOON - DAY, language="ee", answered=30, closed=60, good=False, again=70, times=3)
    html = page(office, role)
    assert row(html, "Ewe") == ["<5", "–", "–", "–", "–", "–", "–", "–"]
    assert row(html, "French")[:2] == ["5+", "20 min"]
    assert row(html, "English")[:2] == ["12", "10 min"]
    assert row(html, "All cases")[0] == "21"
    assert "Numbers under 5 are not shown" in html
    assert row(page(office), "Ewe") == [
        "3", "30 min", "30 min", "–", "–", "100%", "0%", "3",
    ]  # fmt: skip


def test_a_day_of_one_case_is_not_told_in_the_chart(office: Office, stories: Stories) -> None:
    stories.need(NOON, priority=0, urgency="violence_now")
    for back in range(1, 6):
        stories.need(NOON - back * DAY, times=7)
    hidden, shown = page(office, Role.EDITOR, days="7"), page(office, days="7")
    assert row(shown, "23 Nov") == ["1", "0", "0"]
    assert row(hidden, "23 Nov") == ["<5", "0", "0"]
    assert row(hidden, "22 Nov") == ["0", "0", "7"]
    bars = re.findall(r'<rect class="(k\d[^"]*)".*height="([\d.]+)"', hidden)
    assert bars == [("k2", "70.0")] * 5 + [("k0 vague", "40.0")]
    assert ("k0", "10.0") in re.findall(r'<rect class="(k\d[^"]*)".*height="([\d.]+)"', shown)


@pytest.mark.parametrize(("days", "counted", "slots"), [
    ("7", "1", 7), ("30", "2", 30), ("90", "3", 90), ("365", "4", 53), ("", "2", 30),
    ("8", "2", 30), ("-7", "2", 30), ("7 OR 1=1", "2", 30), ("٧", "2", 30),
])  # fmt: skip
def test_the_periods(
    office: Office, stories: Stories, days: str, counted: str, slots: int
) -> None:
    for back in (0, 20, 80, 300, 400):
        stories.need(NOON - back * DAY)
    html = page(office, days=days)
    assert row(html, "All cases")[0] == counted
    assert len(tables(html)[0]) == 1 + slots
    assert html.count('aria-current="page"') == 2  # the page and the period


def test_topics_have_the_titles_of_their_articles(office: Office) -> None:
    def body(conn: sa.Connection) -> None:
        for n in range(4):
            ratings.put(conn, key=str(n), topic="national_id", language="en", channel="sms",
                        useful=n > 0, now=NOON)  # fmt: skip

    office.call(body)
    title = office.library.articles["national_id", "en"].title
    assert row(page(office), title) == ["4", "75%"]
    assert row(page(office, Role.ADMIN), title) == ["<5", "–"]


def test_more_than_one_reading_takes_is_said(
    office: Office, stories: Stories, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories.need(NOON - DAY, times=2)
    assert "There are more" not in page(office)
    monkeypatch.setattr("bot.figures.MOST", 1)
    monkeypatch.setattr("bot.figures.opened.__defaults__", (1,))
    html = page(office)
    assert "There are more: only the newest 1 cases of this period are counted." in html
    assert row(html, "All cases")[0] == "1"


def test_every_chart_has_words_and_a_table(office: Office, stories: Stories) -> None:
    stories.need(NOON - DAY, answered=5)
    html = page(office)
    ids = set(re.findall(r'id="([^"]+)"', html))
    charts = re.findall(r'<svg role="img" aria-labelledby="(\w+) ([\w-]+)"', html)
    assert [name for name, _ in charts] == ["opened", "weekly", "asked"]
    assert {name for pair in charts for name in pair} <= ids
    assert html.count("<summary>As a table</summary>") == len(charts)
    assert "style=" not in html


def test_the_french_speak_french_dates(office: Office, stories: Stories) -> None:
    stories.need(NOON)
    member = office.member(Role.SUPERVISOR, locale="fr")
    assert row(office.as_(member).get("/console/numbers").text, "23 nov.") == ["0", "0", "1"]
