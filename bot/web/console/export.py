"""The same numbers and the cases behind them as files, without persons' texts, numbers or names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from starlette.responses import Response

from bot import csvfile, figures
from bot.figures import Case
from bot.roles import may_read
from bot.staff import Staff
from bot.web.console import numbers
from bot.web.console.guard import Visit
from bot.web.console.numbers import Sheet

PROTECTED = "protected"  # instead of a class that this reader may not know of a case
NUMBERS = (
    "breakdown", "value", "cases", "first_answer_median_minutes", "first_answer_p90_minutes",
    "solved_median_minutes", "solved_p90_minutes", "in_time_percent", "helped_percent", "reopened",
)  # fmt: skip
CASES = (
    "case", "priority", "class", "reason", "language", "region", "channel", "opened",
    "first_answer", "closed", "in_time", "outcome", "rating", "reopened",
)  # fmt: skip


async def numbers_csv(visit: Visit) -> Response:
    """The table of the page."""
    span, exact = numbers.chosen(visit), numbers.may_see_few(visit)

    def body(conn: sa.Connection) -> numbers.Read:
        visit.note(conn, "exported", "numbers", None, days=span.days)
        return numbers.read(conn, span, visit.now, exact=exact)

    found = await visit.run(body)

    def make() -> bytes:
        return sheet_file(numbers.count(found, span, exact=exact))

    return await _file(visit, make, f"sankofa-numbers-{span.days}-days")


async def cases_csv(visit: Visit) -> Response:
    """One row a case of the period."""
    span, zone = numbers.chosen(visit), visit.desk.library.country.timezone

    def body(conn: sa.Connection) -> list[Case]:
        found, _ = figures.opened(conn, span.since, visit.now)
        visit.note(conn, "exported", "cases", None, days=span.days, rows=len(found))
        return found

    found = await visit.run(body)

    def make() -> bytes:
        return csvfile.as_bytes(CASES, [line(case, visit.staff, zone) for case in found])

    return await _file(visit, make, f"sankofa-cases-{span.days}-days")


def sheet_file(sheet: Sheet) -> bytes:
    """The numbers as a file."""
    lines = [
        (by, group.name, group.cases, *_times(group.first), *_times(group.solved),
         _percent(group.in_time), _percent(group.good), group.reopened)
        for by, groups in {"all": [sheet.total], **sheet.tables}.items() for group in groups
    ]  # fmt: skip
    return csvfile.as_bytes(NUMBERS, lines)


def line(case: Case, reader: Staff, zone: ZoneInfo) -> tuple[object, ...]:
    """One case of CASES; moments by the country's clock."""

    def clock(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    known = may_read(reader.role, reader.skills, case.urgency)
    return (
        case.id, case.priority, case.urgency if known else PROTECTED, case.reason, case.language,
        case.region, case.channel, clock(case.opened_at), clock(case.replied_at),
        clock(case.closed_at), _word(case.in_time), case.outcome, _word(case.rating),
        case.reopened,
    )  # fmt: skip


def _times(times: figures.Times) -> tuple[object, object]:
    return _minutes(times.median), _minutes(times.ninth)


def _minutes(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds / 60)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def _word(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"


async def _file(visit: Visit, make: Callable[[], bytes], name: str) -> Response:
    day = visit.now.astimezone(visit.desk.library.country.timezone).date()
    return Response(
        await asyncio.to_thread(make), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'},
    )  # fmt: skip
