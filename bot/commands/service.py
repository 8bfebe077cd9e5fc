"""Making a service for a command, with one clear line when it cannot be made."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from bot import migrate
from bot.db import InUse
from bot.service import Service
from bot.settings import SettingsError
from nlu.engine import NotTrained


def ready(make: Callable[[], Service]) -> Service:
    """The service; raises SettingsError with what the operator should do."""
    try:
        service = make()
        if not migrate.current(service.database):
            raise SettingsError("the database's schema is not current: run `sankofa migrate`")
    except (NotTrained, InUse, FileNotFoundError, ValueError) as error:
        raise SettingsError(str(error)) from error
    except sa.exc.OperationalError as error:
        raise SettingsError(f"the database cannot be reached: {error.orig}") from error
    return service
