"""What editors labelled, from the database to a folder that training reads."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot import learning, migrate, settings
from bot.db import Database
from bot.library import CONTENT
from bot.library.taxonomy import read_taxonomy
from bot.settings import SettingsError
from nlu import learned


def fetch() -> Path:
    """Writes the labelled phrases to SANKOFA_HOME/learned and returns that folder; says how many.

    Labels that the taxonomy does not know any more stay out."""
    configured = settings.read()
    taxonomy = read_taxonomy(CONTENT / "taxonomy.yml")
    known = {name for names in learning.labels(taxonomy).values() for name in names}
    database = Database(configured.database_url)
    try:
        if not migrate.current(database):
            raise SettingsError("the database's schema is not current: run `sankofa migrate`")
        rows = database.call(learning.phrases)
    except sa.exc.OperationalError as error:
        raise SettingsError(f"the database cannot be reached: {error.orig}") from error
    finally:
        database.close()
    folder = configured.home / "learned"
    count = learned.write(folder, [learned.Labelled(*row) for row in rows if row[1] in known])
    print(f"{count} phrases from use in {folder}")
    return folder
