"""Long texts in pieces, at paragraphs, lines, sentences or words; never inside a word."""

from __future__ import annotations

import re

_BREAKS = (r"\n\n+", r"\n", r"(?<=[.!?]) +", r" +")


def split(text: str, size: int) -> list[str]:
    """Pieces of at most `size` characters, cut at the coarsest break that fills half a piece.

    A single "word" longer than `size` is cut, as nothing else can be done with it. Never empty.
    """
    pieces = []
    rest = text.strip()
    while len(rest) > size:
        cut, skip = _cut(rest, size)
        pieces.append(rest[:cut].rstrip())
        rest = rest[skip:].lstrip()
    return [*pieces, rest]


def _cut(text: str, size: int) -> tuple[int, int]:
    for pattern in _BREAKS:
        found = [m for m in re.finditer(pattern, text[: size + 1]) if 0 < m.start() <= size]
        if found and (found[-1].start() >= size // 2 or pattern == _BREAKS[-1]):
            return found[-1].start(), found[-1].end()
    return size, size


def truncate(label: str, size: int) -> str:
    """A label that fits; a cut one ends with an ellipsis of ordinary dots."""
    return label if len(label) <= size else label[: size - 2].rstrip() + ".."
