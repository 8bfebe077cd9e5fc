"""What the served model makes of INJONGO's sentences, which nobody of this project wrote.

Native speakers wrote them for a voice assistant ("wake me at six"), so that hardly any is meant for
this service: it should know the language, answer few and ring for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.bench.injongo import Row
from nlu.engine import Engine

CODES = {"eng": "en", "ewe": "ee", "hau": "ha", "twi": "ak"}  # the set's codes, and ours


@dataclass(frozen=True)
class Outside:
    """Of the sentences in one language: how many, and shares between 0 and 1."""

    language: str
    count: int
    known: float  # the language is the right one
    answered: float
    rings: float

    def line(self) -> str:
        """The result for a terminal."""
        return (f"{self.language}  {self.count:5} sentences  language {self.known:6.1%}"
                f"  answered {self.answered:5.1%}  ring {self.rings:5.1%}")  # fmt: skip


def run(engine: Engine, rows: Sequence[Row]) -> list[Outside]:
    """The languages that the service and the set have both, in the order of our codes."""
    found = []
    for theirs, ours in sorted(CODES.items(), key=lambda pair: pair[1]):
        readings = engine.read_all([row.text for row in rows if row.language == theirs])
        if not readings:
            continue
        count = len(readings)
        found.append(Outside(
            ours, count,
            known=sum(r.language.name == ours for r in readings) / count,
            answered=sum(r.understood for r in readings) / count,
            rings=sum(r.urgency.name is not None for r in readings) / count,
        ))  # fmt: skip
    return found
