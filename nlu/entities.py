"""Entities: places and sectors by their names, in the text as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from nlu.normalise import fold
from nlu.reading import Entity

Gazetteer = Mapping[str, tuple[str, str]]  # folded phrase: (entity, value)
LONGEST = 5  # words
_folded = lru_cache(10_000)(fold)  # the same words come again and again
_WORD = re.compile(r"[^\s,.;:!?()\"]+")


def find(text: str, gazetteer: Gazetteer) -> tuple[Entity, ...]:
    """The longest known names, left to right, without overlap."""
    spans = [(m.start(), m.end()) for m in _WORD.finditer(text[:4000])]
    folded = [_folded(text[a:b]) for a, b in spans]
    found: list[Entity] = []
    i = 0
    while i < len(spans):
        for size in range(min(LONGEST, len(spans) - i), 0, -1):
            known = gazetteer.get(" ".join(folded[i : i + size]))
            if known:
                start, end = spans[i][0], spans[i + size - 1][1]
                found.append(Entity(known[0], known[1], start, end))
                i += size
                break
        else:
            i += 1
    return tuple(found)
