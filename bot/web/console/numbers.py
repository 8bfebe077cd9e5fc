"""The numbers of a period: tables, and charts that are drawn here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from babel.dates import format_date
from starlette.responses import Response

from bot import figures, period, questions, smallcells
from bot.figures import BREAKDOWNS, Case, Group, Times
from bot.period import PERIODS, Period, Slot
from bot.questions import Asked, Topic
from bot.roles import Action
from bot.smallcells import FEW, SMALL
from bot.web.console import charts
from bot.web.console.charts import Chart, Piece
from bot.web.console.guard import Visit

USUAL = 30  # days
PRIORITIES = (0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What the transaction read."""

    cases: list[Case]
    more: bool  # there were more cases than one reading takes
    asked: list[Asked]
    topics: list[Topic]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the page shows. `opened`: by slot, the counts of PRIORITIES."""

    total: Group
    tables: dict[str, list[Group]]
    opened: list[list[str]]
    weekly: list[Times]
    answered: float | None  # share of all questions


async def numbers(visit: Visit) -> Response:
    """The whole page."""
    span, exact = chosen(visit), may_see_few(visit)
    found = await visit.read(read, span, visit.now, exact=exact)
    # Thousands of cases are counted beside the event loop, which has messages to take in.
    sheet = await asyncio.to_thread(count, found, span, exact=exact)
    locale = visit.staff.locale
    return visit.page(
        "numbers.html", span=span, periods=PERIODS, sheet=sheet, found=found, exact=exact,
        most=figures.MOST, few=SMALL, library=visit.desk.library,
        days=[_day(slot, locale) for slot in span.slots],
        weeks=[_day(slot, locale) for slot in span.weeks], opened=_opened(sheet),
        weekly=charts.spans([_span(times) for times in sheet.weekly]), asked=_asked(found.asked),
        titles=titles(visit),
    )  # fmt: skip


def chosen(visit: Visit) -> Period:
    """The period of the request."""
    text = visit.request.query_params.get("days", "")
    days = int(text) if text in map(str, PERIODS) else USUAL
    return period.last(days, visit.now, visit.desk.library.country.timezone)


def may_see_few(visit: Visit) -> bool:
    """Whether small numbers may be shown: to those who may read every case they stand for."""
    return visit.may(Action.READ_PROTECTED)


def read(conn: sa.Connection, span: Period, now: datetime, *, exact: bool) -> Read:
    """Reads the period."""
    cases, more = figures.opened(conn, span.since, now)
    return Read(
        cases=cases, more=more, asked=questions.asked(conn, span.slots),
        topics=questions.rated(conn, span.since, exact=exact),
    )  # fmt: skip


def count(found: Read, span: Period, *, exact: bool) -> Sheet:
    """Counts what was read."""
    slots = figures.by_slot(found.cases, span.slots)
    by_priority = [
        smallcells.texts([sum(case.priority == p for case in slot) for slot in slots], exact=exact)
        for p in PRIORITIES
    ]
    answered = sum(asked.answered for asked in found.asked)
    missed = sum(asked.missed for asked in found.asked)
    return Sheet(
        total=figures.total(found.cases, exact=exact),
        tables={
            by: figures.broken_down(found.cases, by, exact=exact) for by in BREAKDOWNS
        },
        opened=[list(texts) for texts in zip(*by_priority, strict=True)],
        weekly=figures.weekly(found.cases, span.weeks, exact=exact),
        answered=answered / (answered + missed) if answered + missed else None,
    )  # fmt: skip


def titles(visit: Visit) -> dict[str, str]:
    """The name of each topic, as its article says it."""
    articles = visit.desk.library.articles
    found = {}
    for topic in visit.desk.library.taxonomy.topics:
        article = articles.get((topic, visit.staff.locale)) or articles.get((topic, "en"))
        found[topic] = article.title if article else topic
    return found


def _opened(sheet: Sheet) -> Chart:
    """What is hidden is drawn as high as it could be, and marked."""
    return charts.stacked([
        [
            Piece(int(text), f"k{p}") if text.isdecimal()
            else Piece(SMALL - 1 if text == FEW else SMALL, f"k{p} vague")
            for p, text in zip(PRIORITIES, texts, strict=True)
        ]
        for texts in sheet.opened
    ])  # fmt: skip


def _asked(slots: Sequence[Asked]) -> Chart:
    return charts.stacked([[Piece(a.answered, "yes"), Piece(a.missed, "no")] for a in slots])


def _span(times: Times) -> tuple[float, float] | None:
    if times.median is None or times.ninth is None:
        return None
    return times.median, times.ninth


def _day(slot: Slot, locale: str) -> str:
    return format_date(slot.first, "d MMM", locale=locale)
