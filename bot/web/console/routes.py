"""Every address of the console and the action it needs: the one list that the tests walk too."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.roles import Action
from bot.web.console import case, inbox, live, work
from bot.web.console.desk import Desk
from bot.web.console.guard import HEADERS, Page
from bot.web.console.render import TEMPLATES

CASE = "/console/cases/{id:int}"
PAGES = (
    Page("GET", "/console/inbox", Action.READ_CASES, inbox.inbox),
    Page("GET", CASE, Action.READ_CASES, case.show),
    Page("POST", f"{CASE}/take", Action.WORK_CASES, work.take),
    Page("POST", f"{CASE}/reply", Action.WORK_CASES, work.reply),
    Page("POST", f"{CASE}/again", Action.WORK_CASES, work.again),
    Page("POST", f"{CASE}/note", Action.WORK_CASES, work.note),
    Page("POST", f"{CASE}/label", Action.WORK_CASES, work.label),
    Page("POST", f"{CASE}/snooze", Action.WORK_CASES, work.snooze),
    Page("POST", f"{CASE}/close", Action.WORK_CASES, work.close),
    Page("POST", f"{CASE}/give", Action.WORK_CASES, work.give),
    Page("GET", "/console/events", Action.ACCOUNT, live.events),
)


class Static(StaticFiles):
    """Styles, scripts and sounds, with the same headers as the pages."""

    async def get_response(self, path, scope):  # type: ignore[no-untyped-def]  # as its base
        response = await super().get_response(path, scope)
        response.headers.update({**HEADERS, "Cache-Control": "public, max-age=600"})
        return response


def routes(desk: Desk) -> list[BaseRoute]:
    """Everything under /console."""
    return [
        Route("/console", lambda _: RedirectResponse("/console/inbox", 303)),
        Route("/console/", lambda _: RedirectResponse("/console/inbox", 303)),
        *[page.route(desk) for page in PAGES],
        Mount("/console/static", Static(directory=TEMPLATES.parent / "static")),
    ]
