"""The space in which texts are compared: a row a feature seen in training, weighed by TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.features import BITS, BLOCKS, LONGEST, SHARES, Codes, Places
from nlu.vocabulary import Rows, Vocabulary

Floats = NDArray[np.float32]
_LOGS = 1 + np.log(np.maximum(np.arange(4000, dtype=np.float32), 1))  # of how often a gram comes
# A block's squares are divided by a power of their own sum, not by the sum itself: what a longer
# text says counts a little more (pivoted length normalisation: Singhal, Buckley and Mitra, 1996).
# The power was chosen on the tuning messages. With sums as in PIVOT a block has the length that
# SHARES says; those of ten words are about 1,700, 1,200 and 2,100, so that words count a tenth more
# and letters a sixth less, which is better: with those sums more of the tuning cries are missed.
POWER, PIVOT = 0.8, (1000.0, 600.0, 4800.0)
_SHARES = np.array(SHARES) * np.array(PIVOT) ** (POWER - 1)
STRETCHED = 5.0  # nothing is made of a text of which less is known
_ROW = 32  # bits: a place is a text's number above that of a row
_ROWS = (1 << _ROW) - 1


@dataclass(frozen=True)
class Vectors:
    """Texts in the space: the rows they touch and their values, text after text; those of text n
    end at `ends[n + 1]`. `known[n]` of its words, as they were typed, were seen in training;
    `stretch[n]` is by how much it is shorter than if everything of it were known."""

    rows: Rows
    values: Floats
    ends: Places
    known: Places
    stretch: Floats

    def one(self, text: int) -> Vectors:
        """One of the texts."""
        start, end = self.ends[text], self.ends[text + 1]
        return Vectors(self.rows[start:end], self.values[start:end], np.array([0, end - start]),
                       self.known[text : text + 1], self.stretch[text : text + 1])  # fmt: skip


@dataclass(frozen=True)
class Space:
    """`codes` are sorted: the place of a feature's code is its row; `idf` is a row's weight.
    `usual`: the words that slips are read as, the most usual first; `longest`: the letters of the
    longest n-grams."""

    codes: Codes
    idf: Floats
    usual: Sequence[str] = ()
    longest: int = LONGEST
    strangest: float = field(init=False)  # what a feature weighs that was never seen
    _vocabulary: Vocabulary = field(init=False)
    _ends: Rows = field(init=False)  # where the first and the second block end

    def __post_init__(self) -> None:
        object.__setattr__(self, "strangest", float(self.idf.max()) if len(self.idf) else 1.0)
        vocabulary = Vocabulary(self.codes, self.usual, self.longest)
        object.__setattr__(self, "_vocabulary", vocabulary)
        ends = np.arange(1, BLOCKS, dtype=np.uint32) << np.uint32(BITS)
        object.__setattr__(self, "_ends", np.searchsorted(self.codes, ends).astype(np.int32))

    def vectors(self, folded: Sequence[str]) -> Vectors:
        """The texts. What was never seen in training has no row but counts in the length: the less
        of a text is known, the smaller its values and the less sure every model."""
        touched = self._vocabulary.touched(folded)
        places = touched.texts << _ROW | touched.rows
        places.sort()
        # Each row of a text once, by how often it comes.
        first = np.ones(len(places) + 1, bool)
        np.not_equal(places[1:], places[:-1], out=first[1:-1])
        (starts,) = first.nonzero()
        counts = starts[1:] - starts[:-1]
        places = places[starts[:-1]]
        texts, rows = places >> _ROW, places & _ROWS
        values = _LOGS.take(counts, mode="clip") * self.idf.take(rows)
        cells = texts * BLOCKS + self._ends.searchsorted(rows, side="right")
        strange = touched.strange
        squares = np.bincount(cells, values * values, strange.size)
        squares = squares.reshape(-1, BLOCKS)
        sums = np.maximum(squares + strange * self.strangest**2, 1e-9)
        scales = sums**-POWER * _SHARES
        values *= np.sqrt(scales).ravel()[cells].astype(np.float32)
        known = np.maximum((squares * scales).sum(axis=1), 1e-9)
        stretch = np.sqrt((sums * scales).sum(axis=1) / known)
        stretch = np.minimum(stretch, STRETCHED).astype(np.float32)
        ends = texts.searchsorted(np.arange(len(folded) + 1))
        return Vectors(rows.astype(np.int32), values, ends, touched.known, stretch)

    def names(self, folded: str) -> dict[int, str]:
        """What stands behind the rows of a text, for people."""
        return self._vocabulary.names(folded)

    def knows(self, word: str) -> bool:
        """Whether the folded word was seen in training."""
        return self._vocabulary.knows(word)
