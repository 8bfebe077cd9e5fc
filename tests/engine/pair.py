"""One person with two phones: a code is made on one and written on the other."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from bot.db import metadata
from bot.inbox import inbox
from tests.engine.conftest import Loop

APP, PHONE = ("77", "telegram"), ("+233201111111", "sms")


async def code(loop: Loop, on: tuple[str, str] = APP) -> str:
    """The person asks for a code; returns what is to be written: LINK AB2CD3EF."""
    said = (await loop.say("link", who=on[0], channel=on[1]))[-1]
    found = re.search(r"LINK [A-Z2-9]{8}", said)
    assert found, said
    return found[0]


async def link(
    loop: Loop, made: tuple[str, str] = APP, written: tuple[str, str] = PHONE
) -> list[str]:
    """Makes one person of two phones; returns what is said on the one where the code is written."""
    return await loop.say(await code(loop, made), who=written[0], channel=written[1])


def left_behind(loop: Loop, person_id: int) -> list[str]:
    """The tables that still have something of this person."""
    people = metadata.tables["people"]
    found = []

    def body(conn: sa.Connection) -> None:
        for table in metadata.tables.values():
            for column in table.columns:
                if any(key.column.table is people for key in column.foreign_keys):
                    query = sa.select(column).where(column == person_id).limit(1)
                    if conn.execute(query).first():
                        found.append(table.name)

    loop.database.call(body)
    return found


def events(loop: Loop) -> list[sa.Row[Any]]:
    query = sa.select(inbox).order_by(inbox.c.id)
    return loop.database.call(lambda conn: list(conn.execute(query)))
