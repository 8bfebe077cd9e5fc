"""Where to draw the lines: from which confidence to answer, from which score to ring.

Lines are drawn per language on the tuning messages where there are enough of them, else on phrases
of unseen writers. An answer's line has three aims: enough answered, enough of it right, enough of
what is out of scope refused; it lies where the aim least surpassed is surpassed most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.blend import Blend, likely
from nlu.corpus import Array, Sample
from nlu.evaluate import LOOKALIKE, UNJUDGED, Case
from nlu.linear import Linear, Space, Vector
from nlu.normalise import fold
from nlu.sureness import OUT, sureness
from nlu.training import Unseen
from nlu.triage import NONE, value

# Shares of the urgent tuning messages that must ring, and of right answers among those given.
# A little more than is aimed at: a new writer's cries are missed more often. Stricter lines in
# languages with fewer phrases would ring for everything and answer nothing.
RECALL, RECALLS = 0.965, {"en": 0.985, "fr": 0.985}
RIGHT, RIGHTS = 0.93, {"en": 0.97, "fr": 0.97, "pcm": 0.97}
ANSWERED = 0.8  # share of questions that should be answered
REFUSED = 0.95  # share of out-of-scope messages that must not be answered
LOW, HIGH, STEPS = 0.0, 1.2, 61  # lines tried
NEARLY = 0.1  # standard errors: lines that are as good as the best
PULL = 0.25  # of a language's line to the mean of all: fifty messages out of scope are few
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
        alarm, danger = Blend.of(models, "alarm"), models["urgency"]
        urgent = sample.labels != NONE
        tuned: dict[str, list[float]] = {}
        for case in messages:
            if case.urgency not in (UNJUDGED, LOOKALIKE):
                vector = space.vector(fold(case.text))
                speaks = _languages(models, vector)
                score = float(value(alarm.scores(vector, speaks)[0], danger.scores(vector),
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
class Answers:
    """What a model would say to some messages: how sure it is, whether it is right, and whether
    the message was a question about a topic or out of scope."""

    sure: Array
    right: Array
    asked: Array
    outside: Array

    @classmethod
    def of(cls, scores: Array, classes: Sequence[str], truth: Array) -> Answers:
        """`scores` has a row a message."""
        out = list(classes).index(OUT)
        names = np.array(classes)[scores.argmax(axis=1)]
        return cls(np.array([sureness(row, out) for row in scores]), names == truth,
                   np.char.startswith(truth, "ask_"), truth == OUT)  # fmt: skip

    def where(self, keep: Array) -> Answers:
        """The chosen messages only."""
        return Answers(self.sure[keep], self.right[keep], self.asked[keep], self.outside[keep])

    def slack(self, start: float, aim: float) -> float:
        """By how many standard errors the aim least surpassed is surpassed with this line; below
        zero if one is missed. `aim` is of right answers."""
        given = self.sure >= start
        return min(
            _errors(self.right[given], aim),
            _errors(given[self.asked], ANSWERED),
            _errors(~given[self.outside], REFUSED),
        )

    def line(self, aim: float) -> float:
        """Where there is most slack: the middle of the best lines."""
        if not len(self.sure):
            return 0.0
        starts = np.linspace(LOW, HIGH, STEPS)
        slacks = np.array([self.slack(start, aim) for start in starts])
        best = starts[slacks >= slacks.max() - NEARLY]
        return float(best.mean())


def _errors(hits: Array, aim: float) -> float:
    if not len(hits):
        return 0.0
    return float((hits.mean() - aim) / np.sqrt(aim * (1 - aim) / len(hits)))


@dataclass(frozen=True)
class Sure:
    """Per language, the sureness (see `nlu.sureness`) from which an answer is given."""

    starts: dict[str, float]

    @classmethod
    def of(
        cls, space: Space, models: Mapping[str, Linear], messages: Sequence[Case], unseen: Unseen
    ) -> Sure:
        """Lines on the tuning messages, or on the unseen phrases in languages with too few."""
        intent = Blend.of(models, "intent")
        judged = [case for case in messages if case.intent != UNJUDGED]
        spoken = np.array([case.language for case in judged])
        starts = {}
        for code in np.unique(unseen.sample.languages).tolist():
            if (spoken == code).sum() >= ENOUGH:
                mine = [case for case in judged if case.language == code]
                vectors = [space.vector(fold(c.text)) for c in mine]
                scores = np.array([intent.scores(v, _languages(models, v)) for v in vectors])
                found = Answers.of(scores, intent.classes, np.array([c.intent for c in mine]))
            else:
                rows = unseen.sample.languages == code
                found = Answers.of(unseen.scores[rows], unseen.classes, unseen.sample.labels[rows])
            starts[str(code)] = found.line(RIGHTS.get(code, RIGHT))
        mean = float(np.mean(list(starts.values())))
        return cls({code: round(start + PULL * (mean - start), 4)
                    for code, start in starts.items()})  # fmt: skip


def _languages(models: Mapping[str, Linear], vector: Vector) -> dict[str, float]:
    return likely(models["language"], models["language"].probabilities(vector))
