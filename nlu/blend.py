"""Several models asked at once, and two opinions on one text: of a model of all languages, and of
its own language's.

The joint model knows words that languages share and needs no language; the own model is not
disturbed by the others. Their average beats both. The weights of all models stand side by side, so
that a text is looked up once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.linear import Linear, softmax
from nlu.space import Floats, Vectors

LANGUAGE = "language"  # the head that says which own models are asked
SMALL = 0.02  # languages less likely than this do not count


@dataclass(frozen=True)
class Head:
    """One model: its classes are the columns from `start` on; its probabilities are calibrated by
    one `temperature`."""

    classes: tuple[str, ...]
    start: int
    temperature: float = 1.0

    @property
    def columns(self) -> slice:
        """Of the blended scores."""
        return slice(self.start, self.start + len(self.classes))


@dataclass(frozen=True)
class Judgements:
    """What the models say of texts, a row a text: the decision values of all heads, and the
    probability of each language; `likely`, the languages that count, which sum to one."""

    heads: Mapping[str, Head]
    scores: Floats
    speaks: Floats
    likely: Sequence[Mapping[str, float]]

    def of(self, head: str) -> Floats:
        """The decision values of one head's classes."""
        return self.scores[:, self.heads[head].columns]

    def where(self, rows: Sequence[int] | NDArray[np.intp]) -> Judgements:
        """The chosen texts only."""
        chosen = np.asarray(rows, np.intp)
        return Judgements(self.heads, self.scores[chosen], self.speaks[chosen],
                          [self.likely[n] for n in chosen.tolist()])  # fmt: skip


@dataclass(frozen=True)
class Blend:
    """`own`, a model a language, has the last columns of `joint`: those of the heads that differ
    by language."""

    heads: Mapping[str, Head]
    joint: Linear
    own: Mapping[str, Linear] = field(default_factory=dict)

    def judge(self, texts: Vectors) -> Judgements:
        """Every head's decision values."""
        scores = self.joint.scores(texts)
        head = self.heads[LANGUAGE]
        speaks = softmax(scores[:, head.columns] * head.temperature)
        likely = [_likely(head.classes, row) for row in speaks.tolist()]
        shares = np.array([self.shares(found) for found in likely], np.float32)
        shares = shares.reshape(len(likely), len(self.own))  # also where there are none
        blended = scores[:, self.start :]
        blended *= 1 - shares.sum(axis=1, keepdims=True)
        models = list(self.own.values())
        for n in np.flatnonzero(shares.any(axis=0)).tolist():
            rows = np.flatnonzero(shares[:, n])
            blended[rows] += models[n].scores(texts, rows.tolist()) * shares[rows, n, None]
        return Judgements(self.heads, scores, speaks, likely)

    @property
    def start(self) -> int:
        """The first column on which the languages' own models have a say."""
        own = max((len(model.classes) for model in self.own.values()), default=0)
        return len(self.joint.classes) - own

    def shares(self, likely: Mapping[str, float]) -> list[float]:
        """What each own model counts for a text in these languages; the rest is the joint one's,
        at least half."""
        return [likely.get(code, 0.0) / 2 for code in self.own]


def _likely(codes: tuple[str, ...], probabilities: Sequence[float]) -> dict[str, float]:
    found = {code: p for code, p in zip(codes, probabilities, strict=True) if p > SMALL}
    total = sum(found.values())
    return {code: p / total for code, p in found.items()}
