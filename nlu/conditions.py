"""Under which conditions an evaluation reads its messages: as they were written, typed otherwise,
and between others."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from nlu import noise
from nlu.case import UNJUDGED, Case, read_pleas

SEED = 5
SHORTEST = 4  # words of a message that is put beside another
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


def pleading(cases: Sequence[Case]) -> list[Case]:
    """Every message with a plea or question behind it that says nothing of its own ("what shall I
    do"); as it is in a language that has none."""
    pleas = read_pleas()
    found = []
    for n, case in enumerate(cases):
        mine = pleas.get(case.language)
        text = noise.pleading(case.text, mine[n % len(mine)]) if mine else case.text
        found.append(replace(case, text=text))
    return found


CONDITIONS: dict[str, Condition] = {
    "as written": list,
    "plain letters": partial(typed, noise.plain),
    "10% slips": partial(typed, noise.slips),
    "a plea behind": pleading,
    "between others": between,
}
