"""What counsellors do with a case. Each is one transaction; a refusal is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import cases, conversation, handoff, notes, staff
from bot.handoff import Refused
from bot.roles import Action, may_read
from bot.web.console import case as pages
from bot.web.console.guard import Visit

LONGEST = 4000  # characters of one answer
LABELS = 12
Body = Callable[[sa.Connection, Visit, sa.Row[Any]], str]


async def do(visit: Visit, action: str, body: Body) -> Response:
    """Runs `body` on the case of the path and returns to it; `body` returns what to say."""
    id = visit.number("id")

    def act(conn: sa.Connection) -> str:
        case = cases.of(conn, id)
        if case is None or not may_read(visit.staff.role, visit.staff.skills, case.urgency):
            return "forbidden"
        said = body(conn, visit, case)
        visit.note(conn, action, "case", id)
        return said

    try:
        said = await visit.run(act)
    except Refused as refused:
        return visit.page("problem.html", 409, sentence=visit._(str(refused)), id=id)
    if said == "forbidden":
        return visit.page("refused.html", 403, why="case")
    if visit.part:  # the page stays as it is; only the place for the answer is new
        return await pages.page(visit, "reply")
    return visit.go(f"/console/cases/{id}", said)


async def take(visit: Visit) -> Response:
    """From here on the bot is silent."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        over = bool(visit.form.get("over")) and visit.may(Action.TAKE_OVER)
        handoff.take(conn, case.id, visit.staff, visit.now, over=over)
        return "taken"

    return await do(visit, "took", body)


async def reply(visit: Visit) -> Response:
    """An answer to the person, or the nudge that may go outside WhatsApp's window."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        text = visit.form.get("text", "").strip()
        nudge = "nudge" in visit.form
        if not nudge and not text:
            raise Refused("Write something first.")
        if len(text) > LONGEST:
            raise Refused("This is too long for one answer.")
        reach = conversation.reach(conn, case.person_id)
        if reach is None or reach.gone or reach.stopped:
            raise Refused("The person cannot be reached: they stopped or blocked us.")
        if not nudge and not reach.open(visit.now):
            raise Refused("WhatsApp's 24 hours are over: send the nudge, then write.")
        key = visit.form.get("key", "")[:40] or None
        sent = handoff.reply(conn, case.id, visit.staff, text, visit.now,
                             key=key and f"{visit.staff.id}:{key}", template=nudge)  # fmt: skip
        return "sent" if sent else "sent_before"

    return await do(visit, "answered", body)


async def again(visit: Visit) -> Response:
    """Sends a message of ours that failed once more."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        row = visit.form.get("row", "")
        if not row.isdecimal() or len(row) > 18:
            raise Refused("There is no such message.")
        if not conversation.send_again(conn, int(row), case.person_id, visit.now):
            raise Refused("This message is on its way already.")
        return "again"

    return await do(visit, "sent_again", body)


async def note(visit: Visit) -> Response:
    """An internal note; the person never sees it."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        text = visit.form.get("text", "").strip()
        if not text:
            raise Refused("Write something first.")
        notes.put(conn, case.id, visit.staff, text, staff.everyone(conn), visit.now)
        return "noted"

    return await do(visit, "noted", body)


async def label(visit: Visit) -> Response:
    """Replaces the labels (comma-separated)."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        words = [w.strip()[:30] for w in visit.form.get("labels", "").split(",")]
        handoff.label(conn, case.id, visit.staff, [w for w in words if w][:LABELS], visit.now)
        return "labelled"

    return await do(visit, "labelled", body)


async def snooze(visit: Visit) -> Response:
    """Puts it aside for some hours, or until the person writes."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        hours = visit.form.get("hours", "")
        if not hours.isdecimal() or not 1 <= int(hours[:4]) <= 24 * 30:
            raise Refused("Choose until when.")
        until = visit.now + timedelta(hours=int(hours[:4]))
        handoff.snooze(conn, case.id, visit.staff, until, visit.now)
        return "snoozed"

    return await do(visit, "snoozed", body)


async def close(visit: Visit) -> Response:
    """Ends it with an outcome; the person gets the summary."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        handoff.close(
            conn, case.id, visit.staff, visit.now, outcome=visit.form.get("outcome", ""),
            agreed=visit.form.get("agreed", "")[:500], next_step=visit.form.get("next", "")[:500],
            over=visit.may(Action.TAKE_OVER),
        )  # fmt: skip
        return "closed"

    return await do(visit, "closed", body)


async def give(visit: Visit) -> Response:
    """To a colleague with a note, or back to the queue."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        country, to = visit.desk.library.country, visit.form.get("to", "")
        if text := visit.form.get("note", "").strip():
            notes.put(conn, case.id, visit.staff, text, staff.everyone(conn), visit.now)
        if to == "queue":
            handoff.give_back(conn, case.id, visit.now, country, by=visit.staff)
            return "returned"
        member = staff.one(conn, int(to)) if to.isdecimal() and len(to) < 18 else None
        if member is None or not member.active or not may_read(
            member.role, member.skills, case.urgency
        ):
            raise Refused("This colleague cannot take the case.")
        handoff.assign(conn, case.id, member, visit.now, country, by=visit.staff,
                       over=visit.may(Action.TAKE_OVER))  # fmt: skip
        return "given"

    return await do(visit, "gave", body)


async def open_again(visit: Visit) -> Response:
    """A closed case is opened by staff, who have it then."""
    id = visit.number("id")

    def act(conn: sa.Connection) -> int:
        case = cases.of(conn, id)
        if case is None or not may_read(visit.staff.role, visit.staff.skills, case.urgency):
            return 0
        found = handoff.open_again(conn, id, visit.staff, visit.desk.library.country, visit.now)
        visit.note(conn, "opened", "case", found)
        return found

    try:
        found = await visit.run(act)
    except Refused as refused:
        return visit.page("problem.html", 409, sentence=visit._(str(refused)), id=id)
    if not found:
        return visit.page("refused.html", 403, why="case")
    return visit.go(f"/console/cases/{found}", "taken")
