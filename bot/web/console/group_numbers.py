"""The numbers of groups: posts, replies, answered questions, silent members and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from babel.dates import format_date
from starlette.responses import Response

from bot import period
from bot.dialogue.peers.world import Group
from bot.peers import figures, groups
from bot.peers.figures import Week
from bot.period import PERIODS, Period, Slot
from bot.web.console import charts
from bot.web.console.charts import Chart, Piece
from bot.web.console.guard import Visit
from bot.web.console.numbers import chosen


@dataclass(frozen=True)
class Line:
    """A group over the whole period."""

    group: Group
    whole: Week


async def group_numbers(visit: Visit) -> Response:
    """All groups together by week, or one of them (`?group=`); and each over the period."""
    span = chosen(visit)
    text = visit.request.query_params.get("group", "")
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    found, weeks = await visit.read(_read, span)
    lines = [Line(group, weeks[group.id][-1]) for group in found if group.id in weeks]
    picked = [line for line in lines if line.group.id == wanted] or lines
    weekly = [
        figures.together(weeks[line.group.id][n] for line in picked)
        for n in range(len(span.weeks))
    ]
    one = picked[0].group if len(picked) == 1 and wanted else None
    return visit.page(
        "group_numbers.html", span=span, periods=PERIODS, lines=lines, weekly=weekly, one=one,
        whole=figures.together(line.whole for line in picked), library=visit.desk.library,
        weeks=[_day(slot, visit.staff.locale) for slot in span.weeks], written=_written(weekly),
        asked=_asked(weekly),
    )  # fmt: skip


def _read(conn: sa.Connection, span: Period) -> tuple[list[Group], dict[int, list[Week]]]:
    """The groups, and of each its weeks and, last, the whole period."""
    whole = period.Slot(span.slots[0].first, span.since, span.slots[-1].until)
    return groups.everyone(conn, closed=True), figures.weekly(conn, [*span.weeks, whole])


def _written(weekly: Sequence[Week]) -> Chart:
    return charts.stacked([
        [Piece(week.posts - week.replies, "median"), Piece(week.replies, "ninth")]
        for week in weekly
    ])  # fmt: skip


def _asked(weekly: Sequence[Week]) -> Chart:
    return charts.stacked([
        [Piece(week.answered, "yes"), Piece(week.questions - week.answered, "no")]
        for week in weekly
    ])  # fmt: skip


def _day(slot: Slot, locale: str) -> str:
    return format_date(slot.first, "d MMM", locale=locale)
