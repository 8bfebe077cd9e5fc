"""Training phrases as rows of one sparse matrix, with what each model learns from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from nlu import noise
from nlu.data import NOT_URGENT, Phrase
from nlu.features import characters, phrases, skips
from nlu.linear import Space
from nlu.normalise import fold
from nlu.triage import NONE

PARTS = 3  # a label with one writer only is cut into so many parts to hold out
SLIPS, SEED = 0.08, 3  # of the copies; the evaluation slips elsewhere
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """Rows of the matrix of all phrases with their labels and languages; a fold is held out
    together. `slipped` are the same rows typed with slips."""

    matrix: sparse.csr_matrix
    slipped: sparse.csr_matrix
    texts: Sequence[str]
    labels: Array
    languages: Array
    folds: Array

    def where(self, keep: Array) -> Sample:
        """The chosen rows only."""
        rows = np.flatnonzero(keep)
        return Sample(self.matrix[rows], self.slipped[rows], [self.texts[int(i)] for i in rows],
                      self.labels[rows], self.languages[rows], self.folds[rows])  # fmt: skip

    def twice(self) -> Sample:
        """Every row as it was written and with slips."""
        return Sample(
            sparse.vstack([self.matrix, self.slipped]).tocsr(), self.slipped,
            [*self.texts, *self.texts], np.tile(self.labels, 2), np.tile(self.languages, 2),
            np.tile(self.folds, 2),
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
        """The phrases that have a label for this model, each writer a fold of its own."""
        writers: dict[tuple[str, str], set[int]] = {}
        for p in self.phrases:
            writers.setdefault((p.language, p.label), set()).add(p.writer)
        rows, labels, folds = [], [], []
        for n, p in enumerate(self.phrases):
            name = label(p)
            if name is not None and self.texts[n]:
                several = len(writers[p.language, p.label]) > 1
                rows.append(n)
                labels.append(name)
                folds.append((p.writer - 1) % PARTS if several else n % PARTS)
        texts = [self.texts[n] for n in rows]
        languages = np.array([self.phrases[n].language for n in rows])
        return Sample(self.matrix[rows], self.slipped[rows], texts, np.array(labels), languages,
                      np.array(folds))  # fmt: skip

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
    """Folds the phrases, lays out the space and types everything once more, with slips."""
    texts = [fold(p.text) for p in phrases]
    space = layout(texts)
    slipped = [fold(noise.slips(p.text, SLIPS, SEED)) for p in phrases]
    return Corpus(list(phrases), texts, space, matrix(space, texts), matrix(space, slipped))


def layout(texts: Sequence[str]) -> Space:
    """Every feature of the texts, also those of one text only: they soak up its peculiarities."""
    numbers: dict[str, int] = {}
    whole: dict[str, Array] = {}  # the n-grams of a word

    def numbered(features: list[str]) -> Array:
        return np.array([numbers.setdefault(f, len(numbers)) for f in features], np.int32)

    found = []
    for text in texts:
        words = text.split()
        for word in words:
            if word not in whole:
                whole[word] = numbered(characters(word))
        rows = [whole[word] for word in words]
        found.append(np.unique(np.concatenate([numbered(phrases(words) + skips(words)), *rows])))
    often = np.bincount(np.concatenate(found), minlength=len(numbers))
    words = sorted(numbers)
    order = np.array([numbers[word] for word in words], np.intp)
    idf = np.log((1 + len(texts)) / (1 + often[order])) + 1
    return Space({word: n for n, word in enumerate(words)},
                 idf.astype(np.float16).astype(np.float32))  # fmt: skip


def matrix(space: Space, texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, exactly as the engine will see it."""
    vectors = [space.vector(text) for text in texts]
    ends = np.cumsum([0] + [len(v.rows) for v in vectors])
    rows = np.concatenate([v.rows for v in vectors]).astype(np.int32)
    values = np.concatenate([v.values for v in vectors])
    return sparse.csr_matrix((values, rows, ends), shape=(len(texts), len(space.idf)))
