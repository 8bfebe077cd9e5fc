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

from bot import audit, cases, sessions, signin, staff
from bot.roles import Action, may
from bot.sessions import Session
from bot.staff import Staff
from bot.wake import Work
from bot.web.body import Refused, as_form, read
from bot.web.console.desk import Desk
from bot.web.console.render import environment, speech

P = ParamSpec("P")
T = TypeVar("T")
NEWS = (Work.INBOX, Work.OUTBOX, Work.CONSOLE, Work.POSTS)
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
    """One request of somebody who may make it. `form` is empty for a GET; `alarm`: the cases that
    nobody has taken in time, for those who can put it right."""

    desk: Desk
    request: Request
    now: datetime
    staff: Staff
    session: Session
    form: dict[str, str] = field(default_factory=dict)
    alarm: list[int] = field(default_factory=list)

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

    async def read(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A look that writes nothing, beside whoever writes."""
        return await self.desk.database.read(body, *args, **kwargs)

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
    def token(self) -> str:
        """The session's cookie."""
        return self.request.cookies[COOKIE]

    @property
    def part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def number(self, name: str) -> int:
        """An id from the path."""
        return min(int(self.request.path_params[name]), 2**63 - 1)  # databases take no more

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
        return self.away(f"{path}?said={quote(said)}" if said else path)

    def away(self, url: str) -> Response:
        """To another address of ours, its query included."""
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
            return dressed(await _guarded(self, desk, request))

        return Route(self.path, guarded, methods=[self.method])


async def _guarded(page: Page, desk: Desk, request: Request) -> Response:
    token, moment = request.cookies.get(COOKIE, ""), desk.now()
    found = await desk.database.read(who, token, moment)
    if found is None:
        return to_door(request, "/console/sign-in")
    session, member = found
    if _acts(request) and sessions.stale(session, moment):
        await desk.database.run(sessions.touch, session, moment)
    if desk.second_factor and not session.second:
        enrolled = await desk.database.read(signin.enrolled, member.id)
        return to_door(request, "/console/second" if enrolled else "/console/enrol")
    visit = Visit(desk, request, moment, member, session)
    if visit.may(Action.TAKE_OVER):
        visit.alarm = [row.id for row in await desk.database.read(cases.ownerless, moment)]
    if not may(member.role, page.action):
        return visit.page("refused.html", 403, why="role")
    if request.method == "POST":
        try:
            visit.form = await our_form(request, session.csrf)
        except Refused as refused:
            why = "csrf" if refused.status == 403 else "form"
            return visit.page("refused.html", refused.status, why=why)
    return await page.endpoint(visit)


def dressed(response: Response) -> Response:
    """With the headers of every page of the console."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def our_form(request: Request, csrf: str) -> dict[str, str]:
    """The fields of a form that one of our own pages sent; raises Refused, 403 for a stranger's."""
    form = dict(as_form(await read(request, "application/x-www-form-urlencoded")))
    given = form.get("csrf") or request.headers.get("x-csrf", "")
    if not same_site(request) or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise Refused(403, "not a form of ours")
    return form


def same_site(request: Request) -> bool:
    """False when a browser says that another site made this request."""
    origin = request.headers.get("origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _acts(request: Request) -> bool:
    """Whether somebody does something, and not an open page asks by itself what is new. The page
    says so when keys or mouse were used lately."""
    return request.headers.get("hx-request") != "true" or "x-active" in request.headers


def who(
    conn: sa.Connection, token: str, moment: datetime
) -> tuple[Session, Staff] | None:
    """Whose cookie it is; None when nobody's or out of time. The second factor is not asked."""
    session = sessions.find(conn, token, moment) if token else None
    member = staff.one(conn, session.staff_id) if session else None
    if session is None or member is None or not member.active:
        return None
    return session, member


def to_door(request: Request, door: str) -> Response:
    """To the door that has to be passed first; who opened a case finds it behind the door."""
    if request.headers.get("hx-request") == "true":  # a part must not swallow the sign-in page
        return Response(status_code=401, headers={"HX-Redirect": door})
    if request.method == "GET" and request.url.path.startswith("/console/cases/"):
        return RedirectResponse(f"{door}?then={quote(request.url.path)}", 303)
    return RedirectResponse(door, 303)
