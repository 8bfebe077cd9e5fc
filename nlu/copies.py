"""Phrases once more, as others type them: with something around them, with slips; so that neither
tells anything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from nlu import noise
from nlu.data import Around

SLIPS, SEED = 0.08, 3  # of their letters; the evaluation slips elsewhere
# Chosen on the tuning messages.
OFTEN = {"opening": 0.3, "place": 0.4, "plea": 0.6, "comfort": 0.3}  # of what is around a copy
BESIDE = 0.4  # share of the copies among other things that stand beside another message instead
EVERY = 6  # phrases; by each way one of so many is copied


@dataclass(frozen=True)
class Way:
    """How phrases are copied: `among` other things, `slipped`; the `first` at this place."""

    first: int
    among: bool
    slipped: bool


AMONG, SLIPPED, BOTH = Way(0, True, False), Way(2, False, True), Way(4, True, True)


def among(text: str, around: Around | None, beside: Sequence[str]) -> str:
    """The text with what people put `around` a message, or with another message `beside` it, unless
    there is none of both. By chance, which is the same for the same text, so that one phrase more
    changes no other's copy."""
    chance = random.Random(f"{SEED}:{text}")  # noqa: S311  # not a secret
    if beside and (around is None or chance.random() < BESIDE):
        parts = [text, chance.choice(beside)]
        chance.shuffle(parts)
        return " ".join(parts)
    return noise.around(text, **_some(around, chance)) if around else text


def slipped(text: str) -> str:
    """The text with slips, always the same."""
    return noise.slips(text, SLIPS, SEED)


def _some(around: Around, chance: random.Random) -> dict[str, str]:
    """Pieces of some kinds, at least of one."""
    there = {kind: texts for kind in OFTEN if (texts := getattr(around, kind))}
    chosen = [kind for kind in there if chance.random() < OFTEN[kind]]
    return {kind: chance.choice(there[kind]) for kind in chosen or [chance.choice([*there])]}
