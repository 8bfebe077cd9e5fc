"""Linear classifiers served with numpy alone; weights are bytes with one scale a row, a quarter of
the memory for the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.features import Places
from nlu.space import Floats, Vectors
from nlu.vocabulary import Rows

LEVELS = 31  # of a weight, each side of zero: more cost space and change no answer
PORTION = 2000  # rows that are rounded at a time


@dataclass(frozen=True)
class Linear:
    """`patterns` are the different rows of weights (patterns x classes). `rows` maps a feature to
    its pattern, which times the feature's `scales` and the classes' `gains` are its weights.
    The classes that are `stretched` read a text as if all of it were known: slips and names make
    no smaller cry of it. `known`: the features that have a pattern, sorted, and then the first of
    `rows` and `scales` stands for all others and weighs nothing; None if all have one."""

    classes: tuple[str, ...]
    patterns: NDArray[np.int8]
    rows: NDArray[np.uint32]
    scales: Floats
    gains: Floats
    bias: Floats
    stretched: NDArray[np.bool_]
    known: Rows | None = None
    _places: Rows | None = field(init=False, default=None)  # of a feature in `rows` and `scales`

    def __post_init__(self) -> None:
        if self.known is not None:
            places = np.zeros(int(self.known.max(initial=0)) + 2, np.int32)
            places[self.known] = np.arange(1, len(self.known) + 1)
            object.__setattr__(self, "_places", places)

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
        rounded, scales = _rounded(weights, gains)
        _, first, places = np.unique(_prints(rounded), return_index=True, return_inverse=True)
        rows = places.astype(np.uint32).ravel()
        if known is not None:
            rows, scales = np.insert(rows, 0, 0), np.insert(scales, 0, 0)
        return cls(tuple(classes), rounded[first], rows, scales, gains, bias.astype(np.float32),
                   stretched, known)  # fmt: skip

    def scores(self, texts: Vectors, only: Places | None = None) -> Floats:
        """The decision value of each class, a row a text; of some texts `only`."""
        chosen = np.arange(len(texts.known)) if only is None else only
        starts, ends = texts.ends[chosen].tolist(), texts.ends[chosen + 1].tolist()
        longest = max((end - start for start, end in zip(starts, ends, strict=True)), default=0)
        memory = _Memory.of(longest, len(self.classes))
        found = np.empty((len(chosen), len(self.classes)), np.float32)
        for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
            values, weights = self._met(texts.rows[start:end], texts.values[start:end], memory)
            np.dot(values, weights, out=found[n])
        found *= self.gains
        found *= np.where(self.stretched, texts.stretch[chosen, None], np.float32(1))
        found += self.bias
        return found

    def contributions(self, text: Vectors) -> Floats:
        """What each row of one text adds to each class (rows x classes); with the bias, they sum
        to the decision values."""
        memory = _Memory.of(len(text.rows), len(self.classes))
        values, weights = self._met(text.rows, text.values, memory)
        added = weights * values[:, None] * self.gains
        added[:, self.stretched] *= text.stretch[0]
        return added

    def _met(self, rows: Rows, values: Floats, memory: _Memory) -> tuple[Floats, Floats]:
        """The values of features times their scales, and their patterns."""
        if self._places is not None:
            rows = self._places.take(rows, mode="clip")
        small, large = memory.small[: len(rows)], memory.large[: len(rows)]
        self.patterns.take(self.rows.take(rows), axis=0, out=small, mode="clip")
        large[...] = small
        return values * self.scales.take(rows), large


@dataclass(frozen=True)
class _Memory:
    """Room for the patterns of one text, used for one text after another: room that is always made
    anew takes half of the time."""

    small: NDArray[np.int8]
    large: Floats

    @classmethod
    def of(cls, features: int, classes: int) -> _Memory:
        shape = features, classes
        return cls(np.empty(shape, np.int8), np.empty(shape, np.float32))


def _rounded(weights: Floats, gains: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers and a scale a row, which times these and the gains are about the weights; some
    rows at a time, as the machine's fast memory is small."""
    rounded = np.empty(weights.shape, np.int8)
    scales = np.empty(len(weights), np.float32)
    for n in range(0, len(weights), PORTION):
        part = weights[n : n + PORTION] / gains
        largest = np.abs(part).max(axis=1, initial=0.0) / LEVELS
        scales[n : n + PORTION] = np.maximum(largest, 1e-6).astype(np.float16)
        part /= scales[n : n + PORTION, None]
        rounded[n : n + PORTION] = np.clip(np.rint(part), -LEVELS, LEVELS)
    return rounded, scales


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
