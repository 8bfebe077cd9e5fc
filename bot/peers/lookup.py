"""Looking up who is behind a name in a group: for one reason, written down, and never on a list."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot import cases, clock, people
from bot.library.country import Country
from bot.peers import decisions, members
from bot.peers.decisions import Act, By

SAME_DAY = 1  # priority


def newest_case(conn: sa.Connection, person_id: int) -> int | None:
    """The open case of a person, else the one opened last."""
    c = cases.cases.c
    query = (
        sa.select(c.id).where(c.person_id == person_id)
        .order_by(c.closed_at.is_not(None), c.id.desc()).limit(1)
    )  # fmt: skip
    return conn.scalar(query)


def resolve(
    conn: sa.Connection, member_id: int, by: By, reason: str, country: Country, now: datetime,
    *, look: bool,
) -> int | None:  # fmt: skip
    """The case of the member: to `look` at, their newest one; else, and where there is none, one
    that calls a counsellor today. None: there is no such member."""
    row = members.one(conn, member_id)
    if row is None:
        return None
    people.lock(conn, [row.person_id])
    found = newest_case(conn, row.person_id) if look else None
    found = found or _open(conn, row.person_id, country, now)
    if found is not None:
        decisions.note(conn, Act.RESOLVED, row.group_id, by, now, reason=reason,
                       member_id=member_id)  # fmt: skip
    return found


def _open(
    conn: sa.Connection, person_id: int, country: Country, now: datetime
) -> int | None:
    person = people.read(conn, [person_id]).get(person_id)
    reply = people.reply_addresses(conn, [person_id]).get(person_id)
    if person is None or reply is None:
        return None
    new = cases.NewCase(
        person_id=person_id, reason="moderation", urgency=None, priority=SAME_DAY,
        language=person.language, region=person.region, channel=reply[1],
    )  # fmt: skip
    return cases.open_case(conn, new, clock.plan(country, SAME_DAY, now), now)
