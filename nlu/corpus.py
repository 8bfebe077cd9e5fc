"""Training phrases as rows of one sparse matrix, with what each model learns from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from nlu import noise
from nlu.data import NOT_URGENT, Phrase
from nlu.features import letter_codes, neighbour_codes, word_code
from nlu.normalise import fold
from nlu.space import Space
from nlu.spelling import spellable
from nlu.triage import NONE

SLIPS, SEED = 0.08, 3  # of the copies; the evaluation slips elsewhere
# Where a language has many phrases, its words are known in many contexts: fewer copies do.
MANY, SHARE = 8000, 3
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """Rows of the matrix of all phrases with their labels and languages. `slipped` are the same
    rows typed with slips, or empty where that is not needed."""

    matrix: sparse.csr_matrix
    slipped: sparse.csr_matrix
    texts: Sequence[str]
    labels: Array
    languages: Array

    def where(self, keep: Array) -> Sample:
        """The chosen rows only."""
        rows = np.flatnonzero(keep)
        return Sample(self.matrix[rows], self.slipped[rows], [self.texts[int(i)] for i in rows],
                      self.labels[rows], self.languages[rows])  # fmt: skip

    def twice(self) -> Sample:
        """Every row as it was written, and where there is one the copy with slips."""
        rows = np.flatnonzero(np.diff(self.slipped.indptr))
        return Sample(
            sparse.vstack([self.matrix, self.slipped[rows]]).tocsr(),
            sparse.vstack([self.slipped, self.slipped[rows]]).tocsr(),
            [*self.texts, *(self.texts[int(i)] for i in rows)],
            np.concatenate([self.labels, self.labels[rows]]),
            np.concatenate([self.languages, self.languages[rows]]),
        )  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """All phrases in one space."""

    phrases: list[Phrase]
    texts: list[str]
    space: Space
    matrix: sparse.csr_matrix
    slipped: sparse.csr_matrix

    def sample(self, label: Callable[[Phrase], str | None]) -> Sample:
        """The phrases that have a label for this model."""
        named = [(n, label(p)) for n, p in enumerate(self.phrases) if self.texts[n]]
        rows = [n for n, name in named if name is not None]
        return Sample(self.matrix[rows], self.slipped[rows], [self.texts[n] for n in rows],
                      np.array([name for _, name in named if name is not None]),
                      np.array([self.phrases[n].language for n in rows]))  # fmt: skip

    def intents(self, urgency: frozenset[str]) -> Sample:
        """What the intent model learns from: everything but the danger data."""
        skip = urgency | {NOT_URGENT}
        return self.sample(lambda p: None if p.label in skip else p.label)

    def dangers(self, urgency: frozenset[str]) -> Sample:
        """What the triage learns from: the classes, the look-alikes, everything else as none."""
        known = urgency | {NOT_URGENT}
        return self.sample(lambda p: p.label if p.label in known else NONE)

    def languages(self) -> Sample:
        """What the language model learns from: every phrase."""
        return self.sample(lambda p: p.language)


def corpus(phrases: Sequence[Phrase]) -> Corpus:
    """Folds the phrases, lays out the space and types them once more, with slips."""
    texts = [fold(p.text) for p in phrases]
    space = layout(texts)
    many = Counter(p.language for p in phrases)
    slipped = [fold(noise.slips(p.text, SLIPS, SEED))
               if many[p.language] < MANY or n % SHARE == 0 else ""
               for n, p in enumerate(phrases)]  # fmt: skip
    return Corpus(list(phrases), texts, space, matrix(space, texts), matrix(space, slipped))


def layout(texts: Sequence[str]) -> Space:
    """Every feature of the texts, also those of one text only: they soak up its peculiarities."""
    whole: dict[str, Array] = {}  # the codes of a word and its letters
    found = []
    for text in texts:
        words = text.split()
        for word in words:
            if word not in whole:
                whole[word] = np.array([word_code(word), *letter_codes(word)], np.uint32)
        neighbours = np.array(neighbour_codes(words), np.uint32)
        found.append(np.unique(np.concatenate([neighbours, *(whole[word] for word in words)])))
    codes, often = np.unique(np.concatenate(found), return_counts=True)
    idf = np.log((1 + len(texts)) / (1 + often)) + 1
    counts = often[np.searchsorted(codes, [codes_[0] for codes_ in whole.values()])]
    usual = sorted((-int(n), word) for word, n in zip(whole, counts, strict=True)
                   if n > 1 and spellable(word))  # fmt: skip
    return Space(codes, idf.astype(np.float16).astype(np.float32), [word for _, word in usual])


def matrix(space: Space, texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, as the engine sees it."""
    found = space.vectors(texts)
    return sparse.csr_matrix((found.values, found.rows, found.ends),
                             shape=(len(texts), len(space.codes)))  # fmt: skip
