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
    Array,
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
    are read as, the most usual first."""

    codes: Codes
    usual: Sequence[str] = ()
    _words: dict[str, _Word] = field(default_factory=dict)  # of those seen in training
    _speller: list[Speller] = field(default_factory=list)  # made when first needed

    def touched(self, folded: Sequence[str]) -> Touched:
        """Of texts; an unknown word counts as the known one a slip away."""
        typed = [edged(text.split()) for text in folded]
        read = self._read(chain.from_iterable(typed))
        places = {word: n for n, word in enumerate(read)}
        said = np.array([places[word] for words in typed for word in words], np.intp)
        texts = np.repeat(np.arange(len(typed)), [len(words) for words in typed])
        words = read.values()
        codes = np.array([word.code for word in words], np.uint32)[said]
        codes, near = features.neighbour_codes(codes, texts)
        pairs, there = self._places(codes)
        cells = near * BLOCKS + (codes >> np.uint32(BITS))
        counts = np.bincount(cells[~there], minlength=len(typed) * BLOCKS)
        strange = counts.reshape(-1, BLOCKS).astype(np.float64)

        def summed(facts: Iterable[int]) -> NDArray[np.float64]:
            each = np.fromiter(facts, np.float64, len(read))[said]
            return np.asarray(np.bincount(texts, each, len(typed)), np.float64)

        strange[:, 0] += summed(not word.seen for word in words)
        strange[:, 2] += summed(word.strange for word in words)
        rows, sizes = gathered([word.rows for word in words], said)
        return Touched(
            np.concatenate([pairs[there], rows]),
            np.concatenate([near[there], texts.repeat(sizes)]), strange,
            summed(word.known for word in words).astype(np.intp),
        )  # fmt: skip

    def names(self, folded: str) -> dict[int, str]:
        """What stands behind the rows of a text, for people."""
        typed = folded.split()
        words = [word if self.knows(word) else self._spelt([word])[0] for word in typed]
        named = features.shown(words)
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
        letters, owners = features.letter_codes(new)
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
        order = np.argsort(codes)  # neighbours in the memory are found faster one after another
        rows = np.empty(len(codes), np.int32)
        rows[order] = np.searchsorted(self.codes, codes[order])
        if not len(self.codes):
            return rows, np.zeros(len(rows), bool)
        return rows, self.codes[np.minimum(rows, len(self.codes) - 1)] == codes


def gathered(lists: Sequence[Array], places: Places) -> tuple[Array, Places]:
    """The lists at these places one after another, and the length of each."""
    sizes = np.array([*map(len, lists)], np.intp)
    ends = sizes.cumsum()[places]
    sizes = sizes[places]
    wanted = np.arange(sizes.sum()) + (ends - sizes.cumsum()).repeat(sizes)
    return (np.concatenate(lists) if lists else _NONE)[wanted], sizes
