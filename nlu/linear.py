"""Linear classifiers served with numpy alone: a text is looked up once, for all models.

The space has one TF-IDF block for each block of `nlu.features`; weights are bytes with one scale a
row, a quarter of the memory for the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.features import SHARES, characters, phrases, skips
from nlu.spelling import Speller

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
_LOGS = 1 + np.log(np.maximum(np.arange(4000, dtype=np.float32), 1))  # of how often a gram comes
ROOTS = tuple(float(share) ** 0.5 for share in SHARES)
LEVELS = 31  # of a weight, each side of zero: more cost space and change no answer
_NO_ROWS: Rows = np.empty(0, np.intp)


@dataclass(frozen=True)
class Vector:
    """A text in the space: the rows it touches and their values."""

    rows: Rows
    values: Floats


@dataclass(frozen=True)
class Space:
    """`index` maps a feature to its row; `idf` is a row's weight."""

    index: Mapping[str, int]
    idf: Floats
    strangest: float = field(init=False)  # what a feature weighs that was never seen
    _known: dict[str, tuple[Rows, int]] = field(default_factory=dict)  # words seen in training
    _spelling: list[Speller] = field(default_factory=list)  # made when first needed
    _grams: list[str] = field(default_factory=list)  # the other way round, when it is asked for

    def __post_init__(self) -> None:
        object.__setattr__(self, "strangest", float(self.idf.max()) if len(self.idf) else 1.0)

    def blocks(self, folded: str) -> list[tuple[Rows, int]]:
        """Per block the rows of the text, with repetitions, and how many features it has: some were
        never seen and have no row."""
        words = [w if f"w:{w}" in self.index else self._speller().read(w) for w in folded.split()]
        pairs, apart = phrases(words), skips(words)
        letters, strange = self._characters(words)
        return [(self._rows(pairs), len(pairs)), (self._rows(apart), len(apart)),
                (letters, len(letters) + strange)]  # fmt: skip

    def vector(self, folded: str) -> Vector:
        """The text. What was never seen in training has no row but counts in the length: the less
        of a text is known, the smaller its values and the less sure every model."""
        blocks = zip(self.blocks(folded), ROOTS, strict=True)
        parts = [self._weighed(rows, features, root) for (rows, features), root in blocks]
        return Vector(np.concatenate([p.rows for p in parts]),
                      np.concatenate([p.values for p in parts]))  # fmt: skip

    def grams(self, rows: Rows) -> list[str]:
        """The features of rows, in their order."""
        if not self._grams:
            self._grams.extend(sorted(self.index, key=self.index.__getitem__))
        return [self._grams[row] for row in rows]

    def knows(self, folded: str) -> bool:
        """Whether any word of the text was seen in training."""
        return any(f"w:{word}" in self.index for word in folded.split())

    def _speller(self) -> Speller:
        if not self._spelling:
            usual = [(float(self.idf[row]), feature[2:]) for feature, row in self.index.items()
                     if feature.startswith("w:") and " " not in feature
                     and self.idf[row] < self.strangest]  # fmt: skip
            self._spelling.append(Speller(word for _, word in sorted(usual)))
        return self._spelling[0]

    def _rows(self, features: list[str]) -> Rows:
        found = [row for row in map(self.index.get, features) if row is not None]
        return np.array(found, np.intp) if found else _NO_ROWS

    def _characters(self, words: list[str]) -> tuple[Rows, int]:
        """The rows of the words' n-grams, and how many more have none."""
        found = [self._word(word) for word in words]
        rows = np.concatenate([rows for rows, _ in found]) if found else _NO_ROWS
        return rows, sum(strange for _, strange in found)

    def _word(self, word: str) -> tuple[Rows, int]:
        found = self._known.get(word)
        if found is None:
            features = characters(word)
            rows = self._rows(features)
            found = rows, len(features) - len(rows)
            if f"w:{word}" in self.index:  # names and numbers of people are not kept in memory
                self._known[word] = found
        return found

    def _weighed(self, rows: Rows, features: int, root: float) -> Vector:
        """Each row once, by how often it comes; of length `root` if all `features` have rows."""
        if not len(rows):
            return Vector(rows, np.empty(0, np.float32))
        strange = features - len(rows)
        rows = np.sort(rows)
        starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
        counts = np.diff(starts, append=len(rows))
        rows = rows[starts]
        values = _LOGS[np.minimum(counts, len(_LOGS) - 1)] * self.idf[rows]
        length = float(values @ values) + strange * self.strangest**2
        return Vector(rows, values * np.float32(root / length**0.5))


@dataclass(frozen=True)
class Linear:
    """`rows` maps a feature to its row of `weights` (rows x classes, in bytes), which times the
    feature's `scales` are its weights."""

    classes: tuple[str, ...]
    weights: NDArray[np.int8]
    rows: NDArray[np.int32]
    scales: Floats
    bias: Floats
    temperature: float = 1.0

    @classmethod
    def of(
        cls, classes: Sequence[str], weights: Floats, bias: Floats, temperature: float = 1.0,
        *, known: Rows | None = None, size: int = 0,
    ) -> Linear:  # fmt: skip
        """Rounds float weights (features x classes) to small whole numbers and keeps equal rows
        once. With `known`, the weights are of these rows of `size` only, the others are zero."""
        scales = np.abs(weights).max(axis=1, keepdims=True) / LEVELS
        scales = np.maximum(scales, 1e-6).astype(np.float16).astype(np.float32)
        rounded = np.clip(np.rint(weights / scales), -LEVELS, LEVELS).astype(np.int8)
        whole = np.ascontiguousarray(rounded).view(f"V{rounded.shape[1]}").ravel()
        _, first, rows = np.unique(whole, return_index=True, return_inverse=True)
        kept, scales = rounded[first], scales.ravel()
        if known is not None:
            kept = np.vstack([kept, np.zeros((1, kept.shape[1]), np.int8)])
            places, sizes = np.full(size, len(first), np.intp), np.zeros(size, np.float32)
            places[known], sizes[known] = rows, scales
            rows, scales = places, sizes
        return cls(tuple(classes), kept, rows.astype(np.int32), scales, bias.astype(np.float32),
                   temperature)  # fmt: skip

    def only(self, name: str) -> Linear:
        """The model with one class."""
        column = self.classes.index(name)
        kept, rows = np.unique(self.weights[:, [column]], return_inverse=True)
        return Linear((name,), kept[:, None], rows.ravel().astype(np.int32)[self.rows], self.scales,
                      self.bias[[column]], self.temperature)  # fmt: skip

    def scores(self, vector: Vector) -> Floats:
        """The decision value of each class."""
        picked = self.weights[self.rows[vector.rows]].astype(np.float32)
        return np.asarray(vector.values * self.scales[vector.rows] @ picked + self.bias, np.float32)

    def probabilities(self, vector: Vector) -> Floats:
        """Calibrated by one temperature: they sum to one."""
        return softmax(self.scores(vector) * self.temperature)


def softmax(values: Floats) -> Floats:
    """Exponentials over their sum."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), np.float32)
