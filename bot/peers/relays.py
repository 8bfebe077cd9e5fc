"""Relays: trusted members with a few powers in their group, for a term that ends by itself."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.dialogue.peers.world import Event, News, Standing
from bot.library.country import Country
from bot.peers import decisions, members, news
from bot.peers.decisions import Act, By

BATCH = 50  # terms that end in one transaction


def appoint(
    conn: sa.Connection, member_id: int, until: datetime, by: By, now: datetime
) -> bool:
    """Makes an active member a relay of their group until then; they are told."""
    row = members.one(conn, member_id)
    if row is None or row.standing != Standing.ACTIVE.value or until <= now:
        return False
    members.change(conn, member_id, relay_until=until, on_call=True)
    id = decisions.note(conn, Act.APPOINTED, row.group_id, by, now, member_id=member_id,
                        until=until)  # fmt: skip
    told = News(event=Event.APPOINTED, group=row.group_id, until=until)
    news.tell(conn, row.person_id, f"decision:{id}", told, now)
    return True


def end_terms(conn: sa.Connection, country: Country, now: datetime) -> bool:
    """Ends the terms that are over; True when there were any."""
    m = members.members.c
    over = sa.select(m.id).where(sa.text("relay_until IS NOT NULL"), m.relay_until <= now)
    found = list(conn.scalars(over.limit(BATCH)))
    for id in found:
        _end(conn, id, By(), now)
    return bool(found)


def end(conn: sa.Connection, member_id: int, by: By, now: datetime) -> bool:
    """Ends a term before its time; their work is counted and thanked for."""
    row = members.one(conn, member_id)
    if row is None or row.relay_until is None or row.relay_until <= now:
        return False
    _end(conn, member_id, by, now)
    return True


def _end(conn: sa.Connection, member_id: int, by: By, now: datetime) -> None:
    row = members.one(conn, member_id)
    assert row is not None  # noqa: S101  # members are never deleted
    members.change(conn, member_id, relay_until=None, on_call=False)
    id = decisions.note(conn, Act.ENDED, row.group_id, by, now, member_id=member_id)
    done = decisions.by_relay(conn, member_id, row.joined_at)
    told = News(event=Event.TERM_ENDS, group=row.group_id, number=done)
    news.tell(conn, row.person_id, f"decision:{id}", told, now)
