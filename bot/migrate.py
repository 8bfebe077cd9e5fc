"""Migrations: the schema of the database is brought up to date by Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.db import Database

FOLDER = Path(__file__).resolve().parent / "migrations"


def config(database: Database | None = None, conn: sa.Connection | None = None) -> Config:
    """Alembic's configuration without an ini file."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["connection"] = conn
    found.attributes["database"] = database
    return found


def upgrade(database: Database) -> None:
    """Runs what is missing, in one transaction; safe to call at every start."""

    def body(conn: sa.Connection) -> None:
        if conn.dialect.name == "postgresql":  # two processes may start together
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("migrate"))))
        command.upgrade(config(database, conn), "head")

    database.call(body)


def current(database: Database) -> bool:
    """True when the schema is the one this code was written for."""

    def body(conn: sa.Connection) -> bool:
        heads = ScriptDirectory.from_config(config()).get_heads()
        return set(MigrationContext.configure(conn).get_current_heads()) == set(heads)

    return database.call(body)
