"""Fallback: what staff wrote and an app did not deliver goes as SMS, if the person agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import caselog, consents, outbox, people
from bot.cases import cases
from bot.channels import limits
from bot.dialogue.core import Say
from bot.dialogue.link import FALLBACK
from bot.dialogue.states import load
from bot.events import Lane, Option, Reason, Status
from bot.outbox import Draft
from bot.rendering import render
from bot.retention import MESSAGES
from bot.roles import PROTECTED
from bot.voice import voice

APPS = ("whatsapp", "telegram")
# The message is fine and the person is not there. Others are ours to mend.
GONE = (
    Reason.BLOCKED, Reason.OPTED_OUT, Reason.WINDOW, Reason.UNREACHABLE, Reason.NO_SUCH_ADDRESS,
)  # fmt: skip
_CHANNEL = "sms"


def as_sms(conn: sa.Connection, failed: Sequence[tuple[int, Reason]], now: datetime) -> None:
    """Queues those of the outbox rows that have failed for good as SMS, each once in its life.

    In the transaction that settled them. Never anything of a protected class: others may see an
    SMS. The rows and their persons are read anew, under the locks of that settling.
    """
    rows = _given_up(conn, [id for id, reason in failed if reason in GONE])
    if not rows:
        return
    ids = {row.person_id for row in rows}
    agreed = consents.latest(conn, ids, FALLBACK)
    phones = people.reachable(conn, ids)
    latest, protected = _cases(conn, ids, now)
    drafts: list[Draft] = []
    for row in rows:
        id = row.person_id
        numbers = [address for address, channel in phones.get(id, ()) if channel == _CHANNEL]
        if not agreed.get(id) or not numbers or id in protected:
            continue
        drafts += _drafts(row, numbers[-1])
        if id in latest:
            caselog.note(conn, latest[id], "sent_as_sms", now, staff_id=row.staff_id, row=row.id)
    outbox.put(conn, drafts, now)


def _given_up(conn: sa.Connection, ids: Sequence[int]) -> list[sa.Row[Any]]:
    """Those of staff that an app did not deliver, of people who have not stopped us."""
    if not ids:
        return []
    o, p = outbox.outbox.c, people.people.c
    query: sa.Select[Any] = (
        sa.select(o.id, o.person_id, o.lane, o.part, o.staff_id, p.language, p.state)
        .join(people.people, p.id == o.person_id)
        .where(o.id.in_(ids), o.status == Status.FAILED.value, o.channel.in_(APPS),
               o.staff_id.is_not(None), p.stopped == sa.false())
        .order_by(o.id)
    )  # fmt: skip
    rows = conn.execute(query).all()
    found = [row for row in rows if row.part.get("text") and not row.part.get("template")]
    sent = set(conn.scalars(sa.select(o.key).where(o.key.in_([_key(row.id, 0) for row in found]))))
    return [row for row in found if _key(row.id, 0) not in sent]


def _cases(
    conn: sa.Connection, person_ids: set[int], now: datetime
) -> tuple[dict[int, int], set[int]]:
    """By person id the last case, an open one before others; and the persons with a protected
    case that a message of today can still speak of."""
    rows = conn.execute(
        sa.select(cases.c.id, cases.c.person_id, cases.c.urgency, cases.c.closed_at)
        .where(cases.c.person_id.in_(person_ids))
        .order_by(cases.c.closed_at.is_(None), cases.c.id)
    ).all()
    protected = {
        row.person_id for row in rows
        if row.urgency in PROTECTED and (row.closed_at is None or row.closed_at > now - MESSAGES)
    }  # fmt: skip
    return {row.person_id: row.id for row in rows}, protected


def _drafts(row: sa.Row[Any], address_id: int) -> list[Draft]:
    options = tuple(Option(label, token) for label, token in row.part.get("options") or ())
    # A number means what was asked last; a question from before that is sent without its numbers.
    asked = [option.token for option in load(row.state).offered]
    if asked != [option.token for option in options]:
        options = ()
    say = Say(text=row.part["text"], options=options, lane=Lane(row.lane))
    parts = render(say, limits(_CHANNEL), voice(row.language))
    return [
        Draft(_key(row.id, n), row.person_id, address_id, _CHANNEL, part, say.lane, row.staff_id)
        for n, part in enumerate(parts)
    ]


def _key(row_id: int, n: int) -> str:
    return f"fallback:{row_id}:{n}"
