"""The inbox of counsellors: cases by priority and clock, filtered, with a glimpse of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.cases import OPEN, State, cases
from bot.db import metadata
from bot.events import Kind
from bot.inbox import inbox
from bot.notes import notes

PAGE = 50
SHELVES = ("open", "mine", "waiting", "mentions", "snoozed", "closed")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to list. Empty strings mean: any. `number` is a case's number, found on whatever shelf
    it stands; other words are looked for in labels and in what the person wrote, but not in cases
    of the classes in `blind`, whose texts the reader may not see."""

    shelf: str = "open"
    language: str = ""
    channel: str = ""
    region: str = ""
    priority: str = ""
    number: str = ""
    blind: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glimpse:
    """A case with its owner's name and the person's last words (empty where they are protected)."""

    case: sa.Row[Any]
    owner: str
    words: str
    heard_at: datetime | None


def find(
    conn: sa.Connection, wanted: Filter, staff_id: int, *, page: int = 0
) -> tuple[list[Glimpse], bool]:
    """A page of the list and whether there is another. The caller blanks protected words."""
    staff = metadata.tables["staff"]
    query = (
        sa.select(cases, staff.c.name.label("owner"))
        .outerjoin(staff, staff.c.id == cases.c.owner_id)
        .where(*_where(wanted, staff_id))
        .order_by(*_order(wanted)).offset(page * PAGE).limit(PAGE + 1)
    )  # fmt: skip
    rows = conn.execute(query).all()
    words = _last_words(conn, [row.person_id for row in rows[:PAGE]])
    found = [
        Glimpse(row, row.owner or "", *words.get(row.person_id, ("", None))) for row in rows[:PAGE]
    ]
    return found, len(rows) > PAGE


def counts(conn: sa.Connection, staff_id: int) -> dict[str, int]:
    """How many cases stand on each shelf; the closed ones are not counted."""
    shelves = [shelf for shelf in SHELVES if shelf != "closed"]
    query = sa.select(
        *(sa.func.count().filter(*_where(Filter(shelf=shelf), staff_id)) for shelf in shelves)
    ).select_from(cases).where(OPEN)  # fmt: skip
    return dict(zip(shelves, conn.execute(query).one(), strict=True))


def _where(wanted: Filter, staff_id: int) -> list[Any]:
    if sought := wanted.number.strip():
        number = sought.lstrip("#")
        if number.isdecimal():
            return [cases.c.id == (int(number) if len(number) < 18 else -1)]
        return _about(sought, wanted.blind)
    conditions: list[Any] = []
    match wanted.shelf:
        case "closed":
            conditions.append(cases.c.closed_at.is_not(None))
        case "mine":
            conditions += [OPEN, cases.c.owner_id == staff_id]
        case "waiting":
            conditions += [OPEN, cases.c.taken_at.is_(None)]
        case "mentions":
            conditions += [OPEN, _mentions(staff_id)]
        case "snoozed":
            conditions += [OPEN, cases.c.state == State.SNOOZED.value]
        case _:
            conditions += [OPEN, cases.c.state != State.SNOOZED.value]
    for name in ("language", "channel", "region"):
        if value := getattr(wanted, name):
            conditions.append(cases.c[name] == value[:16])
    if wanted.priority.isdecimal():
        conditions.append(cases.c.priority == int(wanted.priority[:2]))
    return conditions


def _mentions(staff_id: int) -> Any:
    """Whether a note on the case mentions this colleague."""
    ids: Any = sa.cast(notes.c.mentions, sa.Text)  # "[3, 14]" on both engines
    for sign in "[] ":
        ids = sa.func.replace(ids, sign, "")
    named = ("," + ids + ",").contains(f",{staff_id},")
    return sa.exists().where(notes.c.case_id == cases.c.id, named)


def _about(words: str, blind: Sequence[str]) -> list[Any]:
    """Cases whose labels or whose person's kept messages hold the words."""
    wrote = sa.select(inbox.c.person_id).where(
        inbox.c.kind == Kind.MESSAGE.value,
        inbox.c.body["text"].as_string().icontains(words, autoescape=True),
    )
    labelled = sa.cast(cases.c.labels, sa.Text).icontains(words, autoescape=True)
    may_see = sa.or_(cases.c.urgency.is_(None), cases.c.urgency.not_in(blind))
    return [sa.or_(labelled, sa.and_(cases.c.person_id.in_(wrote), may_see))]


def _order(wanted: Filter) -> list[Any]:
    if wanted.shelf == "closed":
        return [cases.c.closed_at.desc()]
    # Whose clock stands still comes after whose runs.
    return [cases.c.priority, cases.c.due_at.is_(None), cases.c.due_at, cases.c.id]


def _last_words(
    conn: sa.Connection, person_ids: Sequence[int]
) -> dict[int, tuple[str, datetime | None]]:
    if not person_ids:
        return {}
    latest = (
        sa.select(sa.func.max(inbox.c.id))
        .where(inbox.c.person_id.in_(person_ids), inbox.c.kind == Kind.MESSAGE.value)
        .group_by(inbox.c.person_id)
    )
    rows = conn.execute(
        sa.select(inbox.c.person_id, inbox.c.body, inbox.c.received_at)
        .where(inbox.c.id.in_(latest))
    )  # fmt: skip
    return {r.person_id: (str(r.body.get("text") or "")[:160], r.received_at) for r in rows}
