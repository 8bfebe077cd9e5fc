"""What staff did stays written, in order, and without the texts of people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audit, staff
from bot.db import Database
from bot.roles import Role
from tests.conftest import NOON


def add(database: Database, name: str) -> int:
    new = staff.NewStaff(email=f"{name}@example.org", name=name, role=Role.COUNSELLOR)
    return database.call(staff.add, new, NOON)


def note(database: Database, minute: int, **what: Any) -> None:
    what = {"staff_id": None, "action": "open", "kind": "case", **what}
    database.call(audit.note, NOON + timedelta(minutes=minute), **what)


def page(database: Database, **which: Any) -> list[int | None]:
    return [entry.object_id for entry in database.call(audit.page, **which)]


def test_an_entry_says_who_did_what_to_what_and_when(database: Database) -> None:
    ama = add(database, "ama")
    note(database, 5, staff_id=ama, action="export", kind="cases", format="csv", rows=12,
         since="2026-11-01", skills=["health", "return"], whole=True, language=None)  # fmt: skip
    note(database, 6, action="sign_in_failed", kind="session")
    strange, export = database.call(audit.page)
    assert (strange.staff_id, strange.object_id, strange.detail) == (None, None, {})
    assert (export.staff_id, export.action, export.kind) == (ama, "export", "cases")
    assert export.at == NOON + timedelta(minutes=5)
    assert export.detail == {
        "format": "csv", "rows": 12, "since": "2026-11-01", "skills": ["health", "return"],
        "whole": True, "language": None,
    }  # fmt: skip


def test_pages_follow_each_other_while_new_entries_arrive(database: Database) -> None:
    for n in range(7):
        note(database, n, object_id=n)
    first = database.call(audit.page, limit=3)
    assert [e.object_id for e in first] == [6, 5, 4]
    note(database, 9, object_id=7)
    second = database.call(audit.page, limit=3, before=first[-1].id)
    assert [e.object_id for e in second] == [3, 2, 1]
    assert page(database, before=second[-1].id) == [0]
    assert page(database, before=1) == []


def test_a_page_is_of_one_member_of_staff_or_of_one_action(database: Database) -> None:
    ama, kofi = add(database, "ama"), add(database, "kofi")
    note(database, 1, staff_id=ama, action="open", object_id=1)
    note(database, 2, staff_id=kofi, action="open", object_id=2)
    note(database, 3, staff_id=ama, action="close", object_id=3)
    assert page(database, staff_id=ama) == [3, 1]
    assert page(database, action="open") == [2, 1]
    assert page(database, staff_id=kofi, action="close") == []


def test_fifty_entries_fill_a_page(database: Database) -> None:
    def body(conn: sa.Connection) -> None:
        for _ in range(51):
            audit.note(conn, NOON, staff_id=None, action="open", kind="case")

    database.call(body)
    assert len(page(database)) == 50


def test_a_text_of_a_person_is_refused_and_not_repeated(database: Database) -> None:
    for text in [
        "My brother beat me", "Kofi", "+233201234567", "233201234567", "kofi@example.org", "",
        "Ɛte sɛn", "aide moi", "x" * 49, "csv\n", "1990-1-1", ["health", "Kofi"], [["Kofi"]],
        {"text": "Kofi"}, b"Kofi", 1.5,
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=r"^the audit takes no texts: why$"):
            note(database, 1, why=text)
    assert page(database) == []


def test_the_database_itself_refuses_to_change_or_delete(database: Database) -> None:
    ama = add(database, "ama")
    note(database, 1, staff_id=ama, object_id=1)
    note(database, 2, staff_id=ama, object_id=2)
    before = database.call(audit.page)
    for statement in [
        "UPDATE audit SET action = 'nothing'",
        "UPDATE audit SET staff_id = NULL WHERE object_id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE object_id = 1",
    ]:
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            database.call(lambda conn, sql=statement: conn.execute(sa.text(sql)))
    assert database.call(audit.page) == before


def test_the_ways_round_each_engine_are_closed_too(database: Database) -> None:
    note(database, 1, object_id=1)
    (kept,) = database.call(audit.page)
    row = f"(id, at, action, kind, detail) VALUES ({kept.id}, '2026-01-01 00:00', 'x', 'y', '{{}}')"
    ways = {
        "sqlite": [f"INSERT OR REPLACE INTO audit {row}", f"REPLACE INTO audit {row}",
                   f"INSERT INTO audit {row} ON CONFLICT (id) DO UPDATE SET action = 'x'"],
        "postgresql": ["TRUNCATE audit",
                       f"INSERT INTO audit {row} ON CONFLICT (id) DO UPDATE SET action = 'x'"],
    }  # fmt: skip
    for way in ways["sqlite" if database.single else "postgresql"]:
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            database.call(lambda conn, way=way: conn.exec_driver_sql(way))
    assert database.call(audit.page) == [kept]


def test_what_is_rolled_back_was_not_done(database: Database) -> None:
    def body(conn: sa.Connection) -> None:
        audit.note(conn, NOON, staff_id=None, action="open", kind="case")
        raise LookupError

    with pytest.raises(LookupError):
        database.call(body)
    assert page(database) == []
