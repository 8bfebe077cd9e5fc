"""Retention: what is no longer needed is blanked; the periods are those of the privacy notice."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import referrals, sessions
from bot.cases import cases
from bot.consents import consents
from bot.inbox import inbox
from bot.outbox import outbox
from bot.readings import readings

MESSAGES = timedelta(days=30)
CASES = timedelta(days=365)
EMPTY_PART: dict[str, object] = {"text": "", "options": [], "ack": None}


def purge(conn: sa.Connection, now: datetime) -> None:
    """Blanks the texts of old messages (their numbers stay) and deletes old closed cases."""
    conn.execute(
        inbox.update().where(inbox.c.received_at < now - MESSAGES, sa.text("status <> 0"))
        .values(body={})
    )  # fmt: skip
    conn.execute(
        outbox.update().where(outbox.c.created_at < now - MESSAGES, outbox.c.rank > 0)
        .values(part=EMPTY_PART)
    )  # fmt: skip
    conn.execute(cases.delete().where(cases.c.closed_at < now - CASES))
    sessions.purge(conn, now)


def forget(conn: sa.Connection, person_id: int, before: int, now: datetime) -> None:
    """Deletes at the person's wish the texts up to the event `before`, the consents, referrals and
    old cases.

    The confirmation that is being queued stays, the address stays sealed (the person may write
    again), and an open case stays for the counsellor who owes an answer.
    """
    mine = inbox.c.person_id == person_id
    theirs = sa.select(inbox.c.id).where(mine, inbox.c.id <= before)
    conn.execute(readings.delete().where(readings.c.event_id.in_(theirs)))
    conn.execute(inbox.update().where(mine, inbox.c.id <= before).values(body={}))
    conn.execute(
        outbox.update().where(outbox.c.person_id == person_id, outbox.c.rank > 0)
        .values(part=EMPTY_PART)
    )  # fmt: skip
    closed = cases.c.closed_at.is_not(None)
    conn.execute(cases.delete().where(cases.c.person_id == person_id, closed))
    referrals.forget(conn, person_id, now)
    conn.execute(consents.delete().where(consents.c.person_id == person_id))
