"""Messages by other writers than the training data's, with what they mean."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

EVALUATION = Path(__file__).resolve().parent / "evaluation"
SHORT = "short"  # below a set: plain cries and everyday talk in a few words
BEHIND = ("place", "plea", "comfort")  # folders below EVALUATION: what is put behind messages
UNJUDGED, LOOKALIKE = "-", "~"


@dataclass(frozen=True)
class Case:
    """One message: its intent ("-" is not judged) and its urgency ("-" none, "~" look-alike)."""

    language: str
    intent: str
    urgency: str
    text: str


def read_cases(folder: Path = EVALUATION) -> list[Case]:
    """Every message of a set, files named <language>[-<number>].tsv; raises ValueError naming a
    broken line."""
    return [case for path in sorted(folder.glob("*.tsv")) for case in read_file(path)]


def read_around(kind: str) -> dict[str, list[str]]:
    """What people put behind a message whatever it says, one of BEHIND, by language."""
    return {path.stem: path.read_text(encoding="utf-8").splitlines()
            for path in sorted((EVALUATION / kind).glob("*.txt"))}  # fmt: skip


def read_file(path: Path) -> list[Case]:
    """The messages of one file; raises ValueError naming a broken line."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row.get("text"):
                raise ValueError(f"{path}: a row without text: {row}")
            language = path.stem.split("-")[0]
            found.append(Case(language, row["intent"], row["urgency"], row["text"]))
    return found
