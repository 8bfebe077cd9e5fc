"""The live stream of one open console, what it asks without one, and the presence it stands for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot import sessions, staff
from bot.roles import Action
from bot.web.console.guard import COOKIE, Visit
from bot.web.console.hub import Ear, ringing

KEEP_ALIVE = 15.0  # seconds
SAY_HERE = timedelta(seconds=45)


async def events(visit: Visit) -> Response:
    """Server-sent events: `inbox`, `case-<id>`, `ring`, `queue`, and `alive` when there is nothing
    else to say. `?case=` is on the screen."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _stream(visit, _on_screen(visit)), media_type="text/event-stream", headers=headers
    )


async def rings(visit: Visit) -> Response:
    """The ids of the cases that ring for this member of staff, as JSON: what a console asks while
    its stream is down. It stands for their presence as the stream does."""

    def here(conn: sa.Connection) -> list[int]:
        staff.seen(conn, visit.staff.id, visit.now, _on_screen(visit))
        return sorted(id for id, who in ringing(conn).items() if visit.staff.id in who)

    return JSONResponse(await visit.run(here))


async def alarm(visit: Visit) -> Response:
    """The bar of cases that nobody has taken in time; empty when there are none."""
    return visit.page("alarm.html")


def _on_screen(visit: Visit) -> int | None:
    text = visit.request.query_params.get("case", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


async def _stream(visit: Visit, case_id: int | None) -> AsyncIterator[str]:
    hub, token = visit.desk.hub, visit.request.cookies.get(COOKIE, "")
    ear = hub.listen(visit.staff.id, moderates=visit.may(Action.MODERATE))
    said: datetime | None = None
    try:
        yield "retry: 2000\n\n"
        while True:
            moment = visit.desk.now()
            if said is None or moment - said > SAY_HERE:
                first = said is None
                said = moment
                if not await visit.desk.database.run(_here, token, visit.staff.id, moment, case_id):
                    yield "event: over\ndata: session\n\n"
                    return
                if first and case_id is not None:
                    hub.look(ear, case_id)
            yield await _next(ear)
    finally:
        hub.leave(ear)


async def _next(ear: Ear) -> str:
    try:
        name, data = await asyncio.wait_for(ear.queue.get(), KEEP_ALIVE)
    except TimeoutError:
        return "event: alive\ndata: here\n\n"  # no comment: scripts must hear it too
    return f"event: {name}\ndata: {data}\n\n"


def _here(
    conn: sa.Connection, token: str, staff_id: int, moment: datetime, case_id: int | None
) -> bool:
    """Says that this console is open; False when its session has run out."""
    if sessions.find(conn, token, moment) is None:
        return False
    staff.seen(conn, staff_id, moment, case_id)
    return True
