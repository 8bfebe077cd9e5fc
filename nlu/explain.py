"""Why a text was read as it was: the n-grams that spoke for each intent and for the alarm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlu.blend import Blend, likely
from nlu.engine import Engine
from nlu.linear import Linear, Vector
from nlu.normalise import fold
from nlu.reading import Reading
from nlu.triage import ALARM

MOST = 8  # features shown
_KINDS = {"w:": "", "s:": " … "}


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
    vector = engine.space.vector(folded)
    reading = engine.read(text)
    speaks = likely(engine.language, engine.language.probabilities(vector))
    why = _Why(engine, vector, speaks, most)
    dangers = tuple(n for n in engine.danger.classes if n in engine.triage.priorities)
    classes = sorted(why.reasons(Blend(engine.danger), dangers), key=lambda r: -r.score)
    alarm = why.reasons(engine.alarm, (ALARM,))
    intents = why.reasons(engine.intent, tuple(g.name for g in reading.ranking))
    unknown = tuple(w for w in folded.split() if f"w:{w}" not in engine.space.index)
    return Explanation(folded, reading, intents, (*alarm, *classes[:3]), unknown)


@dataclass(frozen=True)
class _Why:
    """One text, whose rows are turned back to n-grams."""

    engine: Engine
    vector: Vector
    languages: dict[str, float]
    most: int

    def reasons(self, model: Blend, classes: tuple[str, ...]) -> tuple[Reason, ...]:
        grams = self.engine.space.grams(self.vector.rows)
        parts = model.parts(self.languages)
        added = sum(contributions(one, self.vector) * share for one, share in parts)
        bias = sum(one.bias * share for one, share in parts)
        scores = np.asarray(added).sum(axis=0) + bias
        found = []
        for name in classes:
            column = model.classes.index(name)
            mine = np.asarray(added)[:, column]
            top = np.argsort(-np.abs(mine), kind="stable")[: self.most]
            features = tuple(
                Feature(_shown(grams[i]), round(float(mine[i]), 4)) for i in top if mine[i]
            )
            found.append(Reason(name, round(float(scores[column]), 4), features))
        return tuple(found)


def contributions(
    model: Linear, vector: Vector
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """What each row of a text adds to each class: rows x classes; with the bias, they sum to the
    decision values."""
    picked = model.weights[model.rows[vector.rows]].astype(np.float32)
    return picked * (vector.values * model.scales[vector.rows])[:, None]


def _shown(gram: str) -> str:
    kind = gram[:2]
    if kind == "s:":
        return gram[2:].replace(" ", _KINDS[kind], 1)
    return gram[2:] if kind == "w:" else gram.replace(" ", "_")
