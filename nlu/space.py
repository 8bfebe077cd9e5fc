"""The space in which texts are compared: a row a feature seen in training, weighed by TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.features import BITS, MARKS, SHARES, letter_codes, neighbour_codes, shown, word_code
from nlu.spelling import Speller

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
Codes = NDArray[np.uint32]
_LOGS = 1 + np.log(np.maximum(np.arange(4000, dtype=np.float32), 1))  # of how often a gram comes
_BLOCKS = len(SHARES)
WHOLE = sum(SHARES) ** 0.5  # the length of a text of which everything is known
SHORTEST = 0.3  # nothing is made of less
_NONE: Rows = np.empty(0, np.int32)
REMEMBERED = 20_000  # words whose rows are kept at hand


@dataclass(frozen=True)
class Vectors:
    """Texts in the space: the rows they touch and their values, text after text; those of text n
    end at `ends[n + 1]`. `known[n]` of its words, as they were typed, were seen in training;
    `stretch[n]` is by how much it is shorter than a text of which everything is known."""

    rows: Rows
    values: Floats
    ends: NDArray[np.intp]
    known: tuple[int, ...]
    stretch: Floats

    def where(self, keep: NDArray[np.intp]) -> Vectors:
        """The chosen texts only; `keep` in rising order."""
        if len(keep) == len(self.known):
            return self
        sizes = np.diff(self.ends)
        chosen = np.zeros(len(sizes), bool)
        chosen[keep] = True
        features = np.repeat(chosen, sizes)
        return Vectors(self.rows[features], self.values[features],
                       np.concatenate([[0], np.cumsum(sizes[keep])]),
                       tuple(self.known[n] for n in keep), self.stretch[keep])  # fmt: skip


@dataclass(frozen=True)
class _Touched:
    """The rows of a text with repetitions, and for each block how many features have none."""

    rows: Rows
    strange: tuple[int, int, int]
    known: int


@dataclass(frozen=True)
class _Word:
    rows: Rows  # of the word, if it was seen, and of its letters
    seen: bool
    strange: int  # letters without a row


@dataclass(frozen=True)
class Space:
    """`codes` are sorted: the place of a feature's code is its row; `idf` is a row's weight.
    `usual`: the words that slips are read as, the most usual first."""

    codes: Codes
    idf: Floats
    usual: Sequence[str] = ()
    strangest: float = field(init=False)  # what a feature weighs that was never seen
    _ends: Rows = field(init=False)  # where the first and the second block end
    _words: dict[str, _Word] = field(default_factory=dict)  # of those seen in training
    _speller: list[Speller] = field(default_factory=list)  # made when first needed

    def __post_init__(self) -> None:
        object.__setattr__(self, "strangest", float(self.idf.max()) if len(self.idf) else 1.0)
        ends = np.arange(1, _BLOCKS, dtype=np.uint32) << np.uint32(BITS)
        object.__setattr__(self, "_ends", np.searchsorted(self.codes, ends).astype(np.int32))

    def vectors(self, folded: Sequence[str]) -> Vectors:
        """The texts. What was never seen in training has no row but counts in the length: the less
        of a text is known, the smaller its values and the less sure every model."""
        touched = [self._touched(text) for text in folded]
        sizes = np.array([len(each.rows) for each in touched], np.intp)
        texts = np.repeat(np.arange(len(touched)), sizes)
        size = len(self.codes) + 1
        places = np.sort(texts * size + np.concatenate([_NONE, *(each.rows for each in touched)]))
        # Each row of a text once, by how often it comes.
        first = np.ones(len(places) + 1, bool)
        np.not_equal(places[1:], places[:-1], out=first[1:-1])
        starts = np.flatnonzero(first)
        counts = starts[1:] - starts[:-1]
        texts, rows = np.divmod(places[starts[:-1]], size)
        values = _LOGS[np.minimum(counts, len(_LOGS) - 1)] * self.idf[rows]
        cells = texts * _BLOCKS + np.searchsorted(self._ends, rows, side="right")
        strange = np.array([each.strange for each in touched], np.float64).ravel()
        squares = np.bincount(cells, values.astype(np.float64) ** 2, len(strange))
        scales = 1 / np.maximum(squares + strange * self.strangest**2, 1e-9).reshape(-1, _BLOCKS)
        scales *= SHARES
        values *= np.sqrt(scales).ravel()[cells].astype(np.float32)
        lengths = np.sqrt((squares.reshape(-1, _BLOCKS) * scales).sum(axis=1))
        stretch = (WHOLE / np.maximum(lengths, SHORTEST)).astype(np.float32)
        ends = np.searchsorted(texts, np.arange(len(touched) + 1))
        known = tuple(each.known for each in touched)
        return Vectors(rows.astype(np.int32), values, ends, known, stretch)

    def names(self, folded: str) -> dict[int, str]:
        """What stands behind the rows of a text, for people."""
        words = [w if self.knows(w) else self._spelt(w) for w in folded.split()]
        named = shown(words)
        rows, there = self._places(list(named))
        places = zip(rows.tolist(), named.values(), there, strict=True)
        return {row: name for row, name, known in places if known}

    def knows(self, word: str) -> bool:
        """Whether the folded word was seen in training."""
        return self._word(word).seen

    def _touched(self, folded: str) -> _Touched:
        """The features of a text; an unknown word counts as the known one a slip away."""
        words = folded.split()
        found = [self._word(word) for word in words]
        known = sum(each.seen for word, each in zip(words, found, strict=True) if word not in MARKS)
        if known < len(words):
            for n, word in enumerate(words):
                if not found[n].seen and (meant := self._spelt(word)) != word:
                    words[n], found[n] = meant, self._word(meant)
        codes = neighbour_codes(words)
        pairs = self._rows(codes)
        there = int(np.count_nonzero(pairs < self._ends[0]))
        most = len(words) + 1 if words else 0
        strange = (
            most - there + sum(not f.seen for f in found),
            len(codes) - most - (len(pairs) - there),
            sum(f.strange for f in found),
        )
        return _Touched(np.concatenate([pairs, *(f.rows for f in found)]), strange, known)

    def _word(self, word: str) -> _Word:
        found = self._words.get(word)
        if found is None:
            codes = [word_code(word), *letter_codes(word)]
            rows = self._rows(codes)
            seen = bool(len(rows) and rows[0] < self._ends[0])
            found = _Word(rows, seen, len(codes) - 1 - (len(rows) - seen))
            if seen:  # names and numbers of people are not kept in memory
                if len(self._words) >= REMEMBERED:
                    self._words.clear()
                self._words[word] = found
        return found

    def _spelt(self, word: str) -> str:
        if not self._speller:
            self._speller.append(Speller(self.usual))
        return self._speller[0].read(word)

    def _rows(self, codes: list[int]) -> Rows:
        rows, there = self._places(codes)
        return rows[there]

    def _places(self, codes: list[int]) -> tuple[Rows, NDArray[np.bool_]]:
        """Where each code is or would be, and whether it is there."""
        wanted = np.array(codes, np.uint32)
        rows = np.searchsorted(self.codes, wanted).astype(np.int32)
        if not len(self.codes):
            return rows, np.zeros(len(rows), bool)
        return rows, self.codes[np.minimum(rows, len(self.codes) - 1)] == wanted
