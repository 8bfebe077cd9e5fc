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
from nlu.features import characters, phrases, skips
from nlu.linear import ROOTS, Rows, Space
from nlu.normalise import fold
from nlu.triage import NONE

PARTS = 3  # a label with one writer only is cut into so many parts to hold out
SLIPS, SEED = 0.08, 3  # of the copies; the evaluation slips elsewhere
# Where a language has many phrases, its words are known in many contexts: fewer copies do.
MANY, SHARE = 8000, 3
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """Rows of the matrix of all phrases with their labels and languages; a fold is held out
    together. `slipped` are the same rows typed with slips, or empty where that is not needed."""

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
        """Every row as it was written, and where there is one the copy with slips."""
        rows = np.flatnonzero(np.diff(self.slipped.indptr))
        return Sample(
            sparse.vstack([self.matrix, self.slipped[rows]]).tocsr(),
            sparse.vstack([self.slipped, self.slipped[rows]]).tocsr(),
            [*self.texts, *(self.texts[int(i)] for i in rows)],
            np.concatenate([self.labels, self.labels[rows]]),
            np.concatenate([self.languages, self.languages[rows]]),
            np.concatenate([self.folds, self.folds[rows]]),
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
    """Folds the phrases, lays out the space and types them once more, with slips."""
    texts = [fold(p.text) for p in phrases]
    space = layout(texts)
    many = Counter(p.language for p in phrases)
    slipped = [fold(noise.slips(p.text, SLIPS, SEED))
               if many[p.language] < MANY or n % SHARE == 0 else ""
               for n, p in enumerate(phrases)]  # fmt: skip
    return Corpus(list(phrases), texts, space, matrix(space, texts), matrix(space, slipped))


def layout(texts: Sequence[str]) -> Space:
    """Every feature of the texts, also those of one text only: they soak up its peculiarities.
    The usual ones come first: fitting then stays in the machine's fast memory."""
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
    names = sorted(numbers)
    order = np.array([numbers[name] for name in names], np.intp)
    usual = np.argsort(-often[order], kind="stable")
    idf = np.log((1 + len(texts)) / (1 + often[order][usual])) + 1
    return Space({names[i]: n for n, i in enumerate(usual.tolist())},
                 idf.astype(np.float16).astype(np.float32))  # fmt: skip


def matrix(space: Space, texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, as the engine will see it."""
    found = [space.blocks(text) for text in texts]
    whole = sparse.csr_matrix((len(texts), len(space.idf)), dtype=np.float32)
    for n, root in enumerate(ROOTS):
        whole = whole + _block(space, [blocks[n] for blocks in found], root)
    return whole


def _block(space: Space, found: list[tuple[Rows, int]], root: float) -> sparse.csr_matrix:
    """`Space.weighed` for many texts at once."""
    ends = np.cumsum([0] + [len(rows) for rows, _ in found])
    rows = np.concatenate([rows for rows, _ in found]).astype(np.int32)
    block = sparse.csr_matrix((np.ones(len(rows), np.float32), rows, ends),
                              shape=(len(found), len(space.idf)))  # fmt: skip
    block.sum_duplicates()
    block.data = (1 + np.log(block.data)) * space.idf[block.indices]
    strange = np.array([features - len(rows) for rows, features in found]) * space.strangest**2
    where = np.repeat(np.arange(len(found)), np.diff(block.indptr))
    lengths = np.bincount(where, block.data.astype(np.float64) ** 2, len(found)) + strange
    block.data *= (root / np.sqrt(np.maximum(lengths, 1e-9)))[where].astype(np.float32)
    return block
