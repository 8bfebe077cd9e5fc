"""The inbox page, its live list, and the search by case number."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot import caselist
from bot.caselist import Filter, Glimpse
from bot.roles import PROTECTED, may_read
from bot.staff import Staff
from bot.web.console.guard import Visit

OWN = ("mine", "mentions")  # shelves on which everybody finds other cases
FIELDS = ("shelf", "language", "channel", "region", "priority", "number")


async def inbox(visit: Visit) -> Response:
    """The whole page, or only its list when htmx asks for it."""
    query = visit.request.query_params
    given = {name: query.get(name, "").replace("\0", "")[:40] for name in FIELDS if query.get(name)}
    blind = tuple(c for c in PROTECTED if not may_read(visit.staff.role, visit.staff.skills, c))
    wanted = Filter(**given, blind=blind)
    page = int(query["page"][:4]) if query.get("page", "").isdecimal() else 0
    found, more = await _listed(visit, wanted, page)
    if wanted.number and len(found) == 1 and not visit.part:
        return RedirectResponse(f"/console/cases/{found[0].case.id}", 303)
    counts = await visit.read(caselist.counts, visit.staff.id)
    regions = visit.desk.library.regions
    places = sorted((regions.name(code, visit.staff.locale), code) for code in regions.names)
    return visit.page(
        "inbox_list.html" if visit.part else "inbox.html",
        glimpses=[masked(g, visit.staff) for g in found], more=more, wanted=wanted, number=page,
        hidden={g.case.id for g in found if not _may_see(g, visit.staff)},
        shelves=caselist.SHELVES, counts=counts, library=visit.desk.library,
        regions=[(code, name) for name, code in places],
        query={name: getattr(wanted, name) for name in FIELDS if getattr(wanted, name)},
    )  # fmt: skip


def masked(glimpse: Glimpse, reader: Staff) -> Glimpse:
    """Without the person's words where this reader may not see them."""
    if _may_see(glimpse, reader):
        return glimpse
    return Glimpse(glimpse.case, glimpse.owner, "", glimpse.heard_at)


def _may_see(glimpse: Glimpse, reader: Staff) -> bool:
    return may_read(reader.role, reader.skills, glimpse.case.urgency)


async def _listed(visit: Visit, wanted: Filter, page: int) -> tuple[list[Glimpse], bool]:
    """A page of the list. All consoles that fetch it after one change share one look at it."""
    hub = visit.desk.hub

    async def look() -> tuple[list[Glimpse], bool]:
        return await visit.read(caselist.find, wanted, visit.staff.id, page=page)

    if not hub.listened or wanted.shelf in OWN:
        return await look()
    return await hub.share((wanted, page), look)
