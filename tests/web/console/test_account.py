"""One's own account: what one says about oneself, one's password, codes and phones."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from bot import links, people, sessions, signin
from bot.events import Incoming, Kind
from bot.roles import Role
from bot.staff import Staff
from tests.web.console.conftest import PASSWORD, Office

NEW = "the cows came too"
CHANGE = {"old": PASSWORD, "new": NEW, "again": NEW}


@pytest.fixture
def ama(office: Office) -> Staff:
    return office.member(email="ama@example.org", name="Ama", password=PASSWORD)


def enrol(office: Office, member: Staff) -> tuple[pyotp.TOTP, list[str]]:
    """The member's app and sheet."""
    begun = signin.begin_totp(office.vault)
    app = pyotp.TOTP(begun.key.replace(" ", ""))
    now = office.clock()
    sheet = office.call(signin.enrol, office.vault, member.id, begun.secret, app.at(now), now)
    office.clock.forward(seconds=30)
    return app, sheet


def knows(office: Office, member: Staff, password: str) -> bool:
    return signin.compare(member.email, password, office.row(member).password).right


def write(office: Office, member: Staff, channel: str, address: str) -> None:
    """The member has an address on the channel."""
    arrival = Incoming(channel=channel, external_id=address, kind=Kind.MESSAGE,
                       addresses=(address,), body={})  # fmt: skip
    (whose,) = office.call(people.meet, office.vault, [arrival], office.clock())
    address_row = people.addresses.update().where(people.addresses.c.id == whose.address_id)
    office.call(lambda conn: conn.execute(address_row.values(person_id=member.person_id)))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page(office: Office, role: Role) -> None:
    answer = office.as_(office.member(role)).get("/console/account")
    assert answer.status_code == 200
    assert "choose your own now" in answer.text


@pytest.mark.parametrize("presence", ["available", "busy", "away"])
def test_one_says_whether_one_is_there(office: Office, ama: Staff, presence: str) -> None:
    seat = office.as_(ama)
    answer = seat.post("/console/presence", presence=presence, back="/console/cases/3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases/3?said=saved")
    assert office.again(ama).presence == presence
    assert [(e.action, e.object_id, e.detail) for e in office.audited()] == [
        ("presence_set", ama.id, {"to": presence})
    ]
    page = seat.get("/console/account", said="saved").text
    assert re.search(rf'type="radio" name="presence" value="{presence}" checked', page)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "", "/phones/"])
def test_nothing_leads_out_of_the_console(office: Office, ama: Staff, back: str) -> None:
    answer = office.as_(ama).post("/console/presence", presence="busy", back=back)
    assert answer.headers["location"] == "/console/account?said=saved"


def test_the_console_speaks_french_from_the_next_page_on(office: Office, ama: Staff) -> None:
    seat = office.as_(ama)
    assert seat.post("/console/account/language", locale="fr").status_code == 303
    assert '<html lang="fr">' in seat.get("/console/account").text


@pytest.mark.parametrize(("path", "form"), [
    ("/console/presence", {"presence": "gone fishing"}), ("/console/presence", {}),
    ("/console/account/language", {"locale": "../fr"}), ("/console/account/language", {}),
])  # fmt: skip
def test_other_answers_are_refused_and_change_nothing(
    office: Office, ama: Staff, path: str, form: dict[str, str]
) -> None:
    answer = office.as_(ama).post(path, **form)
    assert (answer.status_code, 'id="problem"' in answer.text) == (400, True)
    assert office.again(ama) == ama
    assert office.audited() == []


def test_a_new_password_closes_every_other_console(office: Office, ama: Staff) -> None:
    here, elsewhere, kofi = office.as_(ama), office.as_(ama), office.as_(office.member())
    before = here.token
    answer = here.post("/console/account/password", **CHANGE)
    assert answer.headers["location"] == "/console/account?said=password"
    assert "Your password is changed." in here.get("/console/account", said="password").text
    assert here.token != before
    assert office.call(sessions.find, before, office.clock()) is None
    assert elsewhere.get("/console/account").headers["location"] == "/console/sign-in"
    assert kofi.get("/console/account").status_code == 200
    assert knows(office, ama, NEW)
    assert not knows(office, ama, PASSWORD)
    assert [e.action for e in office.audited()] == ["password_changed"]


