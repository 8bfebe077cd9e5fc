"""One case: the conversation, the side panel, the notes, referrals, and what may be done next."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import canned, caselog, cases, consents, conversation, notes, people, referrals, staff
from bot.conversation import Line, Reach
from bot.dialogue.person import Person
from bot.dialogue.refer import OPEN
from bot.peers import roll
from bot.roles import COUNSELS, Action, may_read
from bot.staff import Staff
from bot.web.console import ready
from bot.web.console.guard import Visit

GIVES_WAY = ("wrote", "replied", "rang")  # lines of the log that the conversation shows anyway
PARTS = {"lines": "case_lines.html", "head": "case_head.html", "notes": "case_notes.html",
         "reply": "case_reply.html", "referrals": "case_referrals.html",
         "side": "case_side.html"}  # fmt: skip
WHOLE = ("", "side")  # what needs everything that is known of the case
NEWEST = 12  # lines of a live part; a page that lacks more of them opens itself anew
SNOOZES = (1, 4, 24, 72, 168)  # hours


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Everything the page shows of one case. `reach` is None for somebody who never wrote."""

    case: sa.Row[Any]
    person: Person
    reach: Reach | None
    lines: list[Line]
    earlier: bool
    notes: list[sa.Row[Any]]
    log: list[sa.Row[Any]]
    past: list[sa.Row[Any]]  # the person's other cases
    consents: list[sa.Row[Any]]
    referrals: list[sa.Row[Any]]  # those that the reader may see
    groups: Sequence[sa.Row[Any]]  # that the person is or was in, under which name
    names: dict[int, str]  # of staff, by id
    team: list[Staff]  # who could have it instead
    replies: list[sa.Row[Any]]  # prepared for everybody
    others: list[str]  # who else looks at it


async def show(visit: Visit) -> Response:
    """The whole page; or a part of it (htmx, when something came): `?part=` names it."""
    part = visit.request.query_params.get("part", "")
    return await page(visit, part if part in PARTS else "")


async def page(visit: Visit, part: str) -> Response:
    """The case of the path, or only this part of it."""
    before = _moment(visit.request.query_params.get("before", ""))
    id, hub = visit.number("id"), visit.desk.hub
    # The live parts of a page that was opened in this session are the same reading.
    again = bool(part) and hub.noted(visit.session.id, id)
    folder = await (visit.read if again else visit.run)(_open, visit, id, part, before, again)
    if folder is None:
        return visit.page("refused.html", 404, why="case")
    case, person, library = folder.case, folder.person, visit.desk.library
    if not may_read(visit.staff.role, visit.staff.skills, case.urgency):
        return visit.page("protected.html", 403, case=case)
    mine, whole = case.owner_id == visit.staff.id, part in WHOLE
    topic, box = ready.need(library, folder.lines), _box(folder, mine, visit.now)
    # When this changes, an open page fetches what may be done anew.
    stands = f"{box} {case.owner_id}" + (" taken" if case.taken_at and not mine else "")
    return visit.page(
        PARTS[part] if part else "case.html", folder=folder, case=case, person=person, mine=mine,
        can_work=visit.may(Action.WORK_CASES) and case.closed_at is None,
        over=visit.may(Action.TAKE_OVER), box=box, stands=stands, before=before,
        key=secrets.token_urlsafe(12), library=library, outcomes=cases.OUTCOMES, snoozes=SNOOZES,
        replies=ready.replies(folder.replies, person.language),
        next_steps=referrals.NEXT, open_states=OPEN, note_longest=referrals.LONGEST, topic=topic,
        offices=[] if not whole else ready.offices(library, person, topic, visit.staff.locale),
        articles=ready.articles(library, person.language, visit.staff.locale)
        if part in ("", "reply") else [],
        closing="" if not whole else ready.closing(library, person, visit.staff.name, visit.now),
    )  # fmt: skip


def _box(folder: Folder, mine: bool, now: datetime) -> str:
    """What the place for the answer offers: write · nudge · take · or why nothing can be said."""
    reach, case = folder.reach, folder.case
    if case.closed_at is not None:
        return "closed"
    if reach is None or reach.gone:
        return "gone"
    if reach.stopped:
        return "stopped"
    if not mine:
        return "take"
    return "write" if reach.open(now) else "nudge"


def _open(
    conn: sa.Connection, visit: Visit, id: int, part: str, before: datetime | None, again: bool
) -> Folder | None:
    case = cases.of(conn, id)
    if case is None:
        return None
    allowed = may_read(visit.staff.role, visit.staff.skills, case.urgency)
    if not again:
        visit.note(conn, "read" if allowed else "refused", "case", id)
    whole, everyone = part in WHOLE, staff.everyone(conn)
    lines: list[Line] = []
    earlier = False
    if allowed and (whole or part == "lines"):
        limit = conversation.PAGE if whole or before else NEWEST
        lines, earlier = conversation.history(conn, case.person_id, before=before, limit=limit)
    looking = staff.looking_at(conn, id, visit.now)
    return Folder(
        case=case, person=people.read(conn, [case.person_id])[case.person_id],
        reach=conversation.reach(conn, case.person_id), lines=lines, earlier=earlier,
        notes=notes.of(conn, [id]) if allowed and (whole or part == "notes") else [],
        log=[row for row in caselog.of(conn, id) if row.what not in GIVES_WAY] if whole else [],
        past=cases.others(conn, case) if whole else [],
        consents=consents.of(conn, case.person_id) if whole else [],
        referrals=referrals.readable(conn, case.person_id, visit.staff)
        if whole or part == "referrals" else [],
        groups=roll.of_person(conn, case.person_id) if whole and allowed else [],
        names={m.id: m.name for m in everyone},
        team=[m for m in everyone if m.active and m.role in COUNSELS and m.id != case.owner_id
              and may_read(m.role, m.skills, case.urgency)],
        replies=canned.everything(conn) if part in ("", "reply") else [],
        others=[name for name in looking if name != visit.staff.name],
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
