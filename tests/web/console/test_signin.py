"""The way in: only with the password, and nothing is told to who guesses."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest

from bot import sessions, signin, staff
from bot.roles import Role
from bot.staff import Staff
from bot.web.console.door import NONCE, ours
from bot.web.console.guard import COOKIE, HEADERS
from tests.web.console.conftest import PASSWORD, ROOT, Office
from tests.web.console.front import ENOUGH, field, give

WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def ama(office: Office) -> Staff:
    return office.member(email="ama@example.org", name="Ama", password=PASSWORD)


def test_the_cookie_is_only_for_the_console_and_for_no_script(office: Office, ama: Staff) -> None:
    cookies = give(office.visitor()).headers.get_list("set-cookie")
    session = next(c for c in cookies if c.startswith(f"{COOKIE}="))
    parts = {part.strip().lower() for part in session.split(";")[1:]}
    assert parts == {"httponly", "samesite=lax", "path=/console", "secure"}


def test_what_was_wrong_is_not_said(office: Office, ama: Staff) -> None:
    seat = office.visitor()
    for form in [{"password": "not hers at all"}, {"email": "nobody@example.org"},
                 {"email": ""}, {"email": "\x07", "password": ""}]:  # fmt: skip
        answer = give(seat, **form)
        assert answer.status_code == 403
        assert WRONG in answer.text
        assert not seat.token
    entries = office.audited()
    assert {(e.staff_id, e.action, e.object_id) for e in entries} == {
        (None, "sign_in_failed", None)
    }
    assert "example.org" not in str(entries)


def test_five_wrong_passwords_lock_the_account_and_its_owner_learns_it(
    office: Office, ama: Staff
) -> None:
    seat = office.visitor()
    for _ in range(5):
        assert WRONG in give(seat, password="not hers at all").text
    assert "This account is locked" in give(seat).text
    assert [(e.staff_id, e.object_id) for e in office.audited("locked")] == [(None, ama.id)]
    office.clock.forward(minutes=15)
    assert give(seat).status_code == 303


def test_who_left_is_not_let_in_and_whose_account_is_closed_is_put_out(
    office: Office, ama: Staff
) -> None:
    seat = office.as_(ama)
    assert seat.get("/console/account").status_code == 200
    office.call(staff.change, ama.id, active=False)
    assert seat.get("/console/account").headers["location"] == "/console/sign-in"
    assert WRONG in give(office.visitor()).text


@pytest.mark.parametrize("second", [True, False])
def test_signing_out_ends_the_session(office: Office, ama: Staff, second: bool) -> None:
    seat = office.as_(ama, second=second)
    token = seat.token
    answer = seat.post("/console/sign-out")
    assert answer.headers["location"] == "/console/sign-in"
    assert not seat.token
    assert office.call(sessions.find, token, office.clock()) is None
    assert [e.action for e in office.audited()] == ["signed_out"]


def test_another_site_cannot_sign_anybody_in_or_out(office: Office, ama: Staff) -> None:
    seat = office.visitor()
    hidden = field(seat.get("/console/sign-in"), "csrf")
    for csrf, headers in [
        ("", {}), ("0" * 64, {}), ("é", {}), (hidden, {"origin": "https://evil.example"}),
        (hidden, {"origin": "null", "sec-fetch-site": "cross-site"}),
    ]:  # fmt: skip
        form = {**ENOUGH, "csrf": csrf}
        answer = seat.client.post("/console/sign-in", data=form, headers=headers)
        assert (answer.status_code, seat.token) == (403, ""), (csrf, headers)
    good = seat.client.post("/console/sign-in", data={**ENOUGH, "csrf": hidden},
                            headers={"origin": ROOT})  # fmt: skip
    assert good.status_code == 303
    assert seat.client.post("/console/sign-out", data={"csrf": hidden}).status_code == 403
    assert seat.token


def test_a_form_belongs_to_the_browser_that_opened_it(office: Office, ama: Staff) -> None:
    theirs = field(office.visitor().get("/console/sign-in"), "csrf")
    seat = office.visitor()
    seat.get("/console/sign-in")
    form = {**ENOUGH, "csrf": theirs}
    assert seat.client.post("/console/sign-in", data=form).status_code == 403
    seat.client.cookies.delete(NONCE)  # a browser without cookies
    answer = seat.client.post("/console/sign-in", data=form)
    assert (answer.status_code, "keeps no cookies" in answer.text) == (403, True)


@pytest.mark.parametrize(("body", "kind", "status"), [
    (b"", "application/x-www-form-urlencoded", 400),
    (b"csrf=%FF", "application/x-www-form-urlencoded", 400),
    (b"email=%00", "application/x-www-form-urlencoded", 400),
    (b"{}", "application/json", 415),
    (b"password=" + b"a" * 1_000_001, "application/x-www-form-urlencoded", 413),
])  # fmt: skip
def test_no_form_is_refused_in_a_page(demo: Office, body: bytes, kind: str, status: int) -> None:
    answer = demo.visitor().client.post(
        "/console/sign-in", content=body, headers={"content-type": kind}
    )
    assert (answer.status_code, "Please try again" in answer.text) == (status, True)


@pytest.mark.parametrize(("path", "kept"), [
    ("/console/cases/12", True), ("/console/staff", True), ("//evil.example", False),
    ("/console//evil.example", False), ("/console/\\evil.example", False), ("/console/", False),
    ("https://evil.example/console/", False), ("/console/../phones", False), ("/health", False),
    ("/console/cases/1\nset-cookie:x", False), ("/console/" + "a" * 300, False), ("", False),
    ("/console/cases/1?x=1", False), ("/console/%2e%2e/x", False),
])  # fmt: skip
def test_nothing_but_a_page_of_the_console_is_behind_the_door(path: str, kept: bool) -> None:
    assert ours(path) == (path if kept else "")


def test_in_the_demo_the_password_is_enough(demo: Office) -> None:
    ama = demo.member(Role.ADMIN, email="ama@example.org", password=PASSWORD)
    seat = demo.visitor()
    answer = give(seat)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert seat.get("/console").headers["location"] == "/console/staff"
    assert [(e.action, e.staff_id) for e in demo.audited()] == [("signed_in", ama.id)]
    for path in ("/console/second", "/console/enrol", "/console/sign-in"):
        assert seat.get(path).headers["location"] == "/console"


@pytest.mark.parametrize(("role", "first"), [
    (Role.COUNSELLOR, "inbox"), (Role.SUPERVISOR, "inbox"), (Role.ADMIN, "staff"),
    (Role.MODERATOR, "moderation"), (Role.EDITOR, "account"),
])  # fmt: skip
def test_everybody_begins_where_their_work_is(office: Office, role: Role, first: str) -> None:
    seat = office.as_(office.member(role))
    assert seat.get("/console").headers["location"] == f"/console/{first}"


def test_a_new_sign_in_ends_the_session_that_this_browser_had(office: Office, ama: Staff) -> None:
    seat = office.visitor()
    give(seat)
    planted = seat.token
    give(seat)
    assert seat.token != planted
    assert office.call(sessions.find, planted, office.clock()) is None


def test_the_form_speaks_the_language_of_the_browser(office: Office) -> None:
    def lang(asked: str) -> str:
        page = office.visitor(headers={"accept-language": asked}).get("/console/sign-in").text
        found = re.search(r'<html lang="(\w+)">', page)
        assert found
        return found[1]

    asked = ["fr-CI,fr;q=0.9,en;q=0.8", "ee, en-GH;q=0.5, fr;q=0.1", "ha", "", ",;,"]
    assert [lang(a) for a in asked] == ["fr", "en", "en", "en", "en"]


def test_the_pages_of_the_door_are_guarded_like_all_others(office: Office, ama: Staff) -> None:
    seat = office.as_(ama, second=False)
    for answer in (seat.get("/console/sign-in"), seat.get("/console/enrol"),
                   office.visitor().get("/console/second")):  # fmt: skip
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "<script" not in answer.text
        assert "sse" not in answer.text
        assert " style=" not in answer.text


async def test_comparing_a_password_holds_up_no_transaction(
    demo: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one thread for all transactions: while argon2 works, others get through."""
    release = threading.Event()

    def slow(email: str, password: str, stored: str | None) -> signin.Attempt:
        assert release.wait(20)
        return signin.Attempt(email, stored, False, None)

    monkeypatch.setattr(signin, "compare", slow)
    seat = demo.visitor()
    trying = asyncio.create_task(asyncio.to_thread(give, seat))
    try:
        for _ in range(20):
            assert await asyncio.wait_for(demo.database.run(lambda conn: 1), 10) == 1
            await asyncio.sleep(0)
        assert not trying.done()
    finally:
        release.set()
    assert (await trying).status_code == 403
