"""The doors: addresses that answer before somebody is all the way in; then a `Knock`."""

from __future__ import annotations

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

from bot.sessions import Session
from bot.staff import Staff
from bot.web.body import Refused
from bot.web.console.desk import Desk
from bot.web.console.guard import COOKIE, dressed, our_form, to_door, who
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
    def member(self) -> Staff:
        """Who gave their password; there is somebody behind every door that is `known`."""
        if self.staff is None:
            raise LookupError("nobody gave a password")
        return self.staff

    @property
    def passed(self) -> bool:
        """Whether they are all the way in."""
        return self.session is not None and (self.session.second or not self.desk.second_factor)

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
        return ours(self.form.get("then") or self.request.query_params.get("then", ""))

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

    def enter(self) -> Response:
        """In: to the page they wanted, or to where the console begins for them."""
        return RedirectResponse(self.then or "/console", 303)


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
            if not self.known and request.cookies.get(NONCE) != nonce:
                keep(response, desk, nonce, name=NONCE)
            return dressed(response)

        return Route(self.path, opened, methods=[self.method])


async def _opened(door: Door, desk: Desk, request: Request, nonce: str) -> Response:
    moment = desk.now()
    found = await desk.database.read(who, request.cookies.get(COOKIE, ""), moment)
    if door.known and found is None:
        return to_door(request, "/console/sign-in")
    session, member = found or (None, None)
    known = session is not None and door.known
    csrf = session.csrf if session and known else desk.vault.fingerprint("sign-in form", nonce)
    knock = Knock(desk, request, moment, csrf, session, member)
    if request.method == "POST":
        try:
            knock.form = await our_form(request, csrf)
        except Refused as refused:
            return knock.page("stale.html", refused.status, path=door.path)
    return await door.endpoint(knock)


def ours(path: str) -> str:
    """The path when it is one of the console's, else nothing: no form leads anywhere else."""
    return path if len(path) < 200 and _OURS.fullmatch(path) else ""


def keep(response: Response, desk: Desk, token: str, *, name: str = COOKIE) -> Response:
    """Gives the browser a cookie for as long as it stays open."""
    response.set_cookie(
        name, token, path="/console", httponly=True, samesite="lax", secure=desk.secure
    )
    return response
