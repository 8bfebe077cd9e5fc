"""Referrals on a case: the person is asked, and what became of it is noted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import conversation, referrals
from bot.dialogue.core import Standing
from bot.handoff import Refused
from bot.roles import Action
from bot.web.console import work
from bot.web.console.guard import Visit

STEPS = {step for steps in referrals.NEXT.values() for step in steps} | {Standing.WITHDRAWN}


async def ask(visit: Visit) -> Response:
    """May the person be passed on to the office of the form? Only they can say yes."""

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        library, form = visit.desk.library, visit.form
        office = next((o for o in library.offices if o.id == form.get("office")), None)
        topic = form.get("topic", "")
        if office is None or (topic and topic not in library.taxonomy.topics):
            raise Refused("Choose an office from the list.")
        reach = conversation.reach(conn, case.person_id)
        if reach is None or reach.gone or reach.stopped:
            raise Refused("The person cannot be reached: they stopped or blocked us.")
        if not reach.open(visit.now):
            raise Refused("WhatsApp's 24 hours are over: send the nudge, then ask.")
        referrals.open(
            conn, case.id, visit.staff, office, visit.now, topic=topic or None,
            note=form.get("note", ""), over=visit.may(Action.TAKE_OVER),
        )  # fmt: skip
        return "asked"

    return await work.do(visit, "referral_asked", body)


async def move(visit: Visit) -> Response:
    """What became of one of the person's referrals, or that it is withdrawn."""
    to = next((step for step in STEPS if step == visit.form.get("state")), None)

    def body(conn: sa.Connection, visit: Visit, case: sa.Row[Any]) -> str:
        known = referrals.readable(conn, case.person_id, visit.staff)
        row = next((row for row in known if str(row.id) == visit.form.get("referral")), None)
        if row is None or to is None:
            raise Refused("There is no such referral.")
        if to is Standing.WITHDRAWN:
            referrals.withdraw(conn, row.id, visit.staff, visit.now)
        else:
            referrals.advance(conn, row.id, to, visit.staff, visit.now)
        return "moved"

    return await work.do(visit, f"referral_{to}", body)
