"""Why a text was read as it was: the n-grams that spoke for each intent and for the alarm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    names = _Names(engine)
    reading = engine.read(text)
    dangers = tuple(n for n in engine.models["urgency"].classes if n in engine.triage.priorities)
    alarm = names.reasons("alarm", vector, (ALARM,), most)
    classes = sorted(names.reasons("urgency", vector, dangers, most), key=lambda r: -r.score)
    intents = names.reasons("intent", vector, tuple(g.name for g in reading.ranking), most)
    unknown = tuple(w for w in folded.split() if f"w:{w}" not in engine.space.index)
    return Explanation(folded, reading, intents, (*alarm, *classes[:3]), unknown)


class _Names:
    """Rows back to n-grams; only the rows of one text are looked up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reasons(
        self, model: str, vector: Vector, classes: tuple[str, ...], most: int
    ) -> tuple[Reason, ...]:
        linear = self._engine.models[model]
        grams = self._engine.space.grams(vector.rows)
        parts = contributions(linear, vector)
        found = []
        for name in classes:
            column = linear.classes.index(name)
            added = parts[:, column]
            top = np.argsort(-np.abs(added), kind="stable")[:most]
            features = tuple(
                Feature(_shown(grams[i]), round(float(added[i]), 4)) for i in top if added[i]
            )
            score = round(float(added.sum() + linear.bias[column]), 4)
            found.append(Reason(name, score, features))
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
