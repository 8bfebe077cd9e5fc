"""Training phrases: Rasa's YAML, one file per topic group and writer, below `nlu/data/<lang>/`.

Lookup tables hold what people put around a message whatever it says: `opening` ("good evening
sir"), `place` ("at our house in Ho"), `plea` ("what shall I do") and `comfort` ("but do not worry
about me").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "data"
NOT_URGENT = "not_urgent"  # look-alikes: they sound dangerous and are not
PREFIX = "around"  # of the names of files with lookup tables
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WRITER = re.compile(r"-(\d+)$")


@dataclass(frozen=True)
class Phrase:
    """One phrase with its label (an intent, an urgency class or NOT_URGENT).

    `writer` is the number in the file's name: phrases of one writer resemble each other, so
    estimates hold out a whole writer.
    """

    text: str
    label: str
    language: str
    writer: int


@dataclass(frozen=True)
class Around:
    """What people of one language put around a message; each kind may be empty."""

    opening: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)
    plea: list[str] = field(default_factory=list)
    comfort: list[str] = field(default_factory=list)


KINDS = frozenset(("lookup", kind.name) for kind in fields(Around))


def read(folder: Path = FOLDER) -> list[Phrase]:
    """Every phrase, in a stable order; raises ValueError naming a broken file."""
    found = []
    for path in _files(folder):
        numbered = _WRITER.search(path.stem)
        if not numbered:
            raise ValueError(f"{path}: the name must end with the writer's number, as work-2.yml")
        language, writer = path.parent.name, int(numbered[1])
        found += [Phrase(text, label, language, writer) for kind, label, text in _lines(path)
                  if kind == "intent"]  # fmt: skip
    return found


def around(folder: Path = FOLDER) -> dict[str, Around]:
    """Of each language that has some, what is put around messages; raises ValueError naming a
    broken file."""
    found: dict[str, Around] = {}
    for path in _files(folder):
        for kind, name, text in _lines(path) if path.stem.startswith(PREFIX) else ():
            if (kind, name) not in KINDS:
                raise ValueError(f"{path}: no {kind} {name!r} belongs here")
            getattr(found.setdefault(path.parent.name, Around()), name).append(text)
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.yml"))


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """Of each block: its kind ("intent" or "lookup"), its name, and each of its texts."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # a safe one
        for block in found["nlu"]:
            kind = "lookup" if "lookup" in block else "intent"
            for line in block["examples"].splitlines():
                text = line.strip().removeprefix("- ").strip()
                if text:
                    yield kind, block[kind], text
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from error
