"""Linear classifiers served with numpy alone; weights are bytes with one scale a row, a quarter of
the memory for the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlu.space import Floats, Rows, Vectors

LEVELS = 31  # of a weight, each side of zero: more cost space and change no answer


@dataclass(frozen=True)
class Linear:
    """`patterns` are the different rows of weights (patterns x classes). `rows` maps a feature to
    its pattern, which times the feature's `scales` and the classes' `gains` are its weights.
    `known`: the features that have one, sorted; None for all. The classes that are `stretched`
    read a text as if all of it were known: slips and names make no smaller cry of it."""

    classes: tuple[str, ...]
    patterns: NDArray[np.int8]
    rows: NDArray[np.uint32]
    scales: Floats
    gains: Floats
    bias: Floats
    stretched: NDArray[np.bool_]
    known: Rows | None = None

    @classmethod
    def of(
        cls, classes: Sequence[str], weights: Floats, bias: Floats, known: Rows | None = None,
        gains: Floats | None = None, stretched: NDArray[np.bool_] | None = None,
    ) -> Linear:  # fmt: skip
        """Rounds weights (features x classes) to small whole numbers and keeps equal rows once:
        many features stand in one phrase only, and all of these have the same weights. `gains`
        make the weights of several models equally large before."""
        gains = np.ones(len(bias), np.float32) if gains is None else gains
        stretched = np.zeros(len(bias), bool) if stretched is None else stretched
        weights = weights / gains
        scales = np.abs(weights).max(axis=1, keepdims=True, initial=0.0) / LEVELS
        scales = np.maximum(scales, 1e-6).astype(np.float16).astype(np.float32)
        rounded = np.clip(np.rint(weights / scales), -LEVELS, LEVELS).astype(np.int8)
        _, first, rows = np.unique(_prints(rounded), return_index=True, return_inverse=True)
        return cls(tuple(classes), rounded[first], rows.astype(np.uint32).ravel(), scales.ravel(),
                   gains, bias.astype(np.float32), stretched, known)  # fmt: skip

    def scores(self, texts: Vectors) -> Floats:
        """The decision value of each class, a row a text."""
        patterns, values, ends = self._placed(texts)
        found = np.empty((len(ends) - 1, len(self.classes)), np.float32)
        for n, (start, end) in enumerate(pairwise(ends.tolist())):
            picked = self.patterns[patterns[start:end]].astype(np.float32)
            np.dot(values[start:end], picked, out=found[n])
        found *= self.gains
        found[:, self.stretched] *= texts.stretch[:, None]
        return found + self.bias

    def contributions(self, text: Vectors) -> NDArray[np.float32]:
        """What each row of one text adds to each class (rows x classes); with the bias, they sum
        to the decision values."""
        patterns, values, _ = self._placed(text)
        added = self.patterns[patterns].astype(np.float32) * values[:, None] * self.gains
        added[:, self.stretched] *= text.stretch[0]
        if self.known is None:
            return added
        every = np.zeros((len(text.rows), len(self.classes)), np.float32)
        every[np.isin(text.rows, self.known)] = added
        return every

    def _placed(self, texts: Vectors) -> tuple[NDArray[np.uint32], Floats, NDArray[np.intp]]:
        """Of the features that have weights: their patterns, their scaled values, and where each
        text's end."""
        if self.known is None:
            rows = texts.rows
            return self.rows[rows], texts.values * self.scales[rows], texts.ends
        places = np.searchsorted(self.known, texts.rows)
        there = self.known.take(places, mode="clip") == texts.rows
        ends = np.concatenate([[0], np.cumsum(there)])[texts.ends]
        places = places[there]
        return self.rows[places], texts.values[there] * self.scales[places], ends


def _prints(rows: NDArray[np.int8]) -> NDArray[np.uint64]:
    """A number for each row, the same for equal rows and, as good as always, for these only."""
    size = -rows.shape[1] % 8
    padded = np.ascontiguousarray(np.pad(rows, ((0, 0), (0, size))))
    found = np.zeros(len(rows), np.uint64)
    for column in padded.view(np.uint64).T:
        found = (found ^ column) * np.uint64(0xFF51AFD7ED558CCD)  # MurmurHash3's finishing steps
        found ^= found >> np.uint64(33)
    return found


def softmax(values: Floats) -> Floats:
    """Exponentials over their sum, row by row."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
