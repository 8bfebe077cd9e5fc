"""Training: scikit-learn fits, numpy serves. Deterministic: the same data gives the same model.

Each model is a linear support vector machine plus a share of complement naive Bayes. Both are
linear in the same features, so the sum is one matrix and costs nothing when serving. Thresholds
and temperatures are fitted on phrases of writers that the fitted model has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from nlu.data import NOT_URGENT, Phrase
from nlu.features import grams
from nlu.linear import Linear, softmax
from nlu.normalise import fold
from nlu.triage import NONE

PARTS = 3  # a label with one writer only is cut into so many parts to hold out
TEMPERATURES = np.geomspace(0.5, 16, 40)
NO_SHIFTS: Mapping[str, float] = {}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is fitted. `bayes` is the share of naive Bayes in the decision values."""

    cost: float = 1.0
    bayes: float = 0.0
    min_df: int = 1


@dataclass(frozen=True)
class Sample:
    """Folded texts with their labels; `fold` says which part is held out together."""

    texts: list[str]
    labels: list[str]
    folds: list[int]

    def without(self, fold: int) -> Sample:
        keep = [i for i, f in enumerate(self.folds) if f != fold]
        return Sample(*([column[i] for i in keep] for column in self._columns()))

    def only(self, fold: int) -> Sample:
        keep = [i for i, f in enumerate(self.folds) if f == fold]
        return Sample(*([column[i] for i in keep] for column in self._columns()))

    def _columns(self) -> tuple[list[Any], ...]:
        return self.texts, self.labels, self.folds


def sample(phrases: Sequence[Phrase], label: Callable[[Phrase], str | None]) -> Sample:
    """The phrases that have a label for this model, each writer a fold of its own."""
    writers: dict[tuple[str, str], set[int]] = {}
    for p in phrases:
        writers.setdefault((p.language, p.label), set()).add(p.writer)
    texts, labels, folds = [], [], []
    for n, p in enumerate(phrases):
        name = label(p)
        text = fold(p.text)
        if name is None or not text:
            continue
        several = len(writers[p.language, p.label]) > 1
        texts.append(text)
        labels.append(name)
        folds.append((p.writer - 1) % PARTS if several else n % PARTS)
    return Sample(texts, labels, folds)


def fit(data: Sample, recipe: Recipe) -> Linear:
    """Fits one model, with a temperature of 1."""
    index: dict[str, int] = {}
    blocks, idf = [], []
    for which in (0, 1):
        tfidf = TfidfVectorizer(
            analyzer=_Block(which), sublinear_tf=True, min_df=recipe.min_df, dtype=np.float64
        )
        blocks.append(tfidf.fit_transform(data.texts))
        start = len(index)
        index.update({str(word): start + int(row) for word, row in tfidf.vocabulary_.items()})
        idf.append(tfidf.idf_)
    matrix = sparse.hstack(blocks).tocsr()
    machine = LinearSVC(C=recipe.cost, random_state=0).fit(matrix, data.labels)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:  # one column tells two classes apart: give each its own
        weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
    elif recipe.bayes:
        share = ComplementNB(alpha=0.3).fit(matrix, data.labels).feature_log_prob_.T
        weights = weights + recipe.bayes * (share - share.mean(axis=1, keepdims=True))
    return Linear(
        tuple(str(c) for c in machine.classes_), index, np.hstack(idf).astype(np.float32),
        weights.astype(np.float16), bias.astype(np.float32), 1.0,
    )  # fmt: skip


@dataclass(frozen=True)
class _Block:
    """One of the two feature blocks as an analyzer of scikit-learn."""

    which: int

    def __call__(self, folded: str) -> list[str]:
        return grams(folded)[self.which]


@dataclass(frozen=True)
class Unseen:
    """Decision values for phrases of writers that the model had not seen."""

    scores: np.ndarray[Any, Any]
    labels: list[str]
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

    def probabilities(self, temperature: float) -> np.ndarray[Any, Any]:
        return np.array([softmax(row * temperature) for row in self.scores])


def held_out(data: Sample, recipe: Recipe, shifts: Mapping[str, float] = NO_SHIFTS) -> Unseen:
    """Fits without each fold in turn and scores that fold; `shifts` are added to the bias."""
    classes = tuple(sorted(set(data.labels)))
    scores, labels, texts = [], [], []
    for part in sorted(set(data.folds)):
        model = shifted(fit(data.without(part), recipe), shifts)
        if model.classes != classes:
            continue  # a label that only this fold has cannot be judged
        rest = data.only(part)
        scores += [model.scores(text) for text in rest.texts]
        labels += rest.labels
        texts += rest.texts
    return Unseen(np.array(scores), labels, texts, classes)


def shifted(model: Linear, shifts: Mapping[str, float]) -> Linear:
    """The model with some classes made more or less likely."""
    extra = [shifts.get(name, 0.0) for name in model.classes]
    return replace(model, bias=model.bias + np.array(extra, np.float32))


def calibrated(
    data: Sample, recipe: Recipe, shifts: Mapping[str, float] = NO_SHIFTS
) -> tuple[Linear, Unseen]:
    """The model on all data, with the temperature found on unseen writers."""
    unseen = held_out(data, recipe, shifts)
    model = shifted(fit(data, recipe), shifts)
    return replace(model, temperature=unseen.temperature()), unseen


def intents(phrases: Sequence[Phrase], urgency: frozenset[str]) -> Sample:
    """What the intent model learns from: everything but the danger data."""
    skip = urgency | {NOT_URGENT}
    return sample(phrases, lambda p: None if p.label in skip else p.label)


def dangers(phrases: Sequence[Phrase], urgency: frozenset[str]) -> Sample:
    """What the triage learns from: the classes, and everything else as none."""
    return sample(phrases, lambda p: p.label if p.label in urgency else NONE)


def languages(phrases: Sequence[Phrase]) -> Sample:
    """What the language model learns from: every phrase."""
    return sample(phrases, lambda p: p.language)


def threshold(confidence: np.ndarray[Any, Any], right: np.ndarray[Any, Any], aim: float) -> float:
    """The lowest confidence from which on at least `aim` of the answers are right."""
    order = np.argsort(-confidence)
    good = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(good >= aim)
    return float(confidence[order][enough[-1]]) if len(enough) else 1.0


def exact_phrases(data: Sample) -> Iterator[tuple[str, str]]:
    """Short phrases that mean one thing only, whole: the model need not guess these."""
    meanings: dict[str, set[str]] = {}
    for text, label in zip(data.texts, data.labels, strict=True):
        meanings.setdefault(text, set()).add(label)
    for text, labels in meanings.items():
        if len(labels) == 1 and len(text.split()) <= 4:
            yield text, next(iter(labels))
