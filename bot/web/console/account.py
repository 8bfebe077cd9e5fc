"""One's own account: presence, language, password, second factor, linked phones."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from bot import links, passwords, people, sessions, signin, staff
from bot.passwords import WeakPassword
from bot.roles import Action
from bot.signin import Attempt, Failure, Standing
from bot.staff import Presence
from bot.web.console.apart import apart
from bot.web.console.door import keep, ours
from bot.web.console.guard import Visit
from bot.web.console.render import LOCALES

HERE = "/console/account"


@dataclass(frozen=True)
class Mine:
    """What the page shows besides the account."""

    standing: Standing
    channels: list[str]  # of their own phones, each once


async def start(visit: Visit) -> Response:
    """Where the console begins for this role."""
    first = (
        "inbox" if visit.may(Action.READ_CASES)
        else "staff" if visit.may(Action.MANAGE_STAFF)
        else "moderation" if visit.may(Action.MODERATE) else "account"
    )  # fmt: skip
    return RedirectResponse(f"/console/{first}", 303)


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def presence(visit: Visit) -> Response:
    """Available, busy or away; from any page."""
    wanted = visit.form.get("presence", "")
    if wanted not in list(Presence):
        return await _page(visit, 400, visit._("Choose one of the three."))
    await visit.run(_set, visit, "presence", wanted)
    return visit.go(ours(visit.form.get("back", "")) or HERE, "saved")


async def language(visit: Visit) -> Response:
    """The language of the console."""
    wanted = visit.form.get("locale", "")
    if wanted not in LOCALES:
        return await _page(visit, 400, visit._("The console does not speak this language."))
    await visit.run(_set, visit, "locale", wanted)
    return visit.go(HERE, "saved")


async def password(visit: Visit) -> Response:
    """A new password for the old one; every other console of theirs is closed."""
    email, new = visit.staff.email, visit.form.get("new", "")
    if new != visit.form.get("again"):
        return await _page(visit, 400, visit._("The two new passwords are not the same."))
    try:
        hashed = await apart(passwords.hashed, new, email)
    except WeakPassword as weak:
        return await _page(visit, 400, visit._(str(weak)))
    stored = await visit.run(signin.stored, email)
    attempt = await apart(signin.compare, email, visit.form.get("old", ""), stored)
    token = await visit.run(_change, visit, attempt, hashed)
    if isinstance(token, Failure):
        problem = {
            Failure.WRONG: visit._("The old password is not right."), Failure.LOCKED: _locked(visit)
        }[token]
        return await _page(visit, 400, problem)
    return keep(visit.go(HERE, "password"), visit.desk, token)


async def codes(visit: Visit) -> Response:
    """A new sheet of recovery codes for a code of the phone (or of the old sheet), shown once."""
    made = await visit.run(_codes, visit)
    if made is None:
        standing = (await visit.run(signin.standings, visit.now))[visit.staff.id]
        problem = _locked(visit) if standing.locked_until else visit._("This code is not right.")
        return await _page(visit, 400, problem)
    return visit.page("account_codes.html", codes=made)


async def phone(visit: Visit) -> Response:
    """A code that is written from one's own phone, so that cases in danger can ring there."""
    return await _page(visit, claim=await visit.run(_claim, visit))


async def _page(visit: Visit, status: int = 200, problem: str = "", claim: str = "") -> Response:
    mine = await visit.run(_mine, visit)
    return visit.page(
        "account.html", status, mine=mine, problem=problem, claim=claim, presences=list(Presence),
        locales=LOCALES, needs_second=visit.desk.second_factor,
        minutes=int(links.LIVES.total_seconds() // 60),
    )  # fmt: skip


def _mine(conn: sa.Connection, visit: Visit) -> Mine:
    found = people.reachable(conn, [visit.staff.person_id]).get(visit.staff.person_id, [])
    channels = list(dict.fromkeys(channel for _, channel in found))
    return Mine(signin.standings(conn, visit.now)[visit.staff.id], channels)


def _set(conn: sa.Connection, visit: Visit, name: str, value: str) -> None:
    staff.change(conn, visit.staff.id, **{name: value})
    visit.note(conn, f"{name}_set", "staff", visit.staff.id, to=value)


def _change(conn: sa.Connection, visit: Visit, attempt: Attempt, hashed: str) -> str | Failure:
    """The renewed token of this console."""
    settled = signin.settle(conn, attempt, visit.now)
    if isinstance(settled, Failure):
        visit.note(conn, "password_refused", "staff", visit.staff.id, why=settled.value)
        return settled
    staff.change(conn, visit.staff.id, password=hashed)
    sessions.end_all(conn, visit.staff.id, but=visit.session)
    visit.note(conn, "password_changed", "staff", visit.staff.id)
    return sessions.renew(conn, visit.token, visit.now) or ""


def _codes(conn: sa.Connection, visit: Visit) -> list[str] | None:
    id, vault = visit.staff.id, visit.desk.vault
    if not signin.second(conn, vault, id, visit.form.get("code", ""), visit.now):
        visit.note(conn, "code_failed", "staff", id)
        return None
    visit.note(conn, "codes_renewed", "staff", id)
    return signin.new_codes(conn, vault, id)


def _claim(conn: sa.Connection, visit: Visit) -> str:
    me = visit.staff
    visit.note(conn, "link_offered", "staff", me.id)
    return links.new(conn, visit.desk.vault, me.person_id, visit.now, staff_id=me.id)


def _locked(visit: Visit) -> str:
    return visit._("This account is locked after too many wrong tries. Wait, or ask an "
                   "administrator to unlock it.")  # fmt: skip