@pytest.mark.parametrize(("form", "sentence"), [
    ({"old": "not hers at all"}, "The old password is not right."),
    ({"old": ""}, "The old password is not right."),
    ({"again": "the cows came not"}, "The two new passwords are not the same."),
    ({"new": "short", "again": "short"}, "at least 12 characters"),
    ({"new": "ama@example.org", "again": "ama@example.org"}, "not your e-mail address"),
])  # fmt: skip
def test_a_password_is_changed_only_with_the_old_one(
    office: Office, ama: Staff, form: dict[str, str], sentence: str
) -> None:
    seat, elsewhere = office.as_(ama), office.as_(ama)
    answer = seat.post("/console/account/password", **{**CHANGE, **form})
    assert (answer.status_code, sentence in answer.text) == (400, True)
    assert knows(office, ama, PASSWORD)
    assert elsewhere.get("/console/account").status_code == 200


def test_guessing_the_old_password_at_an_open_console_locks(office: Office, ama: Staff) -> None:
    seat = office.as_(ama)
    for _ in range(5):
        seat.post("/console/account/password", **{**CHANGE, "old": "not hers at all"})
    answer = seat.post("/console/account/password", **CHANGE)
    assert (answer.status_code, "This account is locked" in answer.text) == (400, True)
    assert knows(office, ama, PASSWORD)


def test_new_recovery_codes_take_a_code_and_void_the_old_sheet(office: Office, ama: Staff) -> None:
    app, old = enrol(office, ama)
    seat = office.as_(ama)
    assert "10 recovery codes are left" in seat.get("/console/account").text

    def sheet(answer: Any) -> list[str]:
        return re.findall(r"<li><code>([a-z-]+)</code></li>", answer.text)

    wrong = seat.post("/console/account/codes", code="000000")
    assert (wrong.status_code, sheet(wrong)) == (400, [])
    assert "This code is not right." in wrong.text
    new = sheet(seat.post("/console/account/codes", code=app.at(office.clock())))
    assert (len(new), set(new) & set(old)) == (10, set())
    again = seat.post("/console/second", code=old[0])
    assert again.headers["location"] == "/console"  # they are in: no code is used up
    late = office.as_(ama, second=False)
    assert late.post("/console/second", code=old[0]).status_code == 403
    assert late.post("/console/second", code=new[0]).status_code == 303
    assert "9 recovery codes are left" in seat.get("/console/account").text
    assert [e.action for e in office.audited()] == [
        "code_failed", "codes_renewed", "code_failed", "signed_in"
    ]  # fmt: skip


def test_without_a_second_step_there_are_no_codes(demo: Office) -> None:
    ama = demo.member()
    assert demo.as_(ama).post("/console/account/codes", code="123456").status_code == 400
    assert "asks for the password only" in demo.as_(ama).get("/console/account").text


def test_the_page_names_the_channels_of_linked_phones_and_no_number(
    office: Office, ama: Staff
) -> None:
    seat = office.as_(ama)
    assert "No phone is linked yet." in seat.get("/console/account").text
    write(office, ama, "telegram", "700000001")
    write(office, ama, "sms", "+233501234567")
    write(office, office.member(), "whatsapp", "+233209999999")
    page = seat.get("/console/account").text
    assert re.findall(r'<li class="tag">(\w+)</li>', page) == ["Telegram", "SMS"]
    assert "501234567" not in page
    assert "700000001" not in page


def test_a_phone_is_linked_by_a_code_that_is_shown_once(office: Office, ama: Staff) -> None:
    seat = office.as_(ama)
    answer = seat.post("/console/account/phone")
    found = re.search(r"Write (LINK \w{8}) to the service .* within 15 minutes", answer.text)
    assert found
    code = links.code_in(found[1])
    assert code
    (row,) = office.call(lambda conn: conn.execute(links.links.select()).all())
    assert row.code == office.vault.fingerprint("link", code)
    assert (row.person_id, row.staff_id) == (ama.person_id, ama.id)
    assert row.until == office.clock() + links.LIVES
    assert code not in seat.get("/console/account").text
    assert [(e.action, e.detail) for e in office.audited()] == [("link_offered", {})]


@pytest.mark.parametrize("path", [
    "/console/presence", "/console/account/language", "/console/account/password",
    "/console/account/codes", "/console/account/phone",
])  # fmt: skip
def test_a_form_of_another_site_changes_nothing(office: Office, ama: Staff, path: str) -> None:
    seat = office.as_(ama)
    form = {**CHANGE, "presence": "busy", "locale": "fr", "csrf": "0" * 64}
    assert seat.client.post(path, data=form).status_code == 403
    assert (office.again(ama), office.audited()) == (ama, [])
    assert knows(office, ama, PASSWORD)
