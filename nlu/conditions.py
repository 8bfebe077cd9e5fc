"""Under which conditions an evaluation reads its messages: as they were written, typed otherwise,
with something behind, and between others, with and without marks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from nlu import noise
from nlu.case import UNJUDGED, Case, read_around

SEED = 5
SHORTEST = 4  # words of a message that is put beside another
AS_WRITTEN = "as written"
Condition = Callable[[Sequence[Case]], list[Case]]


def typed(how: Callable[[str], str], cases: Sequence[Case]) -> list[Case]:
    """Every message as somebody else types it."""
    return [replace(case, text=how(case.text)) for case in cases]


def between(cases: Sequence[Case]) -> list[Case]:
    """Every message between two plain ones of its language, as people tell a story around what
    matters. What is asked is judged no more: the others may ask, too. None of a language that has
    fewer than three plain messages."""
    plain: dict[str, list[str]] = {}
    for case in cases:
        if case.urgency == UNJUDGED and len(case.text.split()) >= SHORTEST:
            plain.setdefault(case.language, []).append(case.text)
    found = []
    for case in cases:
        others = [text for text in plain.get(case.language, ()) if text != case.text]
        if len(others) > 1:
            chance = random.Random(f"{SEED}:{case.text}")  # noqa: S311  # not a secret
            before, after = chance.sample(others, 2)
            text = f"{before}. {case.text}. {after}"
            found.append(replace(case, intent=UNJUDGED, text=text))
    return found


def behind(kinds: Sequence[str], cases: Sequence[Case]) -> list[Case]:
    """Every message with something behind it that says nothing of its own: a place ("at our house
    in Ho"), a plea ("what shall I do"), a comfort ("but do not worry"); as it is in a language that
    has none of these."""
    texts = {kind: read_around(kind) for kind in kinds}
    found = []
    for n, case in enumerate(cases):
        pieces = {kind: mine[n % len(mine)] for kind, of in texts.items()
                  if (mine := of.get(case.language))}  # fmt: skip
        found.append(replace(case, text=noise.around(case.text, **pieces)))
    return found


CONDITIONS: dict[str, Condition] = {
    AS_WRITTEN: list,
    "plain letters": partial(typed, noise.plain),
    "10% slips": partial(typed, noise.slips),
    "a place and a plea behind": partial(behind, ["place", "plea"]),
    "a comfort behind": partial(behind, ["comfort"]),
    "between others": between,
    "between others, no marks": lambda cases: typed(noise.unmarked, between(cases)),
}
