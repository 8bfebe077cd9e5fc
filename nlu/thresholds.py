"""Where to draw the lines: from which confidence to answer, from which score to ring.

Lines are drawn per language on the tuning messages where there are enough of them. Elsewhere they
are drawn on phrases of unseen writers, as strictly as the others' lines turn out to be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.corpus import Array, Sample
from nlu.evaluate import LOOKALIKE, OUT, UNJUDGED, Case
from nlu.linear import Linear, Space, softmax
from nlu.normalise import fold
from nlu.training import Unseen
from nlu.triage import ALARM, value

# Shares of the urgent tuning messages that must ring, and of right answers among those given.
# Stricter lines in languages with fewer phrases would ring for everything and answer nothing.
RECALL, RECALLS = 0.96, {"en": 0.98, "fr": 0.98}
RIGHT, RIGHTS = 0.945, {"en": 0.972, "fr": 0.972, "pcm": 0.972}
REFUSED = 0.95  # share of out-of-scope messages that must not be answered
ENOUGH = 60  # messages that a line can be drawn on
TEMPERATURES = np.geomspace(0.5, 24, 48)


def temperature(unseen: Unseen) -> float:
    """The one under which the true labels are likeliest."""
    truth = np.array([unseen.classes.index(label) for label in unseen.sample.labels])
    rows = np.arange(len(truth))

    def loss(t: float) -> float:
        scaled = unseen.scores * t
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(logs[rows, truth].mean())

    return float(min(TEMPERATURES, key=loss))


@dataclass(frozen=True)
class Rings:
    """Per language, the value from which the alarm rings."""

    starts: dict[str, float]
    steepness: float

    @classmethod
    def of(
        cls, space: Space, models: Mapping[str, Linear], messages: Sequence[Case],
        sample: Sample, unseen: Array,
    ) -> Rings:  # fmt: skip
        """`unseen` holds the values of `sample` by models without the phrase's writer."""
        alarm, danger = models["alarm"], models["urgency"]
        urgent = sample.labels == ALARM
        tuned: dict[str, list[float]] = {}
        for case in messages:
            if case.urgency not in (UNJUDGED, LOOKALIKE):
                vector = space.vector(fold(case.text))
                score = float(value(alarm.scores(vector)[0], danger.scores(vector),
                                    danger.classes))  # fmt: skip
                tuned.setdefault(case.language, []).append(score)
        starts = {code: float(np.quantile(found, 1 - RECALLS.get(code, RECALL)))
                  for code, found in tuned.items() if len(found) >= ENOUGH}  # fmt: skip
        cries = {str(code): unseen[urgent & (sample.languages == code)]
                 for code in np.unique(sample.languages)}  # fmt: skip
        missed = [float((cries[code] < start).mean()) for code, start in starts.items()]
        allowed = float(np.mean(missed)) if missed else 1 - RECALL
        for code, found in cries.items():
            if code not in starts:
                starts[code] = float(np.quantile(found, allowed)) if len(found) else 0.0
        return cls({code: round(start, 4) for code, start in sorted(starts.items())},
                   _steepness(unseen, urgent))  # fmt: skip


def _steepness(scores: Array, urgent: Array) -> float:
    """Of the logistic curve that fits the unseen phrases best."""
    signs = np.where(urgent, 1.0, -1.0)
    middle = (float(np.median(scores[urgent])) + float(np.median(scores[~urgent]))) / 2
    losses = {k: float(np.logaddexp(0, -k * signs * (scores - middle)).mean())
              for k in np.geomspace(0.5, 12, 24)}  # fmt: skip
    return round(float(min(losses, key=losses.__getitem__)), 3)


@dataclass(frozen=True)
class Sure:
    """Per language, the confidence from which an answer is given."""

    starts: dict[str, float]

    @classmethod
    def of(cls, space: Space, intent: Linear, messages: Sequence[Case], unseen: Unseen) -> Sure:
        """Lines for every language of the unseen phrases."""
        judged: dict[str, list[tuple[float, bool, bool]]] = {}
        for case in messages:
            if case.intent != UNJUDGED:
                found = intent.probabilities(space.vector(fold(case.text)))
                name = intent.classes[int(found.argmax())]
                if name != OUT:  # refusing is never a wrong answer
                    row = (float(found.max()), name == case.intent, case.intent == OUT)
                    judged.setdefault(case.language, []).append(row)
        outside = {code: sum(c.intent == OUT and c.language == code for c in messages)
                   for code in judged}  # fmt: skip
        starts = {
            code: _line(np.array([r[0] for r in rows]), np.array([r[1] for r in rows]),
                        np.array([r[2] for r in rows]), RIGHTS.get(code, RIGHT), outside[code])
            for code, rows in judged.items() if len(rows) >= ENOUGH
        }  # fmt: skip
        names = np.array(unseen.classes)[unseen.scores.argmax(axis=1)]
        sure = np.array([float(softmax(row * intent.temperature).max()) for row in unseen.scores])
        right, answer = names == unseen.sample.labels, names != OUT
        shares, aims = [], []
        for code, start in starts.items():
            aims.append(RIGHTS.get(code, RIGHT))
            given = answer & (unseen.sample.languages == code) & (sure >= start)
            shares.append(float(right[given].mean()))
        # What unseen writers get wrong is a multiple of what the tuning messages get wrong.
        wrong = (1 - float(np.mean(shares))) / (1 - float(np.mean(aims))) if shares else 1.0
        aim = 1 - wrong * (1 - RIGHT)
        for code in np.unique(unseen.sample.languages):
            if code not in starts:
                mine = answer & (unseen.sample.languages == code)
                none = np.zeros(int(mine.sum()), bool)
                starts[str(code)] = _line(sure[mine], right[mine], none, aim, 0)
        return cls({code: round(start, 4) for code, start in sorted(starts.items())})


def _line(sure: Array, right: Array, outside: Array, aim: float, refusals: int) -> float:
    """The lowest confidence from which on at least `aim` of the answers are right and enough of
    what is out of scope is refused."""
    order = np.argsort(-sure, kind="stable")
    good = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    let_in = np.cumsum(outside[order]) / max(1, refusals)
    enough = np.flatnonzero((good >= aim) & (let_in <= 1 - REFUSED))
    return float(sure[order][enough[-1]]) if len(enough) else 1.0
