"""How content files are read: YAML, and Markdown under a YAML front matter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from nlu.normalise import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: 8x faster


def read_yaml(path: Path) -> Any:
    """The parsed file; raises ValueError naming the file."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # a safe one
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error


def read_markdown(path: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body; raises ValueError naming the file."""
    head, sep, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    if not sep:
        raise ValueError(f"{path}: no front matter between two lines of ---")
    try:
        front = yaml.load(head, _LOADER)  # noqa: S506  # a safe one
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(front, dict):
        raise ValueError(f"{path}: the front matter is not a mapping")
    return front, body.strip()


def as_date(value: Any) -> date | None:
    """A full date, or None: sources often give only a year, which stays text."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def read_words(path: Path) -> frozenset[str]:
    """The folded words of a file, one a line; a file that is not there has none."""
    if not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))
