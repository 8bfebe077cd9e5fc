"""sankofa migrate: bring the database's schema up to date."""

from __future__ import annotations

import sqlalchemy as sa

from bot import migrate, settings
from bot.db import Database
from bot.settings import SettingsError


def main(argv: list[str]) -> int:
    if argv:
        raise SettingsError("migrate takes no arguments")
    database = Database(settings.read().database_url)
    try:
        migrate.upgrade(database)
    except sa.exc.OperationalError as error:
        raise SettingsError(f"the database cannot be reached: {error.orig}") from error
    finally:
        database.close()
    print("the database is up to date")
    return 0
