"""The first accounts are made on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import audit, signin, staff
from bot.__main__ import main
from bot.db import Database
from bot.roles import Role
from tests.conftest import fresh_url

ADD = ["staff", "add", "Ama.Mensah@example.org", "--role", "counsellor"]
MORE = ["--name", "Ama", "--languages", "fr, en", "--skills", "health,protection"]


@pytest.fixture
def at(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """The installation in which commands run."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("SANKOFA_HOME", str(tmp_path))
    return database


def test_an_account_is_made_and_its_start_password_is_shown(
    at: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ADD, *MORE]) == 0
    said = capsys.readouterr()
    found = re.search(r"^  ([a-z-]{19})$", said.out, re.MULTILINE)
    assert found
    (ama,) = at.call(staff.everyone)
    assert (ama.email, ama.name, ama.role) == ("ama.mensah@example.org", "Ama", Role.COUNSELLOR)
    assert (ama.languages, ama.skills) == (("en", "fr"), frozenset({"health", "protection"}))
    stored = at.call(signin.stored, ama.email)
    assert signin.compare(ama.email, found[1], stored).right
    (entry,) = at.call(audit.page)
    assert (entry.staff_id, entry.action, entry.object_id) == (None, "staff_added", ama.id)
    assert said.err == ""


def test_without_a_name_it_is_the_first_part_of_the_address(at: Database) -> None:
    assert main(ADD) == 0
    assert [m.name for m in at.call(staff.everyone)] == ["Ama.Mensah"]


@pytest.mark.parametrize(("more", "sentence"), [
    (["--role", "boss"], "--role takes counsellor, moderator, editor, supervisor, admin"),
    (["--languages", "en,xx"], "--languages takes en, fr, "),
    (["--languages", ","], "Choose one or more of the languages"),
    (["--skills", "juggling"], "--skills takes protection, "),
    (["--name", " "], "The name must have 1 to 60 letters."),
])  # fmt: skip
def test_what_cannot_be_is_one_line_and_status_2(
    at: Database, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert main([*ADD, *more]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), sentence in said.err) == ("", 1, True)
    assert at.call(staff.everyone) == []


def test_an_address_is_one_and_is_not_taken(
    at: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", "add", "ama", "--role", "admin"]) == 2
    assert capsys.readouterr().err == "sankofa: This is not an e-mail address.\n"
    main(ADD)
    assert main([*ADD[:2], "ama.mensah@EXAMPLE.org", *ADD[3:]]) == 2
    assert capsys.readouterr().err == "sankofa: This e-mail address has an account already.\n"
    assert len(at.call(staff.everyone)) == 1


def test_a_new_installation_gets_its_tables_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SANKOFA_HOME", str(tmp_path))
    assert main(ADD) == 0
    database = Database(f"sqlite:///{tmp_path / 'sankofa.db'}")
    assert len(database.call(staff.everyone)) == 1
    database.close()


def test_postgresql_is_migrated_by_hand(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", fresh_url("postgresql", request, tmp_path))
    monkeypatch.setenv("SANKOFA_HOME", str(tmp_path))
    assert main(ADD) == 2
    assert "run `sankofa migrate`" in capsys.readouterr().err
