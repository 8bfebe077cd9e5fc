"""A linear classifier served with numpy alone: one look-up a feature, one small sum.

Two TF-IDF blocks (words, characters), each of length one, as in training. Weights are float16.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import grams

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """`index` maps a feature to its row; `weights` is features x classes; `idf` a row's weight."""

    classes: tuple[str, ...]
    index: dict[str, int]
    idf: Floats
    weights: NDArray[np.float16]
    bias: Floats
    temperature: float

    def scores(self, folded: str) -> Floats:
        """The decision value of each class."""
        total = self.bias.copy()
        for block in grams(folded):
            rows, values = self._block(block)
            if rows:
                total += np.asarray(values, np.float32) @ self.weights[rows].astype(np.float32)
        return total

    def probabilities(self, folded: str) -> Floats:
        """Calibrated by one temperature: they sum to one."""
        return softmax(self.scores(folded) * self.temperature)

    def knows(self, folded: str) -> bool:
        """Whether any word of the text was seen in training."""
        return any(f"w:{word}" in self.index for word in folded.split())

    def _block(self, features: list[str]) -> tuple[list[int], Floats]:
        found = Counter(features)
        rows = [self.index[f] for f in found if f in self.index]
        counts = np.array([n for f, n in found.items() if f in self.index], np.float32)
        values = (1 + np.log(counts)) * self.idf[rows] if rows else counts
        norm = float(np.sqrt(values @ values)) if rows else 1.0
        return rows, values / norm


def softmax(values: Floats) -> Floats:
    """Exponentials over their sum."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), np.float32)
