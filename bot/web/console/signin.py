"""The way in: e-mail and password, then the second factor; and the way out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from starlette.responses import Response

from bot import audit, sessions, signin, staff
from bot.signin import Attempt, Failure
from bot.web.console.apart import apart
from bot.web.console.door import Knock, keep
from bot.web.console.guard import COOKIE

SIGN_IN, SECOND, ENROL = "/console/sign-in", "/console/second", "/console/enrol"


async def ask(knock: Knock) -> Response:
    """The first form; who is in already goes on."""
    return knock.enter() if knock.passed else knock.page("signin.html", problem="", email="")


async def sign_in(knock: Knock) -> Response:
    """Opens a session for the right password. What was wrong is not said."""
    email, password = knock.form.get("email", "")[:254], knock.form.get("password", "")
    stored = await knock.run(signin.stored, email)
    attempt = await apart(signin.compare, email, password, stored)
    begun = await knock.run(_begin, knock, attempt)
    if isinstance(begun, Failure):
        problem = {
            Failure.WRONG: knock._("The e-mail address or the password is not right."),
            Failure.LOCKED: _locked(knock),
        }[begun]
        return knock.page("signin.html", 403, problem=problem, email=email)
    token, enrolled = begun
    onward = knock.on(SECOND if enrolled else ENROL) if knock.desk.second_factor else knock.enter()
    return keep(onward, knock.desk, token)


def _begin(
    conn: sa.Connection, knock: Knock, attempt: Attempt
) -> tuple[str, bool] | Failure:
    """The new session's token, and whether its owner has a second factor."""
    found = signin.settle(conn, attempt, knock.now)
    if isinstance(found, Failure):
        audit.note(conn, knock.now, staff_id=None, action="sign_in_failed", kind="session",
                   why=found.value)  # fmt: skip
        return found
    sessions.end(conn, knock.token)  # somebody else's, or their own from before
    enough = not knock.desk.second_factor
    if enough:
        audit.note(conn, knock.now, staff_id=found, action="signed_in", kind="session")
        staff.arrives(conn, found, knock.now)
    token = sessions.begin(conn, found, knock.now, second=enough)
    return token, signin.enrolled(conn, found)


async def ask_second(knock: Knock) -> Response:
    """The form for a code; who has no second factor yet sets it up first."""
    return await _elsewhere(knock, enrolled=True) or knock.page("second.html", problem="")


async def second(knock: Knock) -> Response:
    """A code of the phone or of the sheet opens the console, with a new cookie."""
    if other := await _elsewhere(knock, enrolled=True):
        return other
    try:
        token, locked = await knock.run(_second, knock, knock.member.id)
    except ValueError:  # SECRET_KEY has changed
        problem = knock._("Your second step cannot be read any more. Ask an administrator to "
                          "remove it, then set it up again.")  # fmt: skip
        return knock.page("second.html", 403, problem=problem)
    if token is None:
        problem = _locked(knock) if locked else knock._("This code is not right.")
        return knock.page("second.html", 403, problem=problem)
    return keep(knock.enter(), knock.desk, token)


def _second(conn: sa.Connection, knock: Knock, id: int) -> tuple[str | None, bool]:
    """The renewed token or None, and whether the account is locked (now)."""
    vault, code = knock.desk.vault, knock.form.get("code", "")
    if signin.second(conn, vault, id, code, knock.now):
        audit.note(conn, knock.now, staff_id=id, action="signed_in", kind="session")
        staff.arrives(conn, id, knock.now)
        return sessions.renew(conn, knock.token, knock.now, second=True), False
    audit.note(conn, knock.now, staff_id=id, action="code_failed", kind="session")
    return None, signin.standings(conn, knock.now)[id].locked_until is not None


async def ask_enrol(knock: Knock) -> Response:
    """The picture for the authenticator app."""
    if other := await _elsewhere(knock, enrolled=False):
        return other
    begun = signin.begin_totp(knock.desk.vault, name=knock.member.email)
    return knock.page("enrol.html", begun=begun, picture=signin.qr(begun.uri), problem="")


async def enrol(knock: Knock) -> Response:
    """The first code proves that the app has the secret; then the recovery codes, this once."""
    if other := await _elsewhere(knock, enrolled=False):
        return other
    vault, member, sealed = knock.desk.vault, knock.member, knock.form.get("secret", "")
    try:
        begun = signin.begun_totp(vault, sealed, name=member.email)
    except ValueError:
        return await ask_enrol(knock)
    made = await knock.run(_enrol, knock, member.id, sealed)
    if made is None:
        problem = knock._("This code is not right. Type the one that the app shows now.")
        picture = signin.qr(begun.uri)
        return knock.page("enrol.html", 403, begun=begun, picture=picture, problem=problem)
    token, codes = made
    onward = knock.then or "/console/account"  # a start password is changed there
    return keep(knock.page("recovery.html", codes=codes, onward=onward), knock.desk, token)


def _enrol(
    conn: sa.Connection, knock: Knock, id: int, sealed: str
) -> tuple[str, list[str]] | None:
    """The renewed token and the sheet; None when the code is wrong."""
    code, vault = knock.form.get("code", ""), knock.desk.vault
    codes = signin.enrol(conn, vault, id, sealed, code, knock.now)
    token = codes and sessions.renew(conn, knock.token, knock.now, second=True)
    if not codes or not token:
        return None
    for action, kind in (("enrolled", "staff"), ("signed_in", "session")):
        audit.note(conn, knock.now, staff_id=id, action=action, kind=kind)
    staff.arrives(conn, id, knock.now)
    return token, codes


async def sign_out(knock: Knock) -> Response:
    """Ends the session here, also one that is not all the way in."""
    await knock.run(_end, knock.token, knock.member.id, knock.now)
    response = knock.on(SIGN_IN)
    response.delete_cookie(
        COOKIE, path="/console", httponly=True, samesite="lax", secure=knock.desk.secure
    )
    return response


def _end(conn: sa.Connection, token: str, id: int, now: datetime) -> None:
    sessions.end(conn, token)
    audit.note(conn, now, staff_id=id, action="signed_out", kind="session")


async def _elsewhere(knock: Knock, *, enrolled: bool) -> Response | None:
    """Where they belong, when this form is not for them (any more)."""
    if knock.passed:
        return knock.enter()
    if await knock.run(signin.enrolled, knock.member.id) is enrolled:
        return None
    return knock.on(ENROL if enrolled else SECOND)


def _locked(knock: Knock) -> str:
    return knock._("This account is locked after too many wrong tries. Wait, or ask an "
                   "administrator to unlock it.")  # fmt: skip
