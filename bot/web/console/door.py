"""The doors: addresses that answer before somebody is all the way in; then a `Knock`."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.roles import Action, may
from bot.sessions import Session
from bot.staff import Staff
from bot.web.body import Refused, as_form, read
from bot.web.console.desk import Desk
from bot.web.console.guard import COOKIE, HEADERS, same_site, sign_in_first, who
from bot.web.console.render import LOCALES, environment, speech

P = ParamSpec("P")
T = TypeVar("T")
NONCE = "sankofa-form"  # the cookie that the sign-in form belongs to
_OURS = re.compile(r"/console(?:/[A-Za-z0-9_-]+)+")


@dataclass
class Knock:
    """One request at a door. `csrf`: what its forms carry; `staff` gave the password already."""

    desk: Desk
    request: Request
    now: datetime
    csrf: str
    session: Session | None
    staff: Staff | None
    form: dict[str, str] = field(default_factory=dict)

    async def run(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A transaction."""
        return await self.desk.database.run(body, *args, **kwargs)

    @property
    def token(self) -> str:
        """The session's cookie."""
        return self.request.cookies.get(COOKIE, "")

    @property
    def locale(self) -> str:
        """The language of the member of staff, or the one that the browser asks for."""
        if self.staff is not None:
            return self.staff.locale
        asked = self.request.headers.get("accept-language", "").lower()
        tags = [part.partition(";")[0].strip()[:2] for part in asked.split(",")]
        return next((tag for tag in tags if tag in LOCALES), LOCALES[0])

    @property
    def then(self) -> str:
        """The page of the console that they wanted; empty when it is none of ours."""
        given = self.form.get("then") or self.request.query_params.get("then", "")
        return given if len(given) < 200 and _OURS.fullmatch(given) else ""

    def _(self, message: str) -> str:
        """The message in their language."""
        return speech(self.locale).gettext(message)

    def page(self, template: str, status: int = 200, **more: Any) -> Response:
        """The page in the frame of those who are not in yet."""
        made = environment(self.locale).get_template(template)
        return HTMLResponse(made.render(csrf=self.csrf, then=self.then, **more), status)

    def on(self, path: str) -> Response:
        """To the next door; the page they wanted is not forgotten."""
        return RedirectResponse(f"{path}?then={quote(self.then)}" if self.then else path, 303)

    def enter(self, member: Staff) -> Response:
        """In."""
        return RedirectResponse(self.then or home(member), 303)


Endpoint = Callable[[Knock], Awaitable[Response]]


@dataclass(frozen=True)
class Door:
    """One address of the way in. `known`: only for those who gave their password already."""

    method: str
    path: str
    known: bool
    endpoint: Endpoint

    def route(self, desk: Desk) -> Route:
        async def opened(request: Request) -> Response:
            nonce = request.cookies.get(NONCE) or secrets.token_urlsafe()
            response = await _opened(self, desk, request, nonce)
            if not self.known and NONCE not in request.cookies:
                keep(response, desk, nonce, name=NONCE)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return Route(self.path, opened, methods=[self.method])


async def _opened(door: Door, desk: Desk, request: Request, nonce: str) -> Response:
    moment = desk.now()
    found = await desk.database.run(who, request.cookies.get(COOKIE, ""), moment)
    if door.known and found is None:
        return sign_in_first(request)
    session, member = found or (None, None)
    known = session is not None and door.known
    csrf = session.csrf if session and known else desk.vault.fingerprint("sign-in form", nonce)
    knock = Knock(desk, request, moment, csrf, session, member)
    if request.method == "POST":
        try:
            knock.form = dict(as_form(await read(request, "application/x-www-form-urlencoded")))
        except Refused as refused:
            return knock.page("stale.html", refused.status, path=door.path)
        given = knock.form.get("csrf", "")
        if not same_site(request) or not hmac.compare_digest(given.encode(), csrf.encode()):
            return knock.page("stale.html", 403, path=door.path)
    return await door.endpoint(knock)


def keep(response: Response, desk: Desk, token: str, *, name: str = COOKIE) -> Response:
    """Gives the browser a cookie for as long as it stays open."""
    response.set_cookie(
        name, token, path="/console", httponly=True, samesite="lax", secure=desk.secure
    )
    return response


def home(member: Staff) -> str:
    """Where the console begins for this role."""
    if may(member.role, Action.READ_CASES):
        return "/console/inbox"
    return "/console/staff" if may(member.role, Action.MANAGE_STAFF) else "/console/account"
