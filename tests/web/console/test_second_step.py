"""The second step: the phone's code or the sheet's, and no page before it."""

from __future__ import annotations

import re

import pyotp
import pytest

from bot import sessions, signin, staff
from bot.staff import Staff
from bot.vault import Vault
from bot.web.console.routes import PAGES
from tests.web.console.conftest import PASSWORD, Office, Seat
from tests.web.console.front import KEY, field, give, set_up


@pytest.fixture
def ama(office: Office) -> Staff:
    return office.member(email="ama@example.org", name="Ama", password=PASSWORD)


def test_the_first_day_begins_with_the_password_and_the_second_step(
    office: Office, ama: Staff
) -> None:
    seat = office.visitor()
    answer = give(seat)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/enrol")
    before = seat.token
    _, sheet = set_up(seat)
    assert len(set(sheet)) == 10
    assert seat.token != before
    assert office.call(sessions.find, before, office.clock()) is None
    assert seat.get("/console/account").status_code == 200
    assert seat.get("/console/enrol").headers["location"] == "/console"
    assert [e.action for e in office.audited()] == ["enrolled", "signed_in"]
    assert {e.staff_id for e in office.audited()} == {ama.id}


def test_the_next_day_asks_a_code_and_leads_to_the_case(office: Office, ama: Staff) -> None:
    app, _ = set_up(office.as_(ama, second=False))
    seat = office.visitor()
    first = seat.get("/console/cases/12")
    assert first.headers["location"] == "/console/sign-in?then=/console/cases/12"
    answer = give(seat, then="/console/cases/12")
    assert answer.headers["location"] == "/console/second?then=/console/cases/12"
    page = seat.get("/console/second", then="/console/cases/12")
    token = seat.token
    answer = seat.post("/console/second", then=field(page, "then"), code=app.at(office.clock()))
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases/12")
    assert seat.token != token
    assert seat.get("/console/account").status_code == 200


def test_a_recovery_code_opens_once(office: Office, ama: Staff) -> None:
    _, sheet = set_up(office.as_(ama, second=False))
    for status in (303, 403):
        seat = office.as_(ama, second=False)
        assert seat.post("/console/second", code=sheet[0]).status_code == status


def test_no_other_page_answers_before_the_second_step(office: Office, ama: Staff) -> None:
    def everywhere(seat: Seat) -> set[str]:
        found = set()
        for page in PAGES:
            path = re.sub(r"{(\w+):int}", "1", re.sub(r"{(\w+)}", "x", page.path))
            answer = seat.client.request(page.method, path, data={"csrf": seat.csrf})
            found.add(f"{answer.status_code} {answer.headers['location'].partition('?')[0]}")
        return found

    assert everywhere(office.visitor()) == {"303 /console/sign-in"}
    assert everywhere(office.as_(ama, second=False)) == {"303 /console/enrol"}
    set_up(office.as_(ama, second=False))
    assert everywhere(office.as_(ama, second=False)) == {"303 /console/second"}


def test_wrong_codes_lock_too(office: Office, ama: Staff) -> None:
    app, _ = set_up(office.as_(ama, second=False))
    seat = office.as_(ama, second=False)
    for _ in range(4):
        assert "This code is not right." in seat.post("/console/second", code="zzzz").text
    assert "This account is locked" in seat.post("/console/second", code="zzzz").text
    right = seat.post("/console/second", code=app.at(office.clock()))
    assert (right.status_code, "This account is locked" in right.text) == (403, True)
    assert len(office.audited("code_failed")) == 6
    assert len(office.audited("locked")) == 1


def test_a_mistyped_first_code_shows_the_same_picture_again(office: Office, ama: Staff) -> None:
    seat = office.as_(ama, second=False)
    page = seat.get("/console/enrol")
    sealed = field(page, "secret")
    answer = seat.post("/console/enrol", secret=sealed, code="000000")
    assert (answer.status_code, field(answer, "secret")) == (403, sealed)
    assert KEY.findall(answer.text) == KEY.findall(page.text)
    assert not office.call(signin.enrolled, ama.id)


def test_the_enrolment_reads_nothing_else_that_is_sealed(office: Office, ama: Staff) -> None:
    seat = office.as_(ama, second=False)
    addresses = [office.vault.seal(value) for value in ("+233501234567", "A" * 40)]
    for sealed in (*addresses, "nothing of ours", "é"):
        answer = seat.post("/console/enrol", secret=sealed, code="123456")
        assert field(answer, "secret") != sealed
    assert not office.call(signin.enrolled, ama.id)


def test_who_has_only_the_password_cannot_set_up_another_phone(office: Office, ama: Staff) -> None:
    app, _ = set_up(office.as_(ama, second=False))
    seat = office.as_(ama, second=False)
    assert seat.get("/console/enrol").headers["location"] == "/console/second"
    begun = signin.begin_totp(office.vault)
    other = pyotp.TOTP(begun.key.replace(" ", ""))
    answer = seat.post("/console/enrol", secret=begun.secret, code=other.at(office.clock()))
    assert answer.headers["location"] == "/console/second"
    assert seat.post("/console/second", code=app.at(office.clock())).status_code == 303


def test_a_second_step_of_another_secret_key_says_what_to_do(office: Office, ama: Staff) -> None:
    sealed = Vault("another key").seal("A" * 32)
    office.call(staff.change, ama.id, totp=sealed, totp_step=0)
    answer = office.as_(ama, second=False).post("/console/second", code="123456")
    assert answer.status_code == 403
    assert "Ask an administrator to remove it" in answer.text
