"""Training: scikit-learn fits, numpy serves. Deterministic: the same data gives the same model.

Each model is a linear support vector machine plus a share of complement naive Bayes. Both are
linear in the same features, so the sum is one matrix and costs nothing when serving. Thresholds
and temperatures are fitted on phrases of writers that the fitted model has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from nlu.data import NOT_URGENT, Phrase
from nlu.features import grams
from nlu.linear import Linear, Space, softmax
from nlu.normalise import fold
from nlu.triage import NONE

PARTS = 3  # a label with one writer only is cut into so many parts to hold out
TEMPERATURES = np.geomspace(0.5, 16, 40)
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is fitted. `bayes` is the share of naive Bayes in the decision values;
    `shifts` make some classes more or less likely."""

    cost: float = 1.0
    bayes: float = 0.0
    shifts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """Rows of the matrix of all phrases with their labels; a fold is held out together."""

    matrix: sparse.csr_matrix
    texts: list[str]
    labels: Array
    folds: Array

    def where(self, keep: Array) -> Sample:
        """The chosen rows only."""
        rows = np.flatnonzero(keep)
        return Sample(self.matrix[rows], [self.texts[i] for i in rows], self.labels[rows],
                      self.folds[rows])  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """All phrases in one space."""

    phrases: list[Phrase]
    texts: list[str]
    space: Space
    matrix: sparse.csr_matrix

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
        return Sample(self.matrix[rows], texts, np.array(labels), np.array(folds))

    def intents(self, urgency: frozenset[str]) -> Sample:
        """What the intent model learns from: everything but the danger data."""
        skip = urgency | {NOT_URGENT}
        return self.sample(lambda p: None if p.label in skip else p.label)

    def dangers(self, urgency: frozenset[str]) -> Sample:
        """What the triage learns from: the classes, and everything else as none."""
        return self.sample(lambda p: p.label if p.label in urgency else NONE)

    def languages(self) -> Sample:
        """What the language model learns from: every phrase."""
        return self.sample(lambda p: p.language)


def corpus(phrases: Sequence[Phrase]) -> Corpus:
    """Folds the phrases and lays out the space."""
    texts = [fold(p.text) for p in phrases]
    index: dict[str, int] = {}
    blocks, idf = [], []
    for which in (0, 1):
        tfidf = TfidfVectorizer(analyzer=_Block(which), sublinear_tf=True)
        blocks.append(tfidf.fit_transform(texts))
        start = len(index)
        index.update({str(word): start + int(row) for word, row in tfidf.vocabulary_.items()})
        idf.append(tfidf.idf_)
    space = Space(index, np.hstack(idf).astype(np.float32))
    return Corpus(list(phrases), texts, space, sparse.hstack(blocks).tocsr())


@dataclass(frozen=True)
class _Block:
    """One of the two feature blocks as an analyzer of scikit-learn."""

    which: int

    def __call__(self, folded: str) -> list[str]:
        return grams(folded)[self.which]


def fit(data: Sample, recipe: Recipe) -> Linear:
    """Fits one model, with a temperature of 1."""
    machine = LinearSVC(C=recipe.cost, random_state=0).fit(data.matrix, data.labels)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:  # one column tells two classes apart: give each its own
        weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
    elif recipe.bayes:
        share = ComplementNB(alpha=0.3).fit(data.matrix, data.labels).feature_log_prob_.T
        weights = weights + recipe.bayes * (share - share.mean(axis=1, keepdims=True))
    classes = tuple(str(c) for c in machine.classes_)
    bias = bias + np.array([recipe.shifts.get(name, 0.0) for name in classes])
    return Linear(classes, weights.astype(np.float16), bias.astype(np.float32), 1.0)


@dataclass(frozen=True)
class Unseen:
    """Decision values for phrases of writers that the model had not seen."""

    scores: Array
    labels: Array
    texts: list[str]
    classes: tuple[str, ...]

    def temperature(self) -> float:
        """The one under which the true labels are likeliest."""
        truth = np.array([self.classes.index(label) for label in self.labels])
        rows = np.arange(len(truth))

        def loss(t: float) -> float:
            scaled = self.scores * t
            scaled = scaled - scaled.max(axis=1, keepdims=True)
            logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
            return -float(logs[rows, truth].mean())

        return float(min(TEMPERATURES, key=loss))

    def probabilities(self, temperature: float) -> Array:
        return np.array([softmax(row * temperature) for row in self.scores])


def held_out(data: Sample, recipe: Recipe) -> Unseen:
    """Fits without each fold in turn and scores that fold."""
    classes = tuple(sorted(set(data.labels.tolist())))
    scores, labels, texts = [], [], []
    parts = sorted(set(data.folds.tolist()))
    with ThreadPoolExecutor() as pool:  # liblinear lets other threads run
        fitted = pool.map(lambda part: fit(data.where(data.folds != part), recipe), parts)
    for part, model in zip(parts, fitted, strict=True):
        if model.classes != classes:
            continue  # a label that only this fold has cannot be judged
        rest = data.where(data.folds == part)
        scores.append(rest.matrix @ model.weights.astype(np.float64) + model.bias)
        labels.append(rest.labels)
        texts += rest.texts
    return Unseen(np.vstack(scores), np.hstack(labels), texts, classes)


def calibrated(data: Sample, recipe: Recipe) -> tuple[Linear, Unseen]:
    """The model on all data, with the temperature found on unseen writers."""
    unseen = held_out(data, recipe)
    return replace(fit(data, recipe), temperature=unseen.temperature()), unseen


def threshold(confidence: Array, right: Array, aim: float) -> float:
    """The lowest confidence from which on at least `aim` of the answers are right."""
    order = np.argsort(-confidence)
    good = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(good >= aim)
    return float(confidence[order][enough[-1]]) if len(enough) else 1.0


def exact_phrases(data: Sample) -> Iterator[tuple[str, str]]:
    """Short phrases that mean one thing only, whole: the model need not guess these."""
    meanings: dict[str, set[str]] = {}
    for text, label in zip(data.texts, data.labels.tolist(), strict=True):
        meanings.setdefault(text, set()).add(label)
    for text, labels in meanings.items():
        if len(labels) == 1 and len(text.split()) <= 4:
            yield text, next(iter(labels))
