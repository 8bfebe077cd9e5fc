"""The accounts of staff: add, change, unlock, and close the door behind those who leave."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import sqlalchemy as sa
from starlette.responses import Response

from bot import cases, handoff, passwords, sessions, signin, staff
from bot.roles import COUNSELS, SKILLS, Role
from bot.staff import NewStaff, Staff, Taken, Unfit
from bot.web.console.apart import apart
from bot.web.console.guard import Visit

HERE = "/console/staff"
EMPTY = {"email": "", "name": "", "role": Role.COUNSELLOR.value, "gender": "", "capacity": "5",
         "language-en": "1"}  # fmt: skip
Deed = Callable[[sa.Connection, Visit, Staff], str]


async def index(visit: Visit) -> Response:
    """Everybody, also those who left."""
    team = await visit.run(staff.everyone)
    standings = await visit.run(signin.standings, visit.now)
    team.sort(key=lambda member: not member.active)
    return visit.page("colleagues.html", team=team, standings=standings)


async def blank(visit: Visit) -> Response:
    """The form for somebody new."""
    return await _form(visit, EMPTY)


async def add(visit: Visit) -> Response:
    """Adds somebody; their start password is shown this once."""
    try:
        new = _typed(visit)
    except Unfit as unfit:
        return await _form(visit, visit.form, status=400, problem=str(unfit))
    first = passwords.start()
    hashed = await apart(passwords.hashed, first, new.email)
    try:
        member = await visit.run(_add, visit, new, hashed)
    except Taken as taken:
        return await _form(visit, visit.form, status=409, problem=str(taken))
    return visit.page("colleague_password.html", member=member, first=first)


def _add(conn: sa.Connection, visit: Visit, new: NewStaff, hashed: str) -> Staff:
    id = staff.add(conn, new, visit.now)
    staff.change(conn, id, password=hashed)
    staff.mail(conn, visit.desk.vault, id)
    visit.note(conn, "staff_added", "staff", id, role=new.role.value)
    return _found(conn, id)


async def show(visit: Visit) -> Response:
    """One account."""
    member = await visit.run(staff.one, visit.number("id"))
    if member is None:
        return visit.page("refused.html", 404, why="staff")
    return await _form(visit, _values(member), member)


async def change(visit: Visit) -> Response:
    """What the pressed button says: `do` is one of DEEDS, `save` or `password`."""
    member = await visit.run(staff.one, visit.number("id"))
    if member is None:
        return visit.page("refused.html", 404, why="staff")
    wanted = visit.form.get("do", "save")
    deed = DEEDS.get(wanted)
    try:
        if wanted == "password":
            return await _start(visit, member)
        if deed is None:
            raise Unfit("There is no such button.")
        said = await visit.run(deed, visit, member)
    except Unfit as unfit:
        values = visit.form if wanted == "save" else _values(member)
        return await _form(visit, values, member, status=409, problem=str(unfit))
    return visit.go(f"{HERE}/{member.id}", said)


async def _start(visit: Visit, member: Staff) -> Response:
    """A new start password, shown this once, for who has forgotten theirs."""
    if member.id == visit.staff.id:
        raise Unfit("Change your own password on your account page.")
    first = passwords.start()
    hashed = await apart(passwords.hashed, first, member.email)

    def body(conn: sa.Connection) -> None:
        staff.change(conn, member.id, password=hashed)
        signin.unlock(conn, member.id)
        sessions.end_all(conn, member.id)
        visit.note(conn, "start_password_made", "staff", member.id)

    await visit.run(body)
    return visit.page("colleague_password.html", member=member, first=first)


def _save(conn: sa.Connection, visit: Visit, member: Staff) -> str:
    new = _typed(visit)
    if member.id == visit.staff.id and new.role is not member.role:
        raise Unfit("You cannot change your own role. Ask another administrator.")
    staff.alter(conn, member.id, new)
    after = _found(conn, member.id)
    changed = [name for name, value in vars(after).items() if value != getattr(member, name)]
    visit.note(conn, "staff_changed", "staff", member.id, role=new.role.value, fields=changed)
    if new.role not in COUNSELS:
        _clear_desk(conn, visit, member)
    return "saved"


def _leave(conn: sa.Connection, visit: Visit, member: Staff) -> str:
    if member.id == visit.staff.id:
        raise Unfit("You cannot close your own account. Ask another administrator.")
    staff.change(conn, member.id, active=False)
    sessions.end_all(conn, member.id)
    _clear_desk(conn, visit, member)
    visit.note(conn, "staff_deactivated", "staff", member.id)
    return "deactivated"


def _return(conn: sa.Connection, visit: Visit, member: Staff) -> str:
    staff.change(conn, member.id, active=True)
    visit.note(conn, "staff_activated", "staff", member.id)
    return "activated"


def _unlock(conn: sa.Connection, visit: Visit, member: Staff) -> str:
    signin.unlock(conn, member.id)
    visit.note(conn, "unlocked", "staff", member.id)
    return "unlocked"


def _drop(conn: sa.Connection, visit: Visit, member: Staff) -> str:
    signin.drop_totp(conn, member.id)
    visit.note(conn, "second_dropped", "staff", member.id)
    return "second_dropped"


DEEDS: dict[str, Deed] = {
    "save": _save, "deactivate": _leave, "activate": _return, "unlock": _unlock, "drop": _drop,
}  # fmt: skip


def _clear_desk(conn: sa.Connection, visit: Visit, member: Staff) -> None:
    """Whoever they counselled is in the queue again at once, and is told."""
    c = cases.cases.c
    query = sa.select(c.id).where(cases.OPEN, c.owner_id == member.id).order_by(c.person_id)
    for id in conn.scalars(query).all():
        with contextlib.suppress(handoff.Refused):  # closed in this very moment
            country = visit.desk.library.country
            handoff.give_back(conn, id, visit.now, country, why="left")


async def _form(
    visit: Visit, values: dict[str, str], member: Staff | None = None, *, status: int = 200,
    problem: str = "",
) -> Response:  # fmt: skip
    """The form with these values; with `member` also the buttons for their account."""
    standings = await visit.run(signin.standings, visit.now)
    return visit.page(
        "colleague.html", status, values=values, member=member,
        problem=visit._(problem) if problem else "",
        standing=standings[member.id] if member else None, roles=list(Role), skills=SKILLS,
        languages=visit.desk.library.taxonomy.languages, most=staff.MOST,
    )  # fmt: skip


def _values(member: Staff) -> dict[str, str]:
    """The fields of the form as they would be typed for this account."""
    return {
        "email": member.email, "name": member.name, "role": member.role.value,
        "gender": member.gender or "", "capacity": str(member.capacity),
        **{f"language-{code}": "1" for code in member.languages},
        **{f"skill-{skill}": "1" for skill in member.skills},
    }  # fmt: skip


def _typed(visit: Visit) -> NewStaff:
    """The form of the request; raises Unfit."""
    form = visit.form
    return staff.fit(
        visit.desk.library.taxonomy.languages, email=form.get("email", ""),
        name=form.get("name", ""), role=form.get("role", ""), gender=form.get("gender", ""),
        capacity=form.get("capacity", ""), languages=_ticked(form, "language-"),
        skills=_ticked(form, "skill-"),
    )  # fmt: skip


def _ticked(form: dict[str, str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in form if name.startswith(prefix)]


def _found(conn: sa.Connection, id: int) -> Staff:
    member = staff.one(conn, id)
    if member is None:
        raise LookupError(f"there is no account {id}")
    return member
