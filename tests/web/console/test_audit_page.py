"""The audit page: every line in words, newest first, narrowed down, page by page."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import bot
from bot import audit
from bot.roles import Role
from bot.web.console.audit_page import PAGE, actions
from tests.conftest import NOON
from tests.web.console.conftest import Office
from tests.web.console.tables import tables


def note(office: Office, minute: int = 0, **what: Any) -> None:
    what = {"staff_id": None, "action": "took", "kind": "case", **what}
    office.call(audit.note, NOON + timedelta(minutes=minute), **what)


def page(office: Office, role: Role = Role.SUPERVISOR, **query: str) -> str:
    answer = office.as_(office.member(role)).get("/console/audit", **query)
    assert answer.status_code == 200
    return str(answer.text)


def lines(html: str) -> list[list[str]]:
    found = tables(html)
    return found[0][1:] if found else []


def test_a_line_says_when_who_what_and_of_what(office: Office) -> None:
    ama, kofi = office.member(name="Ama"), office.member(name="Kofi")
    note(office, 1, staff_id=ama.id, object_id=12)
    note(office, 2, staff_id=ama.id, action="exported", kind="cases", days=30, rows=7)
    note(office, 3, staff_id=kofi.id, action="unlocked", kind="staff", object_id=ama.id)
    note(office, 4, staff_id=kofi.id, action="presence_set", kind="staff", object_id=kofi.id)
    note(office, 5, action="sign_in_failed", kind="session", why=["wrong", "late"])
    assert lines(page(office)) == [
        ["23 Nov 2026 12:05:00", "nobody signed in", "failed to sign in", "", "why: wrong late"],
        ["23 Nov 2026 12:04:00", "Kofi", "changed their presence", "", ""],
        ["23 Nov 2026 12:03:00", "Kofi", "unlocked an account", "Ama", ""],
        ["23 Nov 2026 12:02:00", "Ama", "exported figures", "", "days: 30, rows: 7"],
        ["23 Nov 2026 12:01:00", "Ama", "took a case", "Case 12", ""],
    ]  # fmt: skip


def test_supervisors_may_follow_a_case_and_administrators_may_not(office: Office) -> None:
    note(office, object_id=12)
    assert 'href="/console/cases/12"' in page(office)
    hidden = page(office, Role.ADMIN)
    assert "Case 12" in hidden
    assert "/console/cases/" not in hidden


def test_it_is_narrowed_down_by_member_action_and_case(office: Office) -> None:
    ama, kofi = office.member(name="Ama"), office.member(name="Kofi")
    note(office, 1, staff_id=ama.id, object_id=1)
    note(office, 2, staff_id=kofi.id, object_id=1, action="closed")
    note(office, 3, staff_id=kofi.id, object_id=2)
    note(office, 4, staff_id=kofi.id, object_id=1, kind="staff", action="unlocked")

    def shown(**query: str) -> list[tuple[str, str]]:
        return [(who, of) for _, who, _, of, _ in lines(page(office, **query))]

    assert shown(member=str(ama.id)) == [("Ama", "Case 1")]
    assert shown(action="took") == [("Kofi", "Case 2"), ("Ama", "Case 1")]
    assert shown(case="1") == [("Kofi", "Case 1"), ("Ama", "Case 1")]
    assert shown(case="# 2 ", member=str(kofi.id), action="took") == [("Kofi", "Case 2")]
    assert shown(case="9") == []


def test_older_lines_are_a_page_further_and_the_choice_stays(office: Office) -> None:
    ama = office.member(name="Ama")

    def body(conn: Any) -> None:
        for n in range(PAGE * 2 + 1):
            audit.note(conn, NOON, staff_id=ama.id, action="took", kind="case", object_id=n + 1)
            audit.note(conn, NOON, staff_id=None, action="closed", kind="case", object_id=n + 1)

    office.call(body)
    seen: list[str] = []
    path = "/console/audit?action=took"
    seat = office.as_(office.member(Role.SUPERVISOR))
    for size in (PAGE, PAGE, 1):
        html = seat.get(path).text
        assert len(lines(html)) == size
        seen += [cells[3] for cells in lines(html)]
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"Case {n}" for n in range(PAGE * 2 + 1, 0, -1)]
    assert path == ""


@pytest.mark.parametrize("value", ["x", "-1", "9" * 400, "1e9", "' OR 1=1 --", "\0", "٣", "😀"])
def test_a_hostile_query_is_an_empty_one(office: Office, value: str) -> None:
    note(office)
    html = page(office, member=value, action=value, case=value, before=value)
    assert len(lines(html)) == 1


def test_every_action_that_code_writes_down_has_words() -> None:
    """Literals only; those that code puts together have words in the list too."""
    written = set()
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                written |= set(_actions_in(call))
    assert {"took", "exported", "signed_in", "staff_added"} <= written
    assert written <= actions(str).keys()


def _actions_in(call: ast.Call) -> list[str]:
    name = ast.unparse(call.func)
    found: list[ast.expr] = []
    if name in ("visit.note", "do", "work.do"):
        found = call.args[1:2]
    elif name == "audit.note":
        found = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
    # "a" if … else "b" is two of them; f"{x}_set" is none.
    arms = [[one.body, one.orelse] if isinstance(one, ast.IfExp) else [one] for one in found]
    return [
        str(arm.value) for either in arms for arm in either if isinstance(arm, ast.Constant)
    ]
