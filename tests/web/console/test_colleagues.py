"""The accounts of staff: only administrators touch them, and every touch is written down."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot import cases, handoff, passwords, people, sessions, signin, staff
from bot.cases import State
from bot.roles import Role
from bot.staff import Staff
from tests.web.console.conftest import PASSWORD, Office, Seat

EFUA = {"email": "Efua@Example.org", "name": "  Efua  B. ", "role": "supervisor", "gender": "f",
        "capacity": "7", "language-en": "1", "language-ak": "1", "skill-health": "1"}  # fmt: skip
START = re.compile(r'<p class="start"><code>([a-z-]+)</code></p>')


@pytest.fixture
def kwame(office: Office) -> Staff:
    return office.member(Role.ADMIN, name="Kwame", email="kwame@example.org")


@pytest.fixture
def seat(office: Office, kwame: Staff) -> Seat:
    return office.as_(kwame)


def form_of(member: Staff, **more: str) -> dict[str, str]:
    """The form as their page shows it."""
    return {
        "do": "save", "email": member.email, "name": member.name, "role": member.role.value,
        "gender": member.gender or "", "capacity": str(member.capacity),
        **{f"language-{code}": "1" for code in member.languages},
        **{f"skill-{skill}": "1" for skill in member.skills}, **more,
    }  # fmt: skip


def owned_case(office: Office, owner: Staff) -> Any:
    """A case that the owner has taken, and its person."""

    def body(conn: Any) -> Any:
        person = people.make(conn, office.clock())
        row = {"person_id": person, "reason": "asked", "priority": 1, "language": "en",
               "channel": "sms", "state": State.WAITING.value, "opened_at": office.clock(),
               "touched_at": office.clock(), "labels": []}  # fmt: skip
        id = conn.execute(cases.cases.insert().returning(cases.cases.c.id), row).scalar_one()
        handoff.take(conn, id, owner, office.clock())
        return id, person

    return office.call(body)


def test_somebody_new_signs_in_with_the_password_that_is_shown_once(
    office: Office, seat: Seat, kwame: Staff
) -> None:
    answer = seat.post("/console/staff/new", **EFUA)
    assert answer.status_code == 200
    found = START.search(answer.text)
    assert found
    efua = next(m for m in office.call(staff.everyone) if m.id != kwame.id)
    assert (efua.email, efua.name, efua.role) == ("efua@example.org", "Efua B.", Role.SUPERVISOR)
    assert (efua.languages, efua.skills) == (("en", "ak"), frozenset({"health"}))
    assert (efua.gender, efua.capacity, efua.locale) == ("f", 7, "en")
    assert signin.compare(efua.email, found[1], office.row(efua).password).right
    assert found[1] not in seat.get(f"/console/staff/{efua.id}").text + seat.get(
        "/console/staff").text  # fmt: skip
    assert [(e.staff_id, e.action, e.object_id, e.detail) for e in office.audited()] == [
        (kwame.id, "staff_added", efua.id, {"role": "supervisor"})
    ]


def test_start_passwords_are_accepted_and_never_the_same() -> None:
    made = {passwords.start() for _ in range(50)}
    assert len(made) == 50
    for first in made:
        assert re.fullmatch("[a-hjkmnp-tw-z]{4}(-[a-hjkmnp-tw-z]{4}){3}", first)
        assert passwords.hashed(first, "efua@example.org")


def test_who_writes_french_and_no_english_gets_a_french_console(office: Office, seat: Seat) -> None:
    form = {**EFUA, "language-fr": "1"}
    del form["language-en"]
    seat.post("/console/staff/new", **form)
    assert {m.locale for m in office.call(staff.everyone)} == {"en", "fr"}


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("email", "nope", "not an e-mail address"), ("email", "", "not an e-mail address"),
    ("email", "a@b\r\nBcc: c@d", "not an e-mail address"),
    ("email", "KWAME@example.org", "has an account already"),
    ("name", "  ", "1 to 60 letters"), ("name", "x" * 61, "1 to 60 letters"),
    ("name", "a\u202eb", "1 to 60 letters"), ("role", "boss", "no such role"),
    ("role", "", "no such role"), ("language-xx", "1", "languages of the service"),
    ("skill-juggling", "1", "no such skill"), ("gender", "q", "for the gender"),
    ("capacity", "", "between 0 and 50"), ("capacity", "-1", "between 0 and 50"),
    ("capacity", "51", "between 0 and 50"), ("capacity", "٣", "between 0 and 50"),
    ("capacity", "9" * 5000, "between 0 and 50"),
])  # fmt: skip
def test_a_form_that_cannot_be_is_shown_again_with_one_sentence(
    office: Office, seat: Seat, kwame: Staff, field: str, value: str, sentence: str
) -> None:
    answer = seat.post("/console/staff/new", **{**EFUA, field: value})
    assert answer.status_code in (400, 409)
    assert sentence in answer.text
    assert 'name="language-ak" value="1" checked' in answer.text  # nothing typed is lost
    assert office.call(staff.everyone) == [kwame]
    assert office.audited() == []


def test_hostile_names_are_shown_as_they_are(office: Office, seat: Seat) -> None:
    nasty = "<script>alert(1)</script> & \"'"
    seat.post("/console/staff/new", **{**EFUA, "name": nasty})
    efua = office.call(staff.everyone)[0]
    for path in ("/console/staff", f"/console/staff/{efua.id}"):
        page = seat.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;&#39;" in page
        assert "<script>alert" not in page


def test_an_account_is_changed_and_the_audit_says_what(
    office: Office, seat: Seat, kwame: Staff
) -> None:
    ama = office.member(name="Ama", skills=("protection",), gender="f")
    form = form_of(ama, name="Ama S.", capacity="3")
    del form["skill-protection"]
    answer = seat.post(f"/console/staff/{ama.id}", **form)
    assert answer.headers["location"] == f"/console/staff/{ama.id}?said=saved"
    after = office.again(ama)
    assert (after.name, after.capacity, after.skills) == ("Ama S.", 3, frozenset())
    assert (after.email, after.role, after.gender) == (ama.email, ama.role, "f")
    (entry,) = office.audited()
    assert (entry.staff_id, entry.action, entry.object_id) == (kwame.id, "staff_changed", ama.id)
    assert entry.detail == {"role": "counsellor", "fields": ["name", "skills", "capacity"]}


def test_two_accounts_never_share_an_address(office: Office, seat: Seat) -> None:
    ama, kofi = office.member(email="ama@example.org"), office.member()
    answer = seat.post(f"/console/staff/{kofi.id}", **form_of(kofi, email="Ama@example.org"))
    assert (answer.status_code, "has an account already" in answer.text) == (409, True)
    assert (office.again(kofi), office.again(ama)) == (kofi, ama)


def test_a_closed_account_is_out_at_once_and_its_cases_are_in_the_queue(
    office: Office, seat: Seat, kwame: Staff
) -> None:
    ama = office.member(password=PASSWORD)
    theirs = office.as_(ama)
    case, person = owned_case(office, ama)
    answer = seat.post(f"/console/staff/{ama.id}", do="deactivate")
    assert answer.headers["location"] == f"/console/staff/{ama.id}?said=deactivated"
    assert not office.again(ama).active
    assert office.call(sessions.find, theirs.token, office.clock()) is None
    row = office.call(cases.of, case)
    assert (row.state, row.owner_id, row.last_owner_id) == (State.WAITING.value, None, ama.id)
    assert office.call(people.read, [person])[person].counsellor is None
    assert "Open this account again" in seat.get(f"/console/staff/{ama.id}").text
    seat.post(f"/console/staff/{ama.id}", do="activate")
    assert office.again(ama).active
    assert [e.action for e in office.audited()] == ["staff_deactivated", "staff_activated"]


def test_who_counsels_no_more_leaves_no_case_behind(office: Office, seat: Seat) -> None:
    ama = office.member()
    case, _ = owned_case(office, ama)
    seat.post(f"/console/staff/{ama.id}", **form_of(ama, role="supervisor"))
    assert office.call(cases.of, case).owner_id == ama.id
    seat.post(f"/console/staff/{ama.id}", **form_of(ama, role="editor"))
    assert office.call(cases.of, case).owner_id is None


def test_a_lock_is_shown_and_opened(office: Office, seat: Seat, kwame: Staff) -> None:
    ama = office.member(password=PASSWORD)
    for _ in range(5):
        attempt = signin.compare(ama.email, "not hers at all", office.row(ama).password)
        office.call(signin.settle, attempt, office.clock())
    assert "Locked until 23 Nov 12:15" in seat.get("/console/staff").text
    assert "Locked until 23 Nov 12:15" in seat.get(f"/console/staff/{ama.id}").text
    seat.post(f"/console/staff/{ama.id}", do="unlock")
    assert (office.row(ama).failures, office.row(ama).locked_until) == (0, None)
    assert "Not locked" in seat.get(f"/console/staff/{ama.id}").text
    (entry,) = office.audited("unlocked")
    assert (entry.staff_id, entry.object_id) == (kwame.id, ama.id)


def test_a_lost_phone_is_taken_off_the_account(office: Office, seat: Seat) -> None:
    ama = office.member()
    sealed = office.vault.seal("A" * 32)
    office.call(staff.change, ama.id, totp=sealed, totp_step=1, recovery=["x"])
    theirs = office.as_(ama)
    assert "Set up, one recovery code left" in seat.get(f"/console/staff/{ama.id}").text
    seat.post(f"/console/staff/{ama.id}", do="drop")
    assert office.row(ama).totp is None
    assert theirs.get("/console/account").headers["location"] == "/console/sign-in"
    again = office.as_(ama, second=False)
    assert again.get("/console/account").headers["location"] == "/console/enrol"
    assert [e.action for e in office.audited()] == ["second_dropped"]


def test_a_forgotten_password_is_replaced_by_a_start_password(office: Office, seat: Seat) -> None:
    ama = office.member(password=PASSWORD)
    office.call(staff.change, ama.id, failures=4)
    theirs = office.as_(ama)
    found = START.search(seat.post(f"/console/staff/{ama.id}", do="password").text)
    assert found
    row = office.row(ama)
    assert signin.compare(ama.email, found[1], row.password).right
    assert not signin.compare(ama.email, PASSWORD, row.password).right
    assert row.failures == 0
    assert theirs.get("/console/account").headers["location"] == "/console/sign-in"
    assert [e.action for e in office.audited()] == ["start_password_made"]


@pytest.mark.parametrize(("form", "sentence"), [
    ({"do": "deactivate"}, "You cannot close your own account."),
    ({"role": "counsellor"}, "You cannot change your own role."),
    ({"do": "password"}, "on your account page"),
    ({"do": "fly"}, "There is no such button."),
])  # fmt: skip
def test_administrators_cannot_lock_themselves_out(
    office: Office, seat: Seat, kwame: Staff, form: dict[str, str], sentence: str
) -> None:
    answer = seat.post(f"/console/staff/{kwame.id}", **form_of(kwame, **form))
    assert (answer.status_code, sentence in answer.text) == (409, True)
    assert office.again(kwame) == kwame
    assert office.audited() == []
    seat.post(f"/console/staff/{kwame.id}", **form_of(kwame, name="Kwame A."))
    assert office.again(kwame).name == "Kwame A."


@pytest.mark.parametrize("id", ["999", "9" * 30])
def test_an_account_that_is_not_there(seat: Seat, id: str) -> None:
    assert seat.get(f"/console/staff/{id}").status_code == 404
    answer = seat.post(f"/console/staff/{id}", do="deactivate")
    assert (answer.status_code, "There is no such account." in answer.text) == (404, True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_comes_near(office: Office, kwame: Staff, role: Role) -> None:
    seat = office.as_(office.member(role))
    assert seat.get("/console/staff").status_code == 403
    assert seat.post("/console/staff/new", **EFUA).status_code == 403
    assert seat.post(f"/console/staff/{kwame.id}", do="deactivate").status_code == 403
    assert len(office.call(staff.everyone)) == 2
    assert office.again(kwame) == kwame
