"""One case: the conversation, the side panel, the notes, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import canned, caselog, cases, consents, conversation, notes, people, staff
from bot.conversation import Line, Reach
from bot.dialogue.person import Person
from bot.events import Lane
from bot.roles import Action, may_read
from bot.web.console.guard import Visit

GIVES_WAY = ("wrote", "replied", "rang")  # lines of the log that the conversation shows anyway


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Everything the page shows of one case."""

    case: sa.Row[Any]
    owner: str
    person: Person
    reach: Reach | None
    lines: list[Line]
    earlier: bool
    notes: list[sa.Row[Any]]
    log: list[sa.Row[Any]]
    past: list[sa.Row[Any]]  # the person's other cases
    consents: list[sa.Row[Any]]
    names: dict[int, str]  # of staff, by id
    others: list[str]  # who else looks at it


async def show(visit: Visit) -> Response:
    """The whole page; or with `?part=lines` the conversation only (htmx, when something came)."""
    before = visit.request.query_params.get("before", "")
    folder = await visit.run(_open, visit, visit.number("id"), _moment(before))
    if folder is None:
        return visit.page("refused.html", 404, why="case")
    case = folder.case
    if not may_read(visit.staff.role, visit.staff.skills, case.urgency):
        return visit.page("protected.html", 403, case=case)
    part = visit.request.query_params.get("part", "")
    template = {"lines": "case_lines.html", "head": "case_head.html"}.get(part, "case.html")
    replies = [] if part else await visit.run(canned.everything)
    team = [] if part else [m for m in await visit.run(staff.everyone) if m.active]
    return visit.page(
        template, folder=folder, case=case, mine=case.owner_id == visit.staff.id,
        replies=replies, team=team, library=visit.desk.library, outcomes=cases.OUTCOMES,
        talk=Lane.TALK.value, can_work=visit.may(Action.WORK_CASES),
        can_take_over=visit.may(Action.TAKE_OVER), language=folder.person.language,
        before=before,
    )  # fmt: skip


def _open(
    conn: sa.Connection, visit: Visit, id: int, before: datetime | None
) -> Folder | None:
    case = cases.of(conn, id)
    if case is None:
        return None
    allowed = may_read(visit.staff.role, visit.staff.skills, case.urgency)
    if before is None and not visit.part:  # the live parts of an open page are the same reading
        visit.note(conn, "read" if allowed else "refused", "case", id)
    names = {m.id: m.name for m in staff.everyone(conn)}
    lines: list[Line] = []
    earlier = False
    if allowed:
        lines, earlier = conversation.history(conn, case.person_id, before=before)
    past = conn.execute(
        sa.select(cases.cases)
        .where(cases.cases.c.person_id == case.person_id, cases.cases.c.id != id)
        .order_by(cases.cases.c.id.desc()).limit(20)
    ).all()  # fmt: skip
    looking = staff.looking_at(conn, id, visit.now)
    return Folder(
        case=case, owner=names.get(case.owner_id or 0, ""),
        person=people.read(conn, [case.person_id])[case.person_id],
        reach=conversation.reach(conn, case.person_id), lines=lines, earlier=earlier,
        notes=notes.of(conn, [id]) if allowed else [],
        log=[row for row in caselog.of(conn, id) if row.what not in GIVES_WAY],
        past=list(past), consents=consents.of(conn, case.person_id), names=names,
        others=[name for name in looking if name != visit.staff.name],
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
