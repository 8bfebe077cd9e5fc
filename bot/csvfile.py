"""CSV files that a spreadsheet only shows: no cell of them is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA = frozenset("=+-@\u2212")  # the last is the minus sign of typesetters
BREAKS = frozenset("\t\r\n")
# Letters and marks that show nothing: Hangul and Braille blanks, joiners, variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


def as_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The file: UTF-8 with the mark by which spreadsheets know it. None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def safe(cell: object) -> str:
    """The cell as text; with an apostrophe in front where a spreadsheet would calculate it.

    That is what begins, after anything that shows nothing, with = + - @ in whatever width, and
    what has a tab or a line break there.
    """
    text = "" if cell is None else str(cell)
    for letter in text:
        if letter in BREAKS or unicodedata.normalize("NFKC", letter)[:1] in FORMULA:
            return f"'{text}"
        if not _shows_nothing(letter):
            break
    return text


def _shows_nothing(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
