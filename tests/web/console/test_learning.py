"""The page of messages that were read wrongly: labelled by editors, shown as text, once only."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot import learning
from bot.learning import learnings
from bot.roles import PROTECTED, Role
from tests.conftest import NOON
from tests.web.console.conftest import Office, Seat

HERE = "/console/learning"
HOSTILE = '</p><script>alert(1)</script>"\'><img src=x onerror=alert(1)> {{ 7*7 }}'


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.EDITOR))


def put(office: Office, text: str, language: str = "en", guess: str = "ask_passport",
        why: str = "not_understood") -> int:  # fmt: skip
    row = {"language": language, "text": text, "guess": guess, "confidence": 0.41, "why": why,
           "day": NOON, "whose": "f" * 64, "event": f"{text[:40]}-{language}"}  # fmt: skip

    def body(conn: sa.Connection) -> int:
        return int(conn.execute(learnings.insert().returning(learnings.c.id), row).scalar_one())

    return int(office.call(body))


def rows(office: Office) -> dict[str, Any]:
    return {row.text: row for row in office.call(
        lambda conn: conn.execute(sa.select(learnings)).all())}  # fmt: skip


def texts(html: str) -> list[str]:
    return re.findall(r'<p class="text"[^>]*>(.*?)</p>', html, re.S)


def test_the_newest_come_first_by_language_with_guess_and_reason(seat: Seat) -> None:
    put(seat.office, "where is the paper", why="rated_bad")
    put(seat.office, "où est le papier", "fr")
    put(seat.office, "later one")
    html = seat.get(HERE).text
    assert texts(html) == ["later one", "où est le papier", "where is the paper"]
    assert "The answer did not help" in html
    assert "(41%)" in html
    assert texts(seat.get(HERE, language="fr").text) == ["où est le papier"]
    assert texts(seat.get(HERE, language="xx").text) == texts(html)
    assert re.search(r"English 2\s*</a>", html)


def test_a_label_is_stored_and_audited_without_words(seat: Seat) -> None:
    id = put(seat.office, "where is the paper")
    done = seat.post(f"{HERE}/{id}", do="label", label="ask_birth_certificate", language="en")
    assert (done.status_code, done.headers["location"]) == (
        303, f"{HERE}?language=en&said=learnt")  # fmt: skip
    row = rows(seat.office)["where is the paper"]
    assert (row.label, row.whose, row.event) == ("ask_birth_certificate", None, None)
    [entry] = seat.office.audited()
    assert (entry.action, entry.object_id, entry.detail) == (
        "learning_labelled", id, {"label": "ask_birth_certificate"})  # fmt: skip
    shown = seat.get(done.headers["location"]).text
    assert "The next training takes it." in shown
    assert texts(shown) == []
    assert "Labelled: 1. Left out: 0." in shown


def test_one_press_says_the_guess_was_right(seat: Seat) -> None:
    id = put(seat.office, "lost passport")
    assert 'data-key="y"' in seat.get(HERE).text
    seat.post(f"{HERE}/{id}", do="right")
    assert rows(seat.office)["lost passport"].label == "ask_passport"


def test_what_is_left_out_loses_its_text(seat: Seat) -> None:
    id = put(seat.office, "my sister from Bolga told me")
    seat.post(f"{HERE}/{id}", do="ignore", label="ask_passport")
    assert list(rows(seat.office)) == [""]
    assert seat.office.call(learning.phrases) == []


@pytest.mark.parametrize("label", ["", "nonsense", "ask_", "<b>", *sorted(PROTECTED)])
def test_only_labels_of_ours_are_taken(seat: Seat, label: str) -> None:
    id = put(seat.office, "a text", guess=label or "unknown_guess")
    for form in ({"do": "label", "label": label}, {"do": "right"}, {}):
        done = seat.post(f"{HERE}/{id}", **form)
        assert done.headers["location"] == f"{HERE}?said=no_label"
    assert rows(seat.office)["a text"].label is None
    assert 'data-key="y"' not in seat.get(HERE).text
    assert seat.office.audited() == []


def test_the_second_of_two_editors_is_told(office: Office) -> None:
    id = put(office, "a text")
    first, second = (office.as_(office.member(role)) for role in (Role.EDITOR, Role.ADMIN))
    first.post(f"{HERE}/{id}", do="label", label="greet")
    done = second.post(f"{HERE}/{id}", do="label", label="menu")
    assert "Somebody was faster" in second.get(done.headers["location"]).text
    assert rows(office)["a text"].label == "greet"
    assert len(office.audited()) == 1
    assert second.post(f"{HERE}/{10**25}", do="ignore").status_code == 303


def test_hostile_text_is_shown_as_text(seat: Seat) -> None:
    put(seat.office, HOSTILE)
    html = seat.get(HERE).text
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7*7 }}" in html


def test_htmx_gets_the_list_alone(seat: Seat) -> None:
    id, _ = put(seat.office, "first"), put(seat.office, "second")
    part = seat.client.post(f"{HERE}/{id}", data={"csrf": seat.csrf, "do": "ignore"},
                            headers={"HX-Request": "true"}).text  # fmt: skip
    assert "<html" not in part
    assert texts(part) == ["second"]
    assert "It is left out, and its text deleted." in part


def test_a_long_list_has_pages(seat: Seat) -> None:
    for n in range(51):
        put(seat.office, f"text {n}")
    html = seat.get(HERE, language="en").text
    assert len(texts(html)) == 50
    [older] = re.findall(r'rel="next" href="([^"]+)"', html)
    assert texts(seat.get(older.replace("&amp;", "&")).text) == ["text 0"]
    for strange in ("x", "-1", "9" * 30, "٣"):
        assert seat.get(HERE, before=strange).status_code == 200


def test_the_export_is_rasas_yaml_and_audited(seat: Seat) -> None:
    for text, label in (("my name is [name]: - intent: x", "greet"), ("lost it", "ask_passport")):
        seat.post(f"{HERE}/{put(seat.office, text)}", do="label", label=label)
    put(seat.office, "not labelled")
    answer = seat.get(f"{HERE}.yml")
    assert answer.headers["content-disposition"].endswith('.yml"')
    found = yaml.safe_load(answer.text)
    assert {block["intent"]: block["examples"].splitlines() for block in found["nlu"]} == {
        "greet": ["- my name is : - intent: x"], "ask_passport": ["- lost it"],
    }  # fmt: skip
    assert seat.office.audited("exported")


def test_in_french(office: Office) -> None:
    put(office, "a text")
    html = office.as_(office.member(Role.EDITOR, locale="fr")).get(HERE).text
    assert "Apprendre de l'usage" in html.replace("&#39;", "'")
    assert "Leave it out" not in html
