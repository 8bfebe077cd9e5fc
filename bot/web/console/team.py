"""Who is on duty, how full their desks are, and who has waited longest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

import sqlalchemy as sa
from starlette.responses import Response

from bot import handoff, staff, team
from bot.roles import COUNSELS
from bot.staff import Staff
from bot.team import Queue
from bot.web.console.guard import Visit


@dataclass(frozen=True)
class Chair:
    """One of us. `here`: available with a console open. The counts of who does not counsel are
    None."""

    member: Staff
    here: bool
    load: int | None
    answered: int | None


async def team_page(visit: Visit) -> Response:
    """The whole page, or only its tables when htmx asks for them."""
    chairs, queues = await visit.read(_read, visit)
    return visit.page(
        "team_tables.html" if visit.part else "team.html", chairs=chairs, queues=queues,
        present=sum(chair.here and chair.load is not None for chair in chairs),
    )  # fmt: skip


def _read(conn: sa.Connection, visit: Visit) -> tuple[list[Chair], list[Queue]]:
    loads, answered = handoff.loads(conn), team.answered(conn, _midnight(visit))
    chairs = []
    for member in staff.everyone(conn):
        if not member.active:
            continue
        counsels = member.role in COUNSELS
        chairs.append(Chair(
            member, member.here(visit.now), loads.get(member.id, 0) if counsels else None,
            answered.get(member.id, 0) if counsels else None,
        ))  # fmt: skip
    chairs.sort(key=lambda chair: (not chair.here, chair.load is None))
    return chairs, team.queues(conn)


def _midnight(visit: Visit) -> datetime:
    zone = visit.desk.library.country.timezone
    today = visit.now.astimezone(zone).date()
    return datetime.combine(today, time(0), zone).astimezone(UTC)
