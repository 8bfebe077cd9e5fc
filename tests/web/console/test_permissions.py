"""Who may open what: every address of the console with every role, and with none.

Every id in an address is 1, and there is one of each thing that it can name.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import cases, clock, people
from bot.library import Library
from bot.peers import moderation
from bot.peers.decisions import Act, By
from bot.peers.posts import State
from bot.roles import PROTECTED, PROTECTION, Action, Role, may, may_read, may_resolve
from bot.web.console.guard import Page
from bot.web.console.routes import PAGES
from tests.conftest import NOON
from tests.web.console.conftest import Office
from tests.web.console.village import Village

C, M, E, S, A = Role.COUNSELLOR, Role.MODERATOR, Role.EDITOR, Role.SUPERVISOR, Role.ADMIN
# The matrix in the words of the issue, cell by cell; bot/roles.py must say the same.
MATRIX = {
    Action.ACCOUNT: {C, M, E, S, A},
    Action.READ_CASES: {C, S},
    Action.WORK_CASES: {C, S},
    Action.REFER: {C, S},
    Action.READ_PROTECTED: {S},
    Action.TAKE_OVER: {S},
    Action.SEE_TEAM: {C, S, A},
    Action.SEE_NUMBERS: {E, S, A},
    Action.EXPORT: {S},
    Action.SEE_AUDIT: {S, A},
    Action.EDIT_CANNED: {E, S},
    Action.MANAGE_STAFF: {A},
    Action.SEE_GROUPS: {M, S, A},
    Action.MODERATE: {M, S, A},
    Action.RESOLVE: {M, S, A},
    Action.RUN_GROUPS: {S, A},
    Action.SEE_NETWORKS: {M, E, S, A},
    Action.EXPLAIN: {E, S, A},
    Action.LABEL: {E, S, A},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(role: Role, action: Action) -> None:
    assert may(role, action) is (role in MATRIX[action])


@pytest.mark.parametrize("urgency", [*sorted(PROTECTED), "violence_now", None])
def test_protected_texts_are_for_the_skilled_and_for_supervisors(urgency: str | None) -> None:
    protected = urgency in PROTECTED
    assert may_read(C, frozenset(), urgency) is not protected
    assert may_read(C, frozenset({PROTECTION}), urgency)
    assert may_read(S, frozenset(), urgency)
    for role in (M, E, A):
        assert not may_read(role, frozenset({PROTECTION}), urgency)


@pytest.mark.parametrize(("role", "skills", "allowed"), [
    (C, {PROTECTION}, False), (E, {PROTECTION}, False), (M, set(), False), (M, {"health"}, False),
    (M, {PROTECTION}, True), (S, set(), True), (A, set(), True),
])  # fmt: skip
def test_who_is_behind_a_name_is_for_the_trained_and_for_supervisors(
    role: Role, skills: set[str], allowed: bool
) -> None:
    assert may_resolve(role, frozenset(skills)) is allowed


def opened(conn: sa.Connection, library: Library, urgency: str | None = None) -> int:
    """A case of a new person."""
    new = cases.NewCase(
        person_id=people.make(conn, NOON), reason="urgent" if urgency else "asked",
        urgency=urgency, priority=0 if urgency else 2, language="en", region=None, channel="sms",
    )  # fmt: skip
    return cases.open_case(conn, new, clock.plan(library.country, new.priority, NOON), NOON)


def address(page: Page, case: int = 1) -> str:
    return page.path.replace("{id:int}", str(case))


@pytest.fixture
def things(office: Office, library: Library, vault: Any) -> None:
    """A case, a group, a member, a held post and an appeal, each of which is number 1."""
    assert office.call(opened, library) == 1
    village = Village(office.call, vault, office.clock())
    group, by = village.group(), By(office.member(S).id)
    author = village.member(group, "Golden Needle")
    held = village.post(group, author, "held", state=State.HELD, findings=["payment"])
    until = office.clock() + timedelta(days=1)
    office.call(moderation.sanction, author, Act.SILENCED, by, "abuse", office.clock(),
                until=until)  # fmt: skip
    appeal = village.appeal(village.log(group)[-1].id, author, "It was a joke")
    assert (group, author, held, appeal) == (1, 1, 1, 1)


def ask(office: Office, page: Page, role: Role | None) -> int:
    """The status of a bare request; the stream is not opened (it has no end)."""
    seat = office.visitor()
    if role is not None:
        seat = office.as_(office.member(role, skills=(PROTECTION,)))
    path = address(page)
    response = seat.get(path) if page.method == "GET" else seat.post(path)
    return int(response.status_code)


@pytest.mark.parametrize("role", [*Role, None])
def test_every_address_answers_only_those_who_may(
    office: Office, things: None, role: Role | None
) -> None:
    for page in PAGES:
        if page.path == "/console/events" and role is not None:
            continue  # everybody's own stream; it has tests of its own
        status = ask(office, page, role)
        if role is None:
            assert status in (303, 401), page
        elif not may(role, page.action):
            assert status == 403, page
        elif page.method == "POST" or page.path.endswith("/file"):  # the form was empty
            assert status != 403, page
            assert status < 500, page
        elif page.path in ("/console", "/console/"):
            assert status == 303, page
        else:
            assert status == 200, page


@pytest.mark.parametrize("role", Role)
def test_every_form_on_every_page_is_ours_and_nothing_runs_inside_a_page(
    office: Office, things: None, role: Role
) -> None:
    seat = office.as_(office.member(role, skills=(PROTECTION,)))
    csrf = f'name="csrf" value="{seat.csrf}"'
    forms = 0
    for page in PAGES:
        if page.method != "GET" or page.path == "/console/events" or not may(role, page.action):
            continue
        text = seat.get(address(page)).text if "file" not in page.path else ""
        for form in re.findall(r"<form\b[^>]*method=.post.*?</form>", text, re.S):
            assert csrf in form, (page, form)
            forms += 1
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
        assert not re.search(r"(?:src|href|action)=.(?:https?:)?//", text), page
    assert forms > 5


def test_the_case_and_all_its_forms_refuse_a_counsellor_without_the_skill(
    office: Office, library: Library
) -> None:
    case = office.call(opened, library, "sexual_violence")
    seat = office.as_(office.member(C))
    for page in PAGES:
        if "{id:int}" in page.path and page.path.startswith("/console/cases/"):
            path = address(page, case)
            response = seat.get(path) if page.method == "GET" else seat.post(path, text="x")
            assert response.status_code == 403, page
    skilled = office.as_(office.member(C, skills=(PROTECTION,)))
    assert skilled.get(f"/console/cases/{case}").status_code == 200
    assert [entry.action for entry in office.audited()] == ["refused", "read"]


@pytest.mark.parametrize("page", [p for p in PAGES if p.method == "POST"], ids=lambda p: p.path)
def test_every_form_needs_its_own_csrf_and_our_own_site(
    demo: Office, library: Library, page: Page
) -> None:
    case = demo.call(opened, library)
    role = next(role for role in Role if may(role, page.action))
    seat = demo.as_(demo.member(role))
    path = address(page, case)
    assert seat.client.post(path, data={"text": "x"}).status_code == 403
    assert seat.client.post(path, data={"csrf": "0" * 64}).status_code == 403
    stranger = {"Origin": "https://evil.example"}
    assert seat.client.post(path, data={"csrf": seat.csrf}, headers=stranger).status_code == 403
    assert demo.audited() == []


def test_every_page_has_the_strict_headers(demo: Office, library: Library) -> None:
    case = demo.call(opened, library)
    seat = demo.as_(demo.member(S))
    for page in PAGES:
        if page.method == "GET" and page.path != "/console/events":
            headers = seat.get(address(page, case)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy, page
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
