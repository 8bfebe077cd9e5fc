"""Triage: whether a message is urgent, on a path of its own that would rather ring once too often.

One model says whether it is urgent, another which class it would be. Short cries that the training
data holds word for word and safe words ring without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np

from nlu import safeword
from nlu.reading import Urgency
from nlu.space import Floats

ALARM = "urgent"  # the alarm model's only class
CERTAIN = 1.0
RINGS = 0.5  # the confidence from which the alarm rings, by construction
NONE = "none"
SPREAD, SHARE = 5.0, 1.0  # chosen on the tuning messages
Array = np.ndarray[Any, Any]


def value(alarm: Array, classes: Array, names: tuple[str, ...]) -> Array:
    """How urgent texts are: the alarm's decision values, and by how much some class of danger
    exceeds "none". `classes` has a row a text."""
    none = classes[..., names.index(NONE)]
    every = np.exp((classes - none[..., None]) * SPREAD).sum(axis=-1)
    some = np.log(np.maximum(every - 1, 1e-9)) / SPREAD  # the one is "none" itself
    return np.asarray(alarm + SHARE * some)


@dataclass(frozen=True, kw_only=True)
class Triage:
    """`rings_from`: per language, the value from which it rings; `steepness` makes a confidence of
    a value; `cries` are whole folded texts with their class."""

    classes: tuple[str, ...]
    priorities: Mapping[str, int]
    rings_from: Mapping[str, float]
    steepness: float
    cries: Mapping[str, str]

    def read(
        self, folded: str, urgent: float, classes: Floats, languages: Mapping[str, float]
    ) -> Urgency:
        """The most likely urgent class if the alarm rings; its confidence in any case. `urgent` is
        a `value`."""
        if safeword.rings(folded):
            return self._rung(safeword.RINGS_AS, CERTAIN)
        if folded in self.cries:
            return self._rung(self.cries[folded], CERTAIN)
        start = sum(self.rings_from[code] * share for code, share in languages.items())
        confidence = 1 / (1 + exp(-max(-30.0, min(30.0, self.steepness * (urgent - start)))))
        if confidence < RINGS:
            return Urgency(None, None, round(confidence, 4))
        best = max((n for n, name in enumerate(self.classes) if name in self.priorities),
                   key=lambda n: float(classes[n]))  # fmt: skip
        return self._rung(self.classes[best], confidence)

    def _rung(self, name: str, confidence: float) -> Urgency:
        return Urgency(name, self.priorities[name], round(confidence, 4))
