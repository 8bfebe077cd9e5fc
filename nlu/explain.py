"""Why a text was read as it was: the n-grams that spoke for each intent and for the alarm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlu.engine import OUT, Engine
from nlu.features import Array, marked
from nlu.hearing import Hearing
from nlu.reading import Reading
from nlu.triage import HEADS

MOST = 8  # features shown
DANGERS = 3
URGENT = "urgent"  # the name of the alarm's reason


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
    then the likeliest classes; `asked` and `cried` are the parts of the text that they were heard
    in; `unknown` are words that training never saw; `always`: it rings by a safe word or a cry
    known as a whole, whatever the models say."""

    folded: str
    reading: Reading
    intents: tuple[Reason, ...]
    urgency: tuple[Reason, ...]
    asked: str
    cried: str
    unknown: tuple[str, ...]
    always: bool


def explain(engine: Engine, text: str, most: int = MOST) -> Explanation:
    """Reads the text once more and keeps what the reading was made of; pure."""
    reading = engine.read(text)
    heard = Hearing.of(engine.space, engine.blend, [text])
    folded = heard.folded[0]
    asked, cried = int(heard.surest()[0][0]), int(heard.loudest(engine.scales)[0][0])
    why, alarm = _Why(engine, heard, asked, most), _Why(engine, heard, cried, most)
    unknown = tuple(word for word in folded.split() if not engine.space.knows(word))
    intents = tuple(why.intent(guess.name) for guess in reading.ranking if guess.name != OUT)
    return Explanation(folded, reading, intents, (alarm.alarm(), *alarm.dangers()),
                       heard.parts[asked], heard.parts[cried], unknown,
                       always=engine.triage.known(folded) is not None)  # fmt: skip


class _Why:
    """What the features of one row added to every decision value."""

    def __init__(self, engine: Engine, heard: Hearing, row: int, most: int) -> None:
        blend = engine.blend
        vector = heard.vectors.one(row)
        said = heard.said.where([row])
        shares = blend.shares(said.spoken)[0].tolist()
        added = blend.joint.contributions(vector)
        blended = added[:, blend.start :]
        blended *= 1 - sum(shares)
        for model, share in zip(blend.own.values(), shares, strict=True):
            if share:
                blended += model.contributions(vector) * share
        names = engine.space.names(marked(heard.parts[row], heard.folded[row]))
        self._names = [names[int(place)] for place in vector.rows]
        self._said, self._added, self._most = said, added, most
        self._scales = engine.scales

    def intent(self, name: str) -> Reason:
        """Why this intent."""
        column = self._column("intent", name)
        return self._reason(name, self._added[:, column], self._said.scores[0, column])

    def alarm(self) -> Reason:
        """Why it rings, or does not: the parts nearly sum to the value of this row, beside which
        the whole message counts a little, and how long it is."""
        pulled = self._added @ self._scales.pull(self._said)
        return self._reason(URGENT, pulled, self._scales.value(self._said)[0])

    def dangers(self) -> list[Reason]:
        """Why the likeliest dangers."""
        scores = self._scales.each(self._said.scores)[0]
        found = []
        for n in np.argsort(-scores)[:DANGERS].tolist():
            columns = [self._column(head, self._scales.dangers[n]) for head in HEADS]
            added = self._added[:, columns].sum(axis=1)
            found.append(self._reason(self._scales.dangers[n], added, scores[n]))
        return found

    def _column(self, head: str, name: str) -> int:
        model = self._said.heads[head]
        return model.start + model.classes.index(name)

    def _reason(self, name: str, added: Array, score: float) -> Reason:
        top = np.argsort(-np.abs(added), kind="stable")[: self._most]
        features = tuple(Feature(self._names[i], round(float(added[i]), 4))
                         for i in top if added[i])  # fmt: skip
        return Reason(name, round(float(score), 4), features)
