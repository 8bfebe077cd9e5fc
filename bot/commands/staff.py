"""sankofa staff add: an account for the counsellors' console, and its start password."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot import audit, library, migrate, passwords, settings, signin, staff
from bot.db import Database, now
from bot.library.taxonomy import read_taxonomy
from bot.roles import SKILLS, Role
from bot.settings import SettingsError
from bot.staff import NewStaff, Unfit
from bot.vault import Vault


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa staff", description=__doc__)
    parser.add_argument("action", choices=["add"])
    parser.add_argument("email")
    parser.add_argument("--role", required=True, help=", ".join(Role))
    parser.add_argument("--name", help="as people in need see it; else the e-mail's first part")
    parser.add_argument("--languages", default="en", help="those they write, like en,fr")
    parser.add_argument("--skills", default="", help=", ".join(SKILLS))
    args = parser.parse_args(argv)
    known = read_taxonomy(library.CONTENT / "taxonomy.yml").languages
    languages, skills = _words(args.languages), _words(args.skills)
    _one_of("--role", [args.role], list(Role))
    _one_of("--languages", languages, known)
    _one_of("--skills", skills, SKILLS)
    name = args.email.partition("@")[0].title() if args.name is None else args.name
    try:
        new = staff.fit(known, email=args.email, name=name, role=args.role, languages=languages,
                        skills=skills)  # fmt: skip
        first = _enter(new)
    except Unfit as unfit:
        raise SettingsError(str(unfit)) from unfit
    print(f"{new.email} is {new.role.value} now. The start password, shown only here:\n")
    print(f"  {first}\n")
    print("They change it on their account page.")
    return 0


def _enter(new: NewStaff) -> str:
    """Adds the account; returns its start password."""
    chosen = settings.read()
    database = Database(chosen.database_url)
    first = passwords.start()
    try:
        if database.single:  # as every start of the service does
            migrate.upgrade(database)
        elif not migrate.current(database):
            raise SettingsError("the database's schema is not current: run `sankofa migrate`")
        database.call(_add, Vault(chosen.secret_key), new, first, now())
    except sa.exc.OperationalError as error:
        raise SettingsError(f"the database cannot be reached: {error.orig}") from error
    finally:
        database.close()
    return first


def _add(conn: sa.Connection, vault: Vault, new: NewStaff, first: str, moment: datetime) -> None:
    id = staff.add(conn, new, moment)
    signin.set_password(conn, id, first)
    staff.mail(conn, vault, id)
    audit.note(conn, moment, staff_id=None, action="staff_added", kind="staff", object_id=id,
               role=new.role.value)  # fmt: skip


def _one_of(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    if not set(given) <= set(known):
        raise SettingsError(f"{option} takes {', '.join(known)}")


def _words(text: str) -> list[str]:
    return [word for word in (part.strip().lower() for part in text.split(",")) if word]
