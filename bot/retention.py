"""Retention: what is no longer needed is blanked; the periods are those of the privacy notice."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.cases import cases
from bot.consents import consents
from bot.dialogue.person import Person
from bot.dialogue.states import dump
from bot.inbox import inbox
from bot.outbox import abort, outbox
from bot.people import people

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


def forget(conn: sa.Connection, person_id: int) -> None:
    """Deletes at the person's wish: every text and setting. The address stays sealed until the
    receipt of the deletion has left; an open case stays for the counsellor who owes an answer."""
    abort(conn, person_id)
    conn.execute(inbox.update().where(inbox.c.person_id == person_id).values(body={}))
    conn.execute(
        outbox.update().where(outbox.c.person_id == person_id).values(part=EMPTY_PART)
    )
    closed = cases.c.closed_at.is_not(None)
    conn.execute(cases.delete().where(cases.c.person_id == person_id, closed))
    conn.execute(consents.delete().where(consents.c.person_id == person_id))
    blank = Person()
    conn.execute(
        people.update().where(people.c.id == person_id)
        .values(language_chosen=False, region=None, phase=None, met=False, state=dump(blank.state))
    )  # fmt: skip


