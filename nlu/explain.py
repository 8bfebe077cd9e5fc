"""Why a text was read as it was: the n-grams that spoke for each intent and for the alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.engine import Engine
from nlu.normalise import fold
from nlu.reading import Reading

MOST = 8  # features shown


@dataclass(frozen=True)
class Feature:
    """A word, a pair of words ("lost … card" has one between) or a piece of a word, with what it
    added to the decision value."""

    gram: str
    contribution: float


@dataclass(frozen=True)
class Reason:
    """A class with its decision value and the features that weighed most, for or against it."""

    name: str
    score: float
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class Explanation:
    """`intents` are the ranking's, the likeliest first; `urgency` begins with the alarm itself,
    then the likeliest classes; `unknown` are words that training never saw."""

    folded: str
    reading: Reading
    intents: tuple[Reason, ...]
    urgency: tuple[Reason, ...]
    unknown: tuple[str, ...]


def explain(engine: Engine, text: str, most: int = MOST) -> Explanation:
    """Reads the text once more and keeps what the reading was made of; pure."""
    folded = fold(text)
    reading = engine.read(text)
    why = _Why(engine, folded, most)
    dangers = sorted(why.reasons("urgency", list(engine.triage.priorities)),
                     key=lambda reason: -reason.score)  # fmt: skip
    intents = why.reasons("intent", [guess.name for guess in reading.ranking])
    unknown = tuple(word for word in folded.split() if not engine.space.knows(word))
    return Explanation(folded, reading, intents, (*why.reasons("alarm"), *dangers[:3]), unknown)


class _Why:
    """What the features of one text added to every decision value."""

    def __init__(self, engine: Engine, folded: str, most: int) -> None:
        space, blend = engine.space, engine.blend
        vector = space.vectors([folded])
        said = blend.judge(vector)
        shares = blend.shares(said.likely[0])
        added = blend.joint.contributions(vector)
        blended = added[:, blend.start :]
        blended *= 1 - sum(shares)
        for model, share in zip(blend.own.values(), shares, strict=True):
            if share:
                blended += model.contributions(vector) * share
        names = space.names(folded)
        self._names = [names[int(row)] for row in vector.rows]
        self._heads, self._scores = blend.heads, said.scores[0]
        self._added, self._most = added, most

    def reasons(self, head: str, classes: Sequence[str] | None = None) -> tuple[Reason, ...]:
        """For these classes of a head, or all."""
        model = self._heads[head]
        return tuple(self._reason(name, model.start + model.classes.index(name))
                     for name in classes or model.classes if name in model.classes)  # fmt: skip

    def _reason(self, name: str, column: int) -> Reason:
        mine = self._added[:, column]
        top = np.argsort(-np.abs(mine), kind="stable")[: self._most]
        features = tuple(Feature(self._names[i], round(float(mine[i]), 4))
                         for i in top if mine[i])  # fmt: skip
        return Reason(name, round(float(self._scores[column]), 4), features)
