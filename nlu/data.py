"""Training phrases: Rasa's YAML, one file per topic group and writer, below `nlu/data/<lang>/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "data"
NOT_URGENT = "not_urgent"  # look-alikes: they sound dangerous and are not
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


def read(folder: Path = FOLDER) -> list[Phrase]:
    """Every phrase, in a stable order; raises ValueError naming a broken file."""
    return [phrase for path in sorted(folder.glob("*/*.yml")) for phrase in _file(path)]


def _file(path: Path) -> Iterator[Phrase]:
    numbered = _WRITER.search(path.stem)
    if not numbered:
        raise ValueError(f"{path}: the name must end with the writer's number, as work-2.yml")
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # a safe one
        for block in found["nlu"]:
            for line in block["examples"].splitlines():
                text = line.strip().removeprefix("- ").strip()
                if text:
                    yield Phrase(text, block["intent"], path.parent.name, int(numbered[1]))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from error
