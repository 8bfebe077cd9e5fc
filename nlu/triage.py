"""Triage: whether a message is urgent, on a path of its own that would rather ring once too often.

Two heads say how much like each danger a message is: one that knows only dangers and what looks
like them, and one that knows everything people write. Short cries that the training data holds word
for word and safe words ring without them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp

import numpy as np

from nlu import safeword
from nlu.blend import Head, Judgements
from nlu.features import Array
from nlu.reading import Urgency
from nlu.space import Floats

HEADS = ("alarm", "urgency")
CERTAIN = 1.0
RINGS = 0.5  # the confidence from which the alarm rings, by construction
NONE, LIKE = "none", "~"  # what is no danger, and the beginning of what looks like one
SPREAD = 5.0  # chosen on the tuning messages: how much the second likeliest danger counts


@dataclass(frozen=True)
class Scales:
    """Weighs what the heads say of danger. Per head: its columns, which of them are dangers and
    which are not (columns x 2, ones and zeros), and the places of `dangers` among them."""

    dangers: tuple[str, ...]
    _heads: tuple[tuple[slice, Array, list[int]], ...]

    @classmethod
    def of(cls, heads: Mapping[str, Head], dangers: Collection[str]) -> Scales:
        """For those of the dangers that the models know."""
        known = tuple(name for name in heads[HEADS[0]].classes if name in dangers)
        found = []
        for head in map(heads.__getitem__, HEADS):
            urgent = np.isin(head.classes, known)
            sides = np.stack([urgent, ~urgent], axis=1).astype(np.float32)
            found.append((head.columns, sides, [*map(head.classes.index, known)]))
        return cls(known, tuple(found))

    def value(self, said: Judgements) -> Array:
        """How urgent texts are: by how much some danger exceeds what is none, in both heads."""
        found = np.zeros(len(said.scores))
        for columns, sides, _ in self._heads:
            sums = np.exp(said.scores[:, columns] * SPREAD) @ sides
            found += np.log(sums[:, 0] / sums[:, 1])
        return found / SPREAD

    def each(self, scores: Floats) -> Floats:
        """How much like each danger: texts x dangers. `scores` are those of all heads."""
        found = [scores[:, columns][:, places] for columns, _, places in self._heads]
        return np.asarray(sum(found), np.float32)

    def pull(self, said: Judgements) -> Array:
        """How a small change of each decision value of the first text would change its `value`."""
        found = np.zeros(said.scores.shape[1])
        for columns, sides, _ in self._heads:
            powers = np.exp(said.scores[0, columns] * SPREAD)
            found[columns] = powers * (sides / (powers @ sides) @ [1, -1])
        return found


@dataclass(frozen=True, kw_only=True)
class Triage:
    """`priorities` of the dangers; `rings_from`: the value from which it rings, of each language;
    `steepness` makes a confidence of a value; `cries` are whole folded texts with their class."""

    priorities: Mapping[str, int]
    rings_from: Array
    steepness: float
    cries: Mapping[str, str]

    def known(self, folded: str) -> Urgency | None:
        """What a safe word or a whole cry says, without any model."""
        if safeword.rings(folded):
            return self._rung(safeword.RINGS_AS, CERTAIN)
        return self._rung(self.cries[folded], CERTAIN) if folded in self.cries else None

    def over(self, values: Array, spoken: Floats) -> Array:
        """By how much texts in these languages (texts x languages) are over the line."""
        return values - spoken @ self.rings_from

    def read(self, folded: str, over: float, danger: str) -> Urgency:
        """The likeliest `danger` if the alarm rings; its confidence in any case."""
        if known := self.known(folded):
            return known
        confidence = 1 / (1 + exp(-max(-30.0, min(30.0, self.steepness * over))))
        if confidence < RINGS:
            return Urgency(None, None, round(confidence, 4))
        return self._rung(danger, confidence)

    def _rung(self, name: str, confidence: float) -> Urgency:
        return Urgency(name, self.priorities[name], round(confidence, 4))
