"""The guard in front of every page: who is it, may they, is the form ours; then a `Visit`."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import audit, sessions, staff
from bot.roles import Action, may
from bot.sessions import Session
from bot.staff import Staff
from bot.wake import Work
from bot.web.body import Refused, as_form, read
from bot.web.console.desk import Desk
from bot.web.console.render import environment, speech

P = ParamSpec("P")
T = TypeVar("T")
NEWS = (Work.INBOX, Work.OUTBOX, Work.CONSOLE)
COOKIE = "sankofa"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass
class Visit:
    """One request of somebody who may make it. `form` is empty for a GET."""

    desk: Desk
    request: Request
    now: datetime
    staff: Staff
    session: Session
    form: dict[str, str] = field(default_factory=dict)

    async def run(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A transaction; who waits for work or watches a console learns of it."""
        wake, news = self.desk.wake, NEWS if self.request.method == "POST" else ()

        def told(conn: sa.Connection) -> T:
            found = body(conn, *args, **kwargs)
            for work in news:
                wake.tell(conn, work)
            return found

        found = await self.desk.database.run(told)
        for work in news:
            wake.here(work)
        return found

    def note(
        self, conn: sa.Connection, action: str, kind: str, id: int | None, **detail: Any
    ) -> None:
        """Writes into the audit that this member of staff did it."""
        audit.note(conn, self.now, staff_id=self.staff.id, action=action, kind=kind,
                   object_id=id, **detail)  # fmt: skip

    def may(self, action: Action) -> bool:
        """Whether a button for it should be shown."""
        return may(self.staff.role, action)

    def _(self, message: str) -> str:
        """The message in the language of this member of staff."""
        return speech(self.staff.locale).gettext(message)

    @property
    def part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def number(self, name: str) -> int:
        """A number from the path."""
        return int(self.request.path_params[name])

    def page(self, template: str, status: int = 200, **more: Any) -> Response:
        """The page, with everything the frame around it needs."""
        html = environment(self.staff.locale).get_template(template).render(
            visit=self, me=self.staff, csrf=self.session.csrf, Action=Action,
            path=self.request.url.path, said=self.request.query_params.get("said"),
            zone=self.desk.library.country.timezone, now=self.now, **more,
        )  # fmt: skip
        return HTMLResponse(html, status)

    def go(self, path: str, said: str = "") -> Response:
        """To another page after a form; `said` names one of the sentences of `said.html`."""
        url = f"{path}?said={quote(said)}" if said else path
        if self.part:
            return Response(headers={"HX-Redirect": url})
        return RedirectResponse(url, 303)


Endpoint = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """One address of the console and who may use it."""

    method: str
    path: str
    action: Action
    endpoint: Endpoint

    def route(self, desk: Desk) -> Route:
        async def guarded(request: Request) -> Response:
            response = await _guarded(self, desk, request)
            response.headers.update({**HEADERS, **dict(response.headers)})
            return response

        return Route(self.path, guarded, methods=[self.method])


async def _guarded(page: Page, desk: Desk, request: Request) -> Response:
    token, moment = request.cookies.get(COOKIE, ""), desk.now()
    found = await desk.database.run(_who, token, moment)
    if found is None:
        return _sign_in(request)
    session, member = found
    if desk.second_factor and not session.second:
        return RedirectResponse("/console/second", 303)
    visit = Visit(desk, request, moment, member, session)
    if not may(member.role, page.action):
        return visit.page("refused.html", 403, why="role")
    if request.method == "POST":
        try:
            visit.form = dict(as_form(await read(request, "application/x-www-form-urlencoded")))
        except Refused as refused:
            return visit.page("refused.html", refused.status, why="form")
        given = visit.form.get("csrf") or request.headers.get("x-csrf", "")
        if not same_site(request) or not hmac.compare_digest(
            given.encode(), session.csrf.encode()
        ):
            return visit.page("refused.html", 403, why="csrf")
    return await page.endpoint(visit)


def same_site(request: Request) -> bool:
    """False when a browser says that another site made this request."""
    origin = request.headers.get("origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _who(conn: sa.Connection, token: str, moment: datetime) -> tuple[Session, Staff] | None:
    session = sessions.find(conn, token, moment) if token else None
    member = staff.one(conn, session.staff_id) if session else None
    if session is None or member is None or not member.active:
        return None
    sessions.touch(conn, session, moment)
    return session, member


def _sign_in(request: Request) -> Response:
    if request.headers.get("hx-request") == "true":  # a part must not swallow the sign-in page
        return Response(status_code=401, headers={"HX-Redirect": "/console/sign-in"})
    if request.method == "GET" and request.url.path.startswith("/console/cases/"):
        return RedirectResponse(f"/console/sign-in?then={quote(request.url.path)}", 303)
    return RedirectResponse("/console/sign-in", 303)
