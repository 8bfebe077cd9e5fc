"""Training: scikit-learn fits, numpy serves. Deterministic: the same data gives the same model.

Each model is a linear support vector machine, class against rest, plus a share of complement naive
Bayes. Both are linear in the same features, so the sum is one matrix and costs nothing when
serving. Some models have a sister for each language, fitted on it alone (see `nlu.blend`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from nlu.corpus import Sample
from nlu.features import Array

SMOOTH = 0.3  # of naive Bayes
# Of so few phrases, as a language's own are, what is near enough for many is far from the optimum:
# of 8,000 it costs four points of the right topics.
FEW, NEAR = 30_000, 1.0
ABSENT = -1.5  # the decision value of a class that a language has no phrases of


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is fitted. `bayes` is the share of naive Bayes in the decision values;
    `shifts` make some classes more or less likely; `least` is in how many phrases a feature must
    stand to have a weight; `own`, whether each language has a model of its own, too; `near`, how
    near the machine's optimum is near enough (of FEW phrases, NEAR at least): of many, twice as
    near takes a fifth longer and reads the tuning messages no better; `apart`, if given, tells the
    labels further apart before, from the matrix and the labels."""

    cost: float = 1.0
    bayes: float = 0.0
    shifts: Mapping[str, float] = field(default_factory=dict)
    least: int = 1
    own: bool = False
    near: float = 1.0
    apart: Callable[[sparse.csr_matrix, Array], Array] | None = None


@dataclass(frozen=True)
class Fitted:
    """A model with its weights in full, a row for each of the features `known` of `size`, which are
    in no order."""

    classes: tuple[str, ...]
    weights: Array
    bias: Array
    known: Array
    size: int

    def scores(self, matrix: sparse.csr_matrix) -> Array:
        """Decision values, a row a text."""
        return np.asarray(matrix[:, self.known] @ self.weights + self.bias)

    def among(self, classes: tuple[str, ...]) -> Fitted:
        """The model with these classes; those it never saw are unlikely."""
        weights = np.zeros((len(self.weights), len(classes)), np.float32)
        bias = np.full(len(classes), ABSENT, np.float32)
        for n, name in enumerate(classes):
            if name in self.classes:
                column = self.classes.index(name)
                weights[:, n], bias[n] = self.weights[:, column], self.bias[column]
        return replace(self, classes=classes, weights=weights, bias=bias)


def fit(matrix: sparse.csr_matrix, labels: Array, recipe: Recipe) -> Fitted:
    """Fits one model to rows with their labels."""
    if recipe.apart:
        labels = recipe.apart(matrix, labels)
    size = matrix.shape[1]
    often = np.bincount(matrix.indices, minlength=size)
    # The usual features first: fitting then stays in the machine's fast memory.
    known = np.argsort(-often, kind="stable")[: np.count_nonzero(often >= recipe.least)]
    matrix = matrix[:, known]
    near = min(recipe.near, NEAR) if len(labels) < FEW else recipe.near
    machine = LinearSVC(C=recipe.cost, tol=near, random_state=0).fit(matrix, labels)
    weights, bias = machine.coef_.T.astype(np.float32), machine.intercept_
    if len(machine.classes_) == 2:  # one column tells two classes apart: give each its own
        weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
    elif recipe.bayes:
        share = ComplementNB(alpha=SMOOTH).fit(matrix, labels).feature_log_prob_.T
        share -= share.mean(axis=1, keepdims=True)
        weights = weights + recipe.bayes * share.astype(np.float32)
    classes = tuple(str(c) for c in machine.classes_)
    bias = bias + np.array([recipe.shifts.get(name, 0.0) for name in classes])
    return Fitted(classes, weights, bias.astype(np.float32), known, size)


@dataclass(frozen=True)
class Fitting:
    """Fits under way on the cores: on the whole sample, and on each language alone."""

    sample: Sample
    whole: Future[Fitted]
    own: dict[str, Future[Fitted]]

    @classmethod
    def start(
        cls, pool: Executor, sample: Sample, recipe: Recipe, done: Callable[[], None]
    ) -> Fitting:
        """Hands the fits to a pool of processes (liblinear's random numbers are global, so
        threads would disturb each other); `done` is called after each."""

        def one(chosen: Sample) -> Future[Fitted]:
            future = pool.submit(fit, chosen.matrix, chosen.labels, recipe)
            future.add_done_callback(lambda _: done())
            return future

        whole = one(sample)  # the longest first
        return cls(sample, whole, {code: one(sample.where(sample.languages == code))
                           for code in alone(sample.languages, sample.labels, recipe)})  # fmt: skip


def alone(languages: Array, labels: Array, recipe: Recipe) -> list[str]:
    """The languages that have a model of their own: those with more than one label."""
    if not recipe.own:
        return []
    return [code for code in np.unique(languages).tolist()
            if len(np.unique(labels[languages == code])) > 1]  # fmt: skip


def exact_phrases(sample: Sample) -> Iterator[tuple[str, str]]:
    """Short phrases that mean one thing only, whole: the model need not guess these."""
    meanings: dict[str, set[str]] = {}
    for text, label in zip(sample.texts, sample.labels.tolist(), strict=True):
        meanings.setdefault(text, set()).add(label)
    for text, labels in meanings.items():
        if len(labels) == 1 and len(text.split()) <= 4:
            yield text, next(iter(labels))
