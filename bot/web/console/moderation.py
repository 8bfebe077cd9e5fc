"""The moderators' queue: reported posts, posts that wait, appeals; each with one-key decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from bot import staff
from bot.handoff import Refused
from bot.peers import appeals, decisions, media, members, moderation, posts, queue, roll
from bot.peers.decisions import By
from bot.peers.media import File
from bot.peers.posts import State
from bot.peers.queue import Item, Waiting
from bot.web.console import sanction
from bot.web.console.guard import Visit
from bot.web.media import response

HERE = "/console/moderation"
SHELVES = ("all", "reported", "held", "appeals")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the page shows. `names`: of staff who decided what is appealed, by id; `relays`: the
    same for members."""

    waiting: Waiting
    reported: list[Item]
    held: list[Item]
    appeals: list[sa.Row[Any]]
    names: dict[int, str]
    relays: dict[int, str]


async def show(visit: Visit) -> Response:
    """The whole page, or only the queue when htmx asks for it."""
    return await _page(visit)


async def post(visit: Visit) -> Response:
    """Decides about a post, or about its author because of it."""
    return await _do(visit, _about_post)


async def file(visit: Visit) -> Response:
    """The cleaned photo or voice note of a post, for whoever has to decide about it."""
    id = visit.number("id")

    def body(conn: sa.Connection) -> File | None:
        row = posts.one(conn, id)
        return media.one(conn, row.media_key) if row is not None and row.media_key else None

    found = await visit.read(body)
    return response(found) if found else visit.page(
        "problem.html", 404, sentence=visit._("There is no such file."), back=HERE
    )


async def appeal(visit: Visit) -> Response:
    """Lifts what was decided, or lets it stand."""
    return await _do(visit, _about_appeal)


async def _do(visit: Visit, body: Callable[[sa.Connection, Visit], str]) -> Response:
    try:
        said = await visit.run(body, visit)
    except Refused as refused:
        sentence = visit._(str(refused))
        if visit.part:
            return await _page(visit, problem=sentence)
        return visit.page("problem.html", 409, sentence=sentence, back=HERE)
    if visit.part:  # the page stays as it is; only the queue is new
        return await _page(visit, done=said)
    return visit.go(HERE, said)


async def _page(visit: Visit, *, problem: str = "", done: str = "") -> Response:
    given = visit.form or visit.request.query_params
    shelf = given.get("shelf", "")
    shelf = shelf if shelf in SHELVES else "all"
    text = given.get("group", "")
    group = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    desk = await visit.read(_read, visit, shelf, group)
    return visit.page(
        "moderation_queue.html" if visit.part else "moderation.html", desk=desk, shelf=shelf,
        group=group, shelves=SHELVES, problem=problem, done=done, library=visit.desk.library,
        reasons=sanction.REASONS, longest=sanction.LONGEST,
        silence=timedelta(days=sanction.SILENCE), ban=timedelta(days=sanction.BAN),
    )  # fmt: skip


def _read(conn: sa.Connection, visit: Visit, shelf: str, group: int | None) -> Desk:
    asking = (list(queue.asking(conn, visit.staff.id, group))
              if shelf in ("all", "appeals") else [])  # fmt: skip
    return Desk(
        waiting=queue.waiting(conn, visit.staff.id),
        reported=queue.reported(conn, group) if shelf in ("all", "reported") else [],
        held=queue.held(conn, group) if shelf in ("all", "held") else [],
        appeals=asking, names={m.id: m.name for m in staff.everyone(conn)} if asking else {},
        relays=roll.names(conn, (row.relay_id for row in asking)),
    )  # fmt: skip


def _about_post(conn: sa.Connection, visit: Visit) -> str:
    id, do = visit.number("id"), visit.form.get("do", "")
    row = posts.one(conn, id, lock=True)
    if row is None:
        raise Refused("There is no such post.")
    if do in sanction.ACTS:
        if row.member_id is None:
            raise Refused("This is an announcement of ours.")
        return sanction.put(conn, visit, row.member_id, post_id=id)
    by, now = By(visit.staff.id), visit.now
    if do == "approve" and posts.unchecked(row):
        raise Refused("The file has not been checked yet.")
    match do, row.state:
        case "approve" | "keep", (State.HELD | State.HIDDEN):
            _may_go_out(conn, row, visit)
            done = moderation.approve(conn, id, by, now)
        case "keep", State.OUT:
            done = moderation.dismiss(conn, id, by, now)
        case "hide", (State.OUT | State.HIDDEN):
            done = moderation.take_out(conn, id, by, sanction.reason(visit), now)
        case "decline", State.HELD:
            done = moderation.decline(conn, id, by, sanction.reason(visit), now)
        case ("approve" | "keep" | "hide" | "decline"), _:
            raise sanction.faster()
        case _:
            raise Refused("There is no such button.")
    if not done:
        raise sanction.faster()
    visit.note(conn, "moderated", "post", id, act=do, group=row.group_id)
    return {"approve": "sent_on", "keep": "kept", "hide": "taken_out", "decline": "held_in"}[do]


def _may_go_out(conn: sa.Connection, row: sa.Row[Any], visit: Visit) -> None:
    author = members.one(conn, row.member_id) if row.member_id else None
    if author is not None and not moderation.may_write(author, visit.now):
        raise Refused("The author is out of the group or silent: nothing of theirs goes out now.")


def _about_appeal(conn: sa.Connection, visit: Visit) -> str:
    id, do = visit.number("id"), visit.form.get("do", "")
    if do not in ("lift", "stays"):
        raise Refused("There is no such button.")
    found = appeals.one(conn, id)
    decided = decisions.one(conn, found.decision_id) if found else None
    if found is None or decided is None:
        raise Refused("There is no such appeal.")
    if decided.staff_id == visit.staff.id:
        raise Refused("You made this decision: a colleague looks at the appeal.")
    if found.done_at is not None:
        raise sanction.faster()
    words = visit.form.get("words", "").strip()[: sanction.LONGEST]
    by = By(visit.staff.id)
    if not appeals.settle(conn, id, by, visit.now, lift=do == "lift", words=words):
        raise Refused("This cannot be lifted any more: it is over, or the author is out.")
    visit.note(conn, "moderated", "appeal", id, act=do, group=decided.group_id)
    return "appeal_lifted" if do == "lift" else "appeal_kept"
