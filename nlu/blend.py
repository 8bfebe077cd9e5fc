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
    probability of each language; `spoken`, the same of the languages that count: the others are
    zero, and a row sums to one."""

    heads: Mapping[str, Head]
    scores: Floats
    speaks: Floats
    spoken: Floats

    def of(self, head: str) -> Floats:
        """The decision values of one head's classes."""
        return self.scores[:, self.heads[head].columns]

    def where(self, rows: Sequence[int] | NDArray[np.intp]) -> Judgements:
        """The chosen texts only."""
        chosen = np.asarray(rows, np.intp)
        return Judgements(self.heads, self.scores[chosen], self.speaks[chosen],
                          self.spoken[chosen])  # fmt: skip


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
        spoken = np.where(speaks > SMALL, speaks, np.float32(0))
        spoken /= spoken.sum(axis=1, keepdims=True)
        shares = self.shares(spoken)
        blended = scores[:, self.start :]
        blended *= 1 - shares.sum(axis=1, keepdims=True)
        for model, share in zip(self.own.values(), shares.T, strict=True):
            (rows,) = share.nonzero()
            if len(rows):
                blended[rows] += model.scores(texts, rows) * share[rows, None]
        return Judgements(self.heads, scores, speaks, spoken)

    @property
    def start(self) -> int:
        """The first column on which the languages' own models have a say."""
        own = max((len(model.classes) for model in self.own.values()), default=0)
        return len(self.joint.classes) - own

    def shares(self, spoken: Floats) -> Floats:
        """What each own model counts for texts in these languages (texts x own models); the rest is
        the joint one's, at least half."""
        codes = self.heads[LANGUAGE].classes
        return spoken[:, [codes.index(code) for code in self.own]] * np.float32(0.5)
