"""The inbox page, its live list, and the search by case number."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot import caselist, cases
from bot.caselist import Filter, Glimpse
from bot.roles import Role, may_read
from bot.staff import Staff
from bot.web.console.guard import Visit

FIELDS = ("shelf", "language", "channel", "region", "priority", "number")


async def inbox(visit: Visit) -> Response:
    """The whole page, or only its list when htmx asks for it."""
    query = visit.request.query_params
    wanted = Filter(**{name: query.get(name, "")[:16] for name in FIELDS if query.get(name)})
    page = int(query["page"]) if query.get("page", "").isdecimal() else 0
    found, more = await visit.run(
        caselist.find, wanted, visit.staff.id, page=min(page, 1000)
    )
    if wanted.number and len(found) == 1 and not visit.part:
        return RedirectResponse(f"/console/cases/{found[0].case.id}", 303)
    alarm = []
    if visit.staff.role is Role.SUPERVISOR:
        alarm = [row.id for row in await visit.run(cases.ownerless, visit.now)]
    return visit.page(
        "inbox_list.html" if visit.part else "inbox.html",
        glimpses=[masked(g, visit.staff) for g in found], more=more, wanted=wanted, number=page,
        shelves=caselist.SHELVES, alarm=alarm, library=visit.desk.library,
        query={name: getattr(wanted, name) for name in FIELDS if getattr(wanted, name)},
    )  # fmt: skip


def masked(glimpse: Glimpse, reader: Staff) -> Glimpse:
    """Without the person's words where this reader may not see them."""
    if may_read(reader.role, reader.skills, glimpse.case.urgency):
        return glimpse
    return Glimpse(glimpse.case, glimpse.owner, "", glimpse.heard_at)
