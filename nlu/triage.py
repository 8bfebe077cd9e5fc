"""Triage: whether a message is urgent, on a path of its own that would rather ring once too often.

The classes and a "none" class share one linear model.
"""

from __future__ import annotations

from nlu.linear import Linear, Vector
from nlu.reading import Urgency

NONE = "none"


class Triage:
    """`urgent_from`: the probability of any urgent class from which the alarm rings."""

    def __init__(self, model: Linear, priorities: dict[str, int], urgent_from: float) -> None:
        self._model = model
        self._priorities = priorities
        self._urgent_from = urgent_from
        self._none = model.classes.index(NONE)

    def read(self, vector: Vector) -> Urgency:
        """The most likely urgent class if the alarm rings; its confidence in any case."""
        found = self._model.probabilities(vector)
        alarm = 1.0 - float(found[self._none])
        if alarm < self._urgent_from:
            return Urgency(None, None, round(alarm, 4))
        found[self._none] = -1.0
        name = self._model.classes[int(found.argmax())]
        return Urgency(name, self._priorities[name], round(alarm, 4))
