"""A person's conversation as a counsellor reads it: both directions, all channels, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import metadata
from bot.events import Kind, Status
from bot.inbox import inbox
from bot.outbox import outbox
from bot.people import addresses, people
from bot.readings import readings

PAGE = 60  # lines


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message. `who`: person · bot · staff. `status` and `code` (a Reason, or the provider's
    word) tell how an outgoing one fared; `reading` is what the bot understood of the others."""

    key: str  # in<id> or out<id>
    at: datetime
    who: str
    channel: str
    text: str
    kind: str = "text"
    staff: str = ""
    status: str = ""
    code: str = ""
    row: int = 0  # the outbox row, to send it again
    options: tuple[str, ...] = ()  # the labels of its buttons
    reading: sa.Row[Any] | None = None


@dataclass(frozen=True)
class Reach:
    """Whether an answer can reach the person now, and how."""

    channel: str
    window_until: datetime | None  # WhatsApp only
    gone: str | None
    stopped: bool

    def open(self, now: datetime) -> bool:
        """Whether free text may go."""
        if self.gone or self.stopped:
            return False
        return self.channel != "whatsapp" or bool(self.window_until and self.window_until > now)


def history(
    conn: sa.Connection, person_id: int, *, before: datetime | None = None, limit: int = PAGE
) -> tuple[list[Line], bool]:
    """The last lines before a moment, oldest first, and whether there are earlier ones."""
    spoken = _spoken(conn, person_id, before, limit)
    labels = {token: label for row in spoken for label, token in row.part.get("options") or ()}
    lines = _heard(conn, person_id, before, limit, labels)
    lines += [_said(row) for row in spoken if row.part.get("ack") is None]
    lines.sort(key=lambda line: (line.at, line.who != "person", len(line.key), line.key))
    return lines[-limit:], len(lines) > limit


def _heard(
    conn: sa.Connection, person_id: int, before: datetime | None, limit: int,
    labels: dict[str, str],
) -> list[Line]:  # fmt: skip
    """`labels`: of buttons that were shown, by the token that comes back from a tap."""
    theirs = [Kind.MESSAGE.value, Kind.CHOICE.value]
    query = (
        sa.select(inbox, readings)
        .outerjoin(readings, readings.c.event_id == inbox.c.id)
        .where(inbox.c.person_id == person_id, inbox.c.kind.in_(theirs))
        .order_by(inbox.c.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(inbox.c.received_at < before)
    return [
        Line(key=f"in{row.id}", at=row.received_at, who="person", channel=row.channel,
             text=str(row.body.get("text") or _tapped(row.body.get("token") or "", labels)),
             kind=str(row.body.get("attachment") or row.kind),
             reading=row if row.event_id is not None else None)
        for row in conn.execute(query)
    ]  # fmt: skip


def _tapped(token: str, labels: dict[str, str]) -> str:
    return labels.get(token, token)


def _spoken(
    conn: sa.Connection, person_id: int, before: datetime | None, limit: int
) -> Sequence[sa.Row[Any]]:
    staff = metadata.tables["staff"]
    query = (
        sa.select(outbox, staff.c.name)
        .outerjoin(staff, staff.c.id == outbox.c.staff_id)
        .where(outbox.c.person_id == person_id)
        .order_by(outbox.c.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(outbox.c.created_at < before)
    return conn.execute(query).all()


def _said(row: sa.Row[Any]) -> Line:
    return Line(
        key=f"out{row.id}", at=row.created_at, who="staff" if row.name else "bot",
        channel=row.channel, text=row.part.get("text") or "", staff=row.name or "",
        status=row.status, code=row.reason or row.code or "", row=row.id,
        options=tuple(label for label, _ in row.part.get("options") or ()),
    )  # fmt: skip


def reach(conn: sa.Connection, person_id: int) -> Reach | None:
    """How the person can be reached; None when they never wrote from an address."""
    row = conn.execute(
        sa.select(addresses.c.channel, addresses.c.window_until, addresses.c.gone,
                  people.c.stopped)
        .join(people, people.c.reply_to == addresses.c.id).where(people.c.id == person_id)
    ).first()  # fmt: skip
    return Reach(row.channel, row.window_until, row.gone, row.stopped) if row else None


def send_again(conn: sa.Connection, row_id: int, person_id: int, now: datetime) -> bool:
    """Queues a failed or doubtful message of staff once more; False if it is neither."""
    done = conn.execute(
        outbox.update()
        .where(outbox.c.id == row_id, outbox.c.person_id == person_id,
               outbox.c.staff_id.is_not(None),
               outbox.c.status.in_([Status.FAILED.value, Status.IN_DOUBT.value]))
        .values(status=Status.QUEUED.value, rank=0, tries=0, not_before=now, code=None,
                reason=None)
    )  # fmt: skip
    return bool(done.rowcount)
