"""The networks by trade and region: how many members, and how many activities run. Nobody may be
found in it: small cells are hidden, and totals say no more than the cells do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.responses import Response

from bot import csvfile, smallcells
from bot.library import Library
from bot.peers import overview
from bot.peers.overview import Cells
from bot.web.console.guard import Visit

COLUMNS = ("sector", "region", "members", "activities")
STEPS = (20, 50)  # from here on a cell is drawn darker


@dataclass(frozen=True)
class Table:
    """`rows` by sector id: one text a region of `regions`, and the total; None: region unknown."""

    regions: tuple[str | None, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    totals: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class Sheet:
    """The two tables."""

    members: Table
    activities: Table


async def networks(visit: Visit) -> Response:
    """The page."""
    sheet = await visit.read(_read, visit.desk.library)
    return visit.page("networks.html", sheet=sheet, library=visit.desk.library, shade=shade,
                      few=smallcells.SMALL)  # fmt: skip


async def networks_csv(visit: Visit) -> Response:
    """The same as a file: one row a sector and region."""

    def body(conn: sa.Connection) -> Sheet:
        visit.note(conn, "exported", "networks", None)
        return _read(conn, visit.desk.library)

    sheet = await visit.run(body)
    day = visit.now.astimezone(visit.desk.library.country.timezone).date()
    return Response(
        csvfile.as_bytes(COLUMNS, lines(sheet)), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="sankofa-networks-{day}.csv"'},
    )  # fmt: skip


def _read(conn: sa.Connection, library: Library) -> Sheet:
    order = list(library.sector_names)
    return Sheet(hidden(overview.networks(conn), order), hidden(overview.running(conn), order))


def hidden(cells: Cells, order: Sequence[str]) -> Table:
    """The table of these counts with small ones hidden; sectors in this order, the others last.

    A row cannot be filled in even by somebody who knows its sum, for instance from the groups;
    totals count what is shown, so that nothing follows from them."""
    known = {sector: n for n, sector in enumerate(order)}
    sectors = sorted({sector for sector, _ in cells}, key=lambda s: (known.get(s, len(known)), s))
    regions = tuple(sorted({region for _, region in cells}, key=lambda r: (r is None, r or "")))
    rows = []
    for sector in sectors:
        texts = smallcells.shown([cells.get((sector, region), 0) for region in regions])
        rows.append((sector, tuple(texts), total(texts)))
    columns = [total([texts[n] for _, texts, _ in rows]) for n in range(len(regions))]
    everything = total([text for _, texts, _ in rows for text in texts])
    return Table(regions, tuple(rows), tuple(columns), everything)


def total(texts: Sequence[str]) -> str:
    """The sum of cells as far as the texts tell it: "23", or "23+" where some are hidden."""
    if len(there := [text for text in texts if text != "0"]) == 1:
        return there[0]
    least = sum(_least(text) for text in texts)
    return str(least) if all(text.isdecimal() for text in texts) else f"{least}+"


def _least(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return smallcells.SMALL if text == smallcells.MORE else 1


def shade(text: str) -> str:
    """How dark a cell is drawn: by the number that is shown, so that colour tells no more."""
    if not text.isdecimal():
        return "few"
    number = int(text)
    return "h3" if number >= STEPS[1] else "h2" if number >= STEPS[0] else "h1" if number else ""


def lines(sheet: Sheet) -> list[tuple[str, str | None, str, str]]:
    """The rows of the file."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for n, table in enumerate((sheet.members, sheet.activities)):
        for sector, texts, _ in table.rows:
            for region, text in zip(table.regions, texts, strict=True):
                found.setdefault((sector, region), ["0", "0"])[n] = text
    return [
        (sector, region, counts[0], counts[1]) for (sector, region), counts in found.items()
        if counts != ["0", "0"]
    ]
