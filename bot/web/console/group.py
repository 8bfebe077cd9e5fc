"""One group: its settings, its members by name, its relays, its invitations and its log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import staff
from bot.dialogue.peers.world import Group
from bot.handoff import Refused
from bot.peers import decisions, groups, invitations, opening, overview, posts, queue, roll
from bot.peers.decisions import Act, By
from bot.peers.posts import NewPost, State
from bot.roles import may_resolve
from bot.screening.rules import MAY_CHANGE, Finding
from bot.web.console import group_rules, sanction
from bot.web.console.groups import HERE
from bot.web.console.guard import Visit

LOG = 30  # lines of the log a page
TWICE = timedelta(minutes=10)  # the same announcement again is a slip of the finger
TERM = 90  # days that a relay is offered
Deed = Callable[[sa.Connection, Visit, Group], str]
Row = sa.Row[Any]


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Everything the page shows. `names` of staff and `called` of members, by id; `numbers`: of
    posts in the log; `more`: there are more members on the next page."""

    members: list[Row]
    more: bool
    relays: list[tuple[Row, int]]
    seen: dict[int, int]  # by member: the last decision about them
    codes: Sequence[Row]
    posts: Sequence[Row]
    log: Sequence[Row]
    older: int | None
    names: dict[int, str]
    called: dict[int, str]
    numbers: dict[int, int]


async def show(visit: Visit) -> Response:
    """The page. `find` and `page` choose among the members, `before` turns the log's page."""
    return await _page(visit)


async def _page(visit: Visit, problem: str = "") -> Response:
    query = visit.request.query_params
    find = query.get("find", "").replace("\0", "").strip()[:32]
    page = int(query["page"][:4]) if _is_number(query.get("page", "")) else 0
    before = int(query["before"]) if _is_number(query.get("before", "")) else None
    group = await visit.read(groups.one, visit.number("id"))
    if group is None:
        return missing(visit)
    folder = await visit.read(_open, visit, group, find, page, before)
    library = visit.desk.library
    return visit.page(
        "group.html", 409 if problem else 200, group=group, folder=folder, problem=problem,
        typed=visit.form if problem else {}, find=find, number=page, before=before,
        library=library, rules=group.rules, kinds=MAY_CHANGE, verdicts=group_rules.verdicts,
        Finding=Finding, limits=group_rules.NUMBERS, languages=("", *library.country.languages),
        resolves=may_resolve(visit.staff.role, visit.staff.skills), days=sanction.DAYS,
        reasons=sanction.REASONS, longest=sanction.LONGEST,
        term=(visit.now + timedelta(days=TERM)).astimezone(library.country.timezone).date(),
    )  # fmt: skip


def _open(
    conn: sa.Connection, visit: Visit, group: Group, find: str, page: int, before: int | None
) -> Folder:
    members = roll.roll(conn, group.id, find=find, page=page)
    log = decisions.of_group(conn, group.id, LOG + 1, before=before)
    codes = invitations.of_group(conn, group.id, visit.now)
    ids = [id for row in log for id in (row.member_id, row.relay_id)]
    return Folder(
        members=members[: roll.PAGE], more=len(members) > roll.PAGE,
        seen=queue.last_sanctions(conn, (row.id for row in members)),
        relays=roll.relays(conn, group.id, visit.now), codes=codes,
        posts=overview.latest(conn, group.id), log=log[:LOG],
        older=log[LOG - 1].id if len(log) > LOG else None,
        names={m.id: m.name for m in staff.everyone(conn)},
        called=roll.names(conn, [*ids, *(code.member_id for code in codes)]),
        numbers=overview.numbers(conn, (row.post_id for row in log)),
    )  # fmt: skip


def missing(visit: Visit) -> Response:
    """There is no such group."""
    return visit.page("refused.html", 404, why="group")


async def hold(visit: Visit) -> Response:
    """The emergency switch: every post waits for a moderator, or not any more."""

    def body(conn: sa.Connection, visit: Visit, group: Group) -> str:
        on = visit.form.get("hold") == "1"
        _set(conn, visit, group, replace(group.rules, hold_all=on),
             "hold_all" if on else "hold_none")  # fmt: skip
        return "holding" if on else "not_holding"

    return await _do(visit, body)


async def settings(visit: Visit) -> Response:
    """Everything else that the group may set for itself."""

    def body(conn: sa.Connection, visit: Visit, group: Group) -> str:
        languages = ("", *visit.desk.library.country.languages)
        after = group_rules.typed(visit.form, languages, group.rules)
        if names := group_rules.changed(group.rules, after):
            _set(conn, visit, group, after, ",".join(names))
        return "saved"

    return await _do(visit, body)


async def shut(visit: Visit) -> Response:
    """Closes the group, which its members are told, or opens it again."""

    def body(conn: sa.Connection, visit: Visit, group: Group) -> str:
        is_open = visit.form.get("open") == "1"
        if opening.set_open(conn, group.id, is_open=is_open, by=By(visit.staff.id), now=visit.now):
            visit.note(conn, "group_changed", "group", group.id, open=int(is_open))
        return "reopened_group" if is_open else "closed_group"

    return await _do(visit, body)


async def announce(visit: Visit) -> Response:
    """Says something to the whole group as the service, marked so."""

    def body(conn: sa.Connection, visit: Visit, group: Group) -> str:
        text = visit.form.get("text", "").strip()
        if not text:
            raise Refused("Write something first.")
        if len(text) > group.rules.longest:
            raise Refused("This is too long for one post of this group.")
        if not group.open:
            raise Refused("The group is closed.")
        if overview.said_lately(conn, group.id, text, visit.now - TWICE):
            return "broadcast"  # the button was pressed twice
        new = NewPost(group_id=group.id, member_id=None, event_id=None, state=State.OUT, text=text)
        post = posts.put(conn, new, visit.now)
        decisions.note(conn, Act.BROADCAST, group.id, By(visit.staff.id), visit.now,
                       post_id=post.id)  # fmt: skip
        visit.note(conn, "announced", "group", group.id, number=post.number)
        return "broadcast"

    return await _do(visit, body)


async def invite(visit: Visit) -> Response:
    """A new invitation code."""

    def body(conn: sa.Connection, visit: Visit, group: Group) -> str:
        if not group.open:
            raise Refused("The group is closed.")
        invitations.new(conn, group.id, visit.now, staff_id=visit.staff.id)
        decisions.note(conn, Act.INVITED, group.id, By(visit.staff.id), visit.now)
        visit.note(conn, "invited", "group", group.id)
        return "invited"

    return await _do(visit, body)


async def _do(visit: Visit, body: Deed) -> Response:
    """Runs `body` on the group of the path and returns to its page."""

    def act(conn: sa.Connection) -> str:
        # One at a time: the settings are read, changed and written as a whole.
        row = groups.lock(conn, visit.number("id"))
        return body(conn, visit, groups.as_group(row)) if row else ""

    try:
        said = await visit.run(act)
    except Refused as refused:
        return await _page(visit, visit._(str(refused)))
    if not said:
        return missing(visit)
    return visit.go(f"{HERE}/{visit.number('id')}", said)


def _set(conn: sa.Connection, visit: Visit, group: Group, rules: Any, what: str) -> None:
    groups.set_rules(conn, group.id, rules)
    decisions.note(conn, Act.SETTINGS, group.id, By(visit.staff.id), visit.now, reason=what)
    visit.note(conn, "group_changed", "group", group.id, fields=what.split(","))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
