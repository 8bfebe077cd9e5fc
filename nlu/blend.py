"""Two opinions on one text: of a model of all languages, and of its own language's.

The joint model knows words that languages share and needs no language; the own model is not
disturbed by the others. Their average beats both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nlu.linear import Floats, Linear, Vector

SMALL = 0.02  # languages less likely than this do not count


@dataclass(frozen=True)
class Blend:
    """`own` has a model a language, with the classes of `joint` in the same order."""

    joint: Linear
    own: Mapping[str, Linear] = field(default_factory=dict)

    @classmethod
    def of(cls, models: Mapping[str, Linear], name: str) -> Blend:
        """The model `name` with those named `name.<language>`."""
        return cls(models[name], {other.removeprefix(f"{name}."): model
                                  for other, model in models.items()
                                  if other.startswith(f"{name}.")})  # fmt: skip

    @property
    def classes(self) -> tuple[str, ...]:
        """Of every part."""
        return self.joint.classes

    @property
    def temperature(self) -> float:
        """Of the blended decision values."""
        return self.joint.temperature

    def parts(self, likely: Mapping[str, float]) -> list[tuple[Linear, float]]:
        """The models with their shares, which sum to one, for a text in these languages (which
        sum to one, too). What no own model knows is left to the joint one."""
        own = [(self.own[code], share / 2) for code, share in likely.items() if code in self.own]
        return [(self.joint, 1 - sum(share for _, share in own)), *own]

    def scores(self, vector: Vector, likely: Mapping[str, float]) -> Floats:
        """The decision value of each class."""
        parts = self.parts(likely)
        return np.asarray(sum(model.scores(vector) * np.float32(share) for model, share in parts),
                          np.float32)  # fmt: skip


def likely(language: Linear, probabilities: Floats) -> dict[str, float]:
    """The languages that count for a text; they sum to one."""
    found = {code: float(p) for code, p in zip(language.classes, probabilities, strict=True)
             if p > SMALL}  # fmt: skip
    total = sum(found.values())
    return {code: p / total for code, p in found.items()}
