"""Messages that were read wrongly: an editor says what they mean; the next training takes it."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.responses import Response

from bot import learning
from bot.learning import IGNORE, Counts, Learning
from bot.web.console.guard import Visit
from bot.web.console.numbers import titles
from nlu import learned

HERE = "/console/learning"
PAGE = 50
LANGUAGE, BEFORE = "language", "before"


async def index(visit: Visit) -> Response:
    """What waits, the newest first, of one language or all."""
    return await _page(visit)


async def label(visit: Visit) -> Response:
    """What the pressed button says: the label that was chosen, the guess, or nothing at all."""
    id, known = visit.number("id"), _known(visit)
    do = visit.form.get("do", "")

    def body(conn: sa.Connection) -> str:
        found = learning.one(conn, id)
        if found is None:
            return "faster"
        chosen = {"right": found.guess, "ignore": IGNORE}.get(do, visit.form.get("label", ""))
        if chosen not in known and do != "ignore":
            return "no_label"
        learning.label(conn, id, chosen, visit.staff.id, visit.now)
        visit.note(conn, "learning_labelled", "learning", id, label=chosen)
        return "ignored" if chosen == IGNORE else "learnt"

    done = await visit.run(body)
    if visit.part:
        return await _page(visit, done)
    language = _language(visit)
    path = f"{HERE}?language={language}&said={done}" if language else f"{HERE}?said={done}"
    return visit.away(path)


async def export(visit: Visit) -> Response:
    """What was labelled so far, as Rasa's YAML."""

    def body(conn: sa.Connection) -> list[learned.Labelled]:
        visit.note(conn, "exported", "learning", None)
        return [learned.Labelled(*row) for row in learning.phrases(conn)]

    phrases = await visit.run(body)
    day = visit.now.astimezone(visit.desk.library.country.timezone).date()
    return Response(
        learned.document(phrases), media_type="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="sankofa-learned-{day}.yml"'},
    )  # fmt: skip


async def _page(visit: Visit, done: str = "") -> Response:
    language = _language(visit)
    text = visit.request.query_params.get(BEFORE, "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None

    def body(conn: sa.Connection) -> tuple[list[Learning], Counts]:
        found = learning.waiting(conn, language=language, before=before, limit=PAGE + 1)
        return found, learning.counts(conn)

    found, counts = await visit.read(body)
    return visit.page(
        "learning_list.html" if visit.part else "learning.html", items=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None, counts=counts, done=done,
        language=language, languages=visit.desk.library.country.languages,
        labels=learning.labels(visit.desk.library.taxonomy), known=_known(visit),
        titles=titles(visit), days=learning.UNLABELLED.days,
    )  # fmt: skip


def _language(visit: Visit) -> str:
    chosen = visit.form.get(LANGUAGE) or visit.request.query_params.get(LANGUAGE, "")
    return chosen if chosen in visit.desk.library.country.languages else ""


def _known(visit: Visit) -> frozenset[str]:
    kinds = learning.labels(visit.desk.library.taxonomy).values()
    return frozenset(name for names in kinds for name in names)
