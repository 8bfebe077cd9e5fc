"""One member of a group: sanctions, the office of a relay, and the person behind the name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import cases
from bot.handoff import Refused
from bot.peers import lookup, relays, roll
from bot.peers.decisions import By
from bot.roles import Action, may_read, may_resolve
from bot.web.console import sanction
from bot.web.console.groups import HERE
from bot.web.console.guard import Visit

LONGEST_TERM = timedelta(days=366)
Row = sa.Row[Any]


async def decide(visit: Visit) -> Response:
    """Warns, silences, takes out, bans, or lifts that."""

    def body(conn: sa.Connection, row: Row) -> str:
        if visit.form.get("do") == "lift":
            return sanction.lift(conn, visit, row.id)
        return sanction.put(conn, visit, row.id)

    return await _do(visit, body)


async def relay(visit: Visit) -> Response:
    """Makes the member a relay until a day, or ends that."""

    def body(conn: sa.Connection, row: Row) -> str:
        by = By(visit.staff.id)
        if visit.form.get("do") == "end":
            if not relays.end(conn, row.id, by, visit.now):
                raise Refused("This member is no relay.")
            visit.note(conn, "relay_ended", "member", row.id, group=row.group_id)
            return "term_ended"
        until = _until(visit)
        if not relays.appoint(conn, row.id, until, by, visit.now):
            raise Refused("Only somebody who is in the group can be its relay.")
        visit.note(conn, "relay_appointed", "member", row.id, group=row.group_id,
                   until=until.date().isoformat())  # fmt: skip
        return "appointed"

    return await _do(visit, body)


async def look_up(visit: Visit) -> Response:
    """Who is behind the name: a counsellor is asked to write to them, or their conversation is
    shown to who may read it. Either is written down twice, with its reason."""
    member = await visit.read(roll.one, visit.number("id"))
    if member is None:
        return visit.page("refused.html", 404, why="member")
    if not may_resolve(visit.staff.role, visit.staff.skills):
        return visit.page("refused.html", 403, why="resolve")
    look = visit.form.get("do") == "look" and visit.may(Action.READ_CASES)
    back = f"{HERE}/{member.group_id}"

    def body(conn: sa.Connection) -> tuple[int, bool]:
        why = sanction.reason(visit)
        found = lookup.resolve(
            conn, visit.number("id"), By(visit.staff.id), why, visit.desk.library.country,
            visit.now, look=look,
        )  # fmt: skip
        if found is None:
            raise Refused("Nobody can be reached under this name any more.")
        visit.note(conn, "resolved", "member", member.id, group=member.group_id, case=found,
                   do="look" if look else "help")  # fmt: skip
        case = cases.of(conn, found)
        urgency = case.urgency if case else None
        return found, may_read(visit.staff.role, visit.staff.skills, urgency)

    try:
        case, readable = await visit.run(body)
    except Refused as refused:
        return visit.page("problem.html", 409, sentence=visit._(str(refused)), back=back)
    if look and readable:
        return visit.go(f"/console/cases/{case}")
    return visit.go(back, "case_opened")


async def _do(visit: Visit, body: Callable[[sa.Connection, Row], str]) -> Response:
    member = await visit.read(roll.one, visit.number("id"))
    if member is None:
        return visit.page("refused.html", 404, why="member")
    back = f"{HERE}/{member.group_id}"
    try:
        said = await visit.run(body, member)
    except Refused as refused:
        return visit.page("problem.html", 409, sentence=visit._(str(refused)), back=back)
    return visit.go(back, said)


def _until(visit: Visit) -> datetime:
    """The end of the chosen day, by the country's clock; raises Refused."""
    try:
        day = date.fromisoformat(visit.form.get("until", ""))
    except ValueError:
        raise Refused("Choose until when.") from None
    zone = visit.desk.library.country.timezone
    try:
        until = datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    except OverflowError:
        raise Refused("Choose until when.") from None
    if not visit.now < until <= visit.now + LONGEST_TERM:
        raise Refused("A relay's term ends in the future, and within a year.")
    return until
