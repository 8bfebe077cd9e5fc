"""What training saw: words, their neighbours and letters, each at its row of the space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from nlu import features
from nlu.features import (
    BITS,
    BLOCKS,
    END,
    MARKS,
    START,
    Codes,
    Places,
    edged,
    word_code,
)  # fmt: skip
from nlu.spelling import Speller

Rows = NDArray[np.int32]
_NONE: Rows = np.empty(0, np.int32)
REMEMBERED = 20_000  # words whose rows are kept at hand


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is read. `rows`: of itself, if it was seen in training, and of its letters.
    `strange`: how many of its letters' features have none."""

    code: int
    rows: Rows
    strange: int
    seen: bool
    known: bool  # seen as it was typed, and no mark or edge


_EDGES = {edge: _Word(word_code(edge), _NONE, 0, seen=True, known=False) for edge in (START, END)}


@dataclass(frozen=True)
class Touched:
    """The rows of texts, text after text, with repetitions; of which text each is; how many
    features of each text have none (texts x blocks), and how many of its words are known."""

    rows: Rows
    texts: Places
    strange: NDArray[np.float64]
    known: Places


@dataclass(frozen=True)
class Vocabulary:
    """`codes` are sorted: the place of a feature's code is its row. `usual`: the words that slips
    are read as, the most usual first; `longest`: the letters of the longest n-grams."""

    codes: Codes
    usual: Sequence[str] = ()
    longest: int = features.LONGEST
    _words: dict[str, _Word] = field(default_factory=dict)  # of those seen in training
    _speller: list[Speller] = field(default_factory=list)  # made when first needed

    def touched(self, folded: Sequence[str]) -> Touched:
        """Of texts; an unknown word counts as the known one a slip away."""
        typed = [edged(text.split()) for text in folded]
        read = self._read(chain.from_iterable(typed))
        words = [read[word] for each in typed for word in each]
        texts = np.arange(len(typed)).repeat([len(each) for each in typed])
        codes = np.array([word.code for word in words], np.uint32)
        codes, near = features.neighbour_codes(codes, texts)
        pairs, there = self._places(codes)
        cells = near * BLOCKS + (codes >> np.uint32(BITS))
        counts = np.bincount(cells[~there], minlength=len(typed) * BLOCKS)
        strange = counts.reshape(-1, BLOCKS).astype(np.float64)
        facts = np.array([(not word.seen, word.strange, word.known) for word in words], np.float64)
        unseen, letters, known = (np.bincount(texts, fact, len(typed))
                                  for fact in facts.reshape(-1, 3).T)  # fmt: skip
        strange[:, 0] += unseen
        strange[:, 2] += letters
        return Touched(
            np.concatenate([pairs[there], *(word.rows for word in words)]),
            np.concatenate([near[there], texts.repeat([len(word.rows) for word in words])]),
            strange, known.astype(np.intp),
        )  # fmt: skip

    def names(self, folded: str) -> dict[int, str]:
        """What stands behind the rows of a text, for people."""
        typed = folded.split()
        words = [word if self.knows(word) else self._spelt([word])[0] for word in typed]
        named = features.shown(words, self.longest)
        rows, there = self._places(np.array(list(named), np.uint32))
        places = zip(rows.tolist(), named.values(), there, strict=True)
        return {row: name for row, name, known in places if known}

    def knows(self, word: str) -> bool:
        """Whether the folded word was seen in training."""
        return self._found([word])[word].seen

    def _read(self, typed: Iterable[str]) -> dict[str, _Word]:
        """The words, or those that were seen in training a slip away from them."""
        found = self._found(typed)
        strange = [word for word, each in found.items() if not each.seen]
        if not strange:
            return found
        slips = zip(strange, self._spelt(strange), strict=True)
        meant = {word: other for word, other in slips if other != word}
        others = self._found(meant.values())
        return found | {word: replace(others[other], known=False) for word, other in meant.items()}

    def _found(self, words: Iterable[str]) -> dict[str, _Word]:
        """The words as they stand here; new ones are looked up all at once."""
        found: dict[str, _Word] = {}
        new: list[str] = []
        for word in dict.fromkeys(words):
            if each := self._words.get(word) or _EDGES.get(word):
                found[word] = each
            else:
                new.append(word)
        if not new:
            return found
        own = np.array([word_code(word) for word in new], np.uint32)
        letters, owners = features.letter_codes(new, self.longest)
        owners = np.concatenate([np.arange(len(new)), owners])
        rows, there = self._places(np.concatenate([own, letters]))
        order = np.argsort(owners[there], kind="stable")
        kept, sizes = rows[there][order], np.bincount(owners[there], minlength=len(new))
        missing = np.bincount(owners, minlength=len(new)) - sizes
        ends = np.cumsum(sizes).tolist()
        if len(self._words) + len(new) > REMEMBERED:
            self._words.clear()
        facts = zip(new, own.tolist(), there.tolist(), missing.tolist(), [0, *ends], ends,
                    strict=False)  # fmt: skip
        for word, code, seen, strange, start, end in facts:
            each = _Word(code, kept[start:end].copy(), strange - (not seen), seen,
                         known=seen and word not in MARKS)  # fmt: skip
            found[word] = each
            if seen:  # names and numbers of people are not kept in memory
                self._words[word] = each
        return found

    def _spelt(self, words: Sequence[str]) -> list[str]:
        if not words:
            return []
        if not self._speller:
            self._speller.append(Speller(self.usual))
        return self._speller[0].read(words)

    def _places(self, codes: Codes) -> tuple[Rows, NDArray[np.bool_]]:
        """Where each code is or would be, and whether it is there."""
        order = codes.argsort()  # neighbours in the memory are found faster one after another
        rows = np.empty(len(codes), np.int32)
        rows[order] = self.codes.searchsorted(codes[order])
        if not len(self.codes):
            return rows, np.zeros(len(rows), bool)
        return rows, self.codes.take(rows, mode="clip") == codes
