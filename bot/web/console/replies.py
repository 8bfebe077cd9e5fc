"""The replies that counsellors find prepared: add, change, remove."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.responses import Response

from bot import canned
from bot.canned import Unfit
from bot.web.console.guard import Visit

HERE = "/console/replies"
FIELD = "text-"  # and the code of the language


async def replies(visit: Visit) -> Response:
    """All of them, each with its form, and an empty one."""
    return await _page(visit)


async def change(visit: Visit) -> Response:
    """What the pressed button says; what was typed stays in the form when it cannot be stored."""
    id = _id(visit.form.get("id", ""))

    def save(conn: sa.Connection) -> None:
        texts = {code: visit.form.get(FIELD + code, "") for code in _languages(visit)}
        name = visit.form.get("name", "")
        kept = canned.put(conn, name, texts, visit.staff.id, visit.now, id=id)
        action = "reply_added" if id is None else "reply_changed"
        visit.note(conn, action, "canned", kept, languages=[c for c in texts if texts[c].strip()])

    def remove(conn: sa.Connection) -> None:
        if id is not None and canned.remove(conn, id):
            visit.note(conn, "reply_removed", "canned", id)

    if visit.form.get("do") == "remove":
        await visit.run(remove)
        return visit.go(HERE, "reply_removed")
    try:
        await visit.run(save)
    except Unfit as unfit:
        return await _page(visit, unfit, id)
    except sa.exc.IntegrityError:  # somebody else stored the same name in this very moment
        taken = Unfit("There is already a reply with this name.", "name")
        return await _page(visit, taken, id)
    return visit.go(HERE, "saved")


async def _page(visit: Visit, problem: Unfit | None = None, id: int | None = None) -> Response:
    found = await visit.read(canned.everything)
    if problem is not None and id not in [row.id for row in found]:
        id = None  # it was removed meanwhile: what was typed goes into the empty form
    return visit.page(
        "replies.html", 200 if problem is None else 400, replies=found, typed=visit.form,
        problem=problem, sentence=visit._(str(problem)) if problem else "", wrong=id,
        languages=_languages(visit), prefix=FIELD, longest=canned.LONGEST, name_longest=canned.NAME,
    )  # fmt: skip


def _languages(visit: Visit) -> tuple[str, ...]:
    return visit.desk.library.country.languages


def _id(text: str) -> int | None:
    """The id in the form; empty for a new reply. What is no number is no reply of ours."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
