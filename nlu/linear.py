"""Linear classifiers served with numpy alone: a text is looked up once, for all models.

The space has two TF-IDF blocks (words, characters), each of length one, as in training.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import grams

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Vector:
    """A text in the space: the rows it touches and their values."""

    rows: NDArray[np.intp]
    values: Floats


@dataclass(frozen=True)
class Space:
    """`index` maps a feature to its row; `idf` is a row's weight."""

    index: dict[str, int]
    idf: Floats

    def vector(self, folded: str) -> Vector:
        """The text, with what was never seen in training left out."""
        blocks = [self._block(block) for block in grams(folded)]
        rows = np.concatenate([b.rows for b in blocks])
        return Vector(rows, np.concatenate([b.values for b in blocks]))

    def knows(self, folded: str) -> bool:
        """Whether any word of the text was seen in training."""
        return any(f"w:{word}" in self.index for word in folded.split())

    def _block(self, features: list[str]) -> Vector:
        found = Counter(map(self.index.get, features))
        found.pop(None, None)
        rows = np.fromiter(found.keys(), np.intp, len(found))
        counts = np.fromiter(found.values(), np.float32, len(found))
        values = (1 + np.log(counts)) * self.idf[rows]
        norm = float(np.sqrt(values @ values))
        return Vector(rows, values / norm if norm else values)


@dataclass(frozen=True)
class Linear:
    """`weights` is features x classes in float16: half the memory, the same answers."""

    classes: tuple[str, ...]
    weights: NDArray[np.float16]
    bias: Floats
    temperature: float

    def scores(self, vector: Vector) -> Floats:
        """The decision value of each class."""
        picked = self.weights[vector.rows].astype(np.float32)
        return np.asarray(vector.values @ picked + self.bias, np.float32)

    def probabilities(self, vector: Vector) -> Floats:
        """Calibrated by one temperature: they sum to one."""
        return softmax(self.scores(vector) * self.temperature)


def softmax(values: Floats) -> Floats:
    """Exponentials over their sum."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), np.float32)
