"""What a spreadsheet makes of our files: cells as they were, and never a formula."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.csvfile import as_bytes, safe

# Text with many of the characters that matter, in places where they matter.
SLY = st.text(st.one_of(st.sampled_from("=+-@＝＋－＠\t\r\n '\",;\u200b\ufeff\u2060\u00a0|!"),
                        st.characters()), max_size=12)  # fmt: skip


@pytest.mark.parametrize("text", [
    "=1+1", "+233", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x",
    " =1", "   +1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u2060\u200d@x", " \u200b ＝1", "\u3164=1",
    "\ufe0f=1", "\x01=1", " \t", "\u2028=1", "﹢1", "−1",
])  # fmt: skip
def test_what_would_be_calculated_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(("cell", "text"), [
    ("Accra", "Accra"), ("a=b", "a=b"), ("1-2", "1-2"), (7, "7"), (None, ""), ("", ""),
    (" x", " x"), ("<5", "<5"), ("é=1", "é=1"), ("2026-11-23 12:00", "2026-11-23 12:00"),
    ("'=1", "'=1"), (True, "True"), (-3, "'-3"), ("\u200b", "\u200b"),
])  # fmt: skip
def test_everything_else_stays_as_it_is(cell: object, text: str) -> None:
    assert safe(cell) == text


@given(st.lists(st.lists(SLY, min_size=2, max_size=2), max_size=5))
@example([['a"b', "c\r\nd"], ["", ","]])
@example([["x;=1", "\ud800"]])
def test_a_spreadsheet_reads_back_what_was_meant(rows: list[list[str]]) -> None:
    found = as_bytes(["one", "two"], rows)
    assert found.startswith(b"\xef\xbb\xbf")
    text = found.decode("utf-8-sig")
    header, *back = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["one", "two"]
    for row, got in zip(rows, back, strict=True):
        for cell, shown in zip(row, got, strict=True):
            plain = cell.encode("utf-8", errors="replace").decode()
            assert shown in (plain, f"'{plain}")
            assert not _calculates(shown)


def _calculates(shown: str) -> bool:
    """A spreadsheet's view: trimmed, without format characters, in ordinary width."""
    visible = "".join(c for c in shown if unicodedata.category(c) not in ("Cf", "Cc"))
    plain = unicodedata.normalize("NFKC", visible).strip()
    return plain[:1] in set("=+-@") or shown[:1] in ("\t", "\r")
