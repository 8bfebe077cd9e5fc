"""The tables of a page, as somebody reads them."""

from __future__ import annotations

from html.parser import HTMLParser

SILENT = "not shown or not known"  # what a screen reader says for a dash


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, text: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += text


def tables(html: str) -> list[list[list[str]]]:
    """Table by table, row by row, the words of each cell."""
    reader = _Reader()
    reader.feed(html)
    return [
        [[" ".join(cell.split()).replace(SILENT, "").strip() for cell in row]
         for row in table]
        for table in reader.tables
    ]  # fmt: skip


def row(html: str, name: str) -> list[str]:
    """The cells of the first row that begins with this name, without it."""
    for table in tables(html):
        for cells in table:
            if cells and cells[0] == name:
                return cells[1:]
    raise AssertionError(f"no row {name!r} in {tables(html)}")
