"""Training phrases, and what stands around them, in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu import data
from nlu.data import Around, Phrase

FILE = """\
# Provenance: a test.
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
- lookup: towns
  examples: |
    - Ho
"""
TABLES = """\
nlu:
- lookup: plea
  examples: |
    - what shall I do
- lookup: place
  examples: |
    - in our house
"""


def put(folder: Path, name: str, text: str) -> None:
    path = folder / "en" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_lookup_tables_are_no_phrases_and_some_hold_what_is_around_them(tmp_path: Path) -> None:
    put(tmp_path, "work-3.yml", FILE)
    assert data.around(tmp_path) == {}
    put(tmp_path, "around-3.yml", TABLES)
    assert data.read(tmp_path) == [Phrase("hello", "greet", "en", 3),
                                   Phrase("good morning", "greet", "en", 3)]  # fmt: skip
    assert data.around(tmp_path) == {
        "en": Around(place=["in our house"], plea=["what shall I do"])
    }


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("work.yml", FILE, "work-2"),
        ("work-1.yml", "nlu: [", "work-1"),
        ("work-1.yml", "nlu:\n- examples: |\n    - hello\n", "intent"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, text: str, named: str) -> None:
    put(tmp_path, name, text)
    with pytest.raises(ValueError, match=named):
        data.read(tmp_path)


def test_a_table_that_nobody_reads_is_a_slip_of_its_writer(tmp_path: Path) -> None:
    put(tmp_path, "around-1.yml", TABLES.replace("place", "places"))
    with pytest.raises(ValueError, match=r"around-1\.yml: no lookup 'places' belongs here"):
        data.around(tmp_path)
