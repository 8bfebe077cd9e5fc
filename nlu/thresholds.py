"""Where to draw the lines: from which confidence to answer, from which score to ring.

Lines are drawn on the tuning messages, per language where there are enough of them. An answer's
line has three aims: enough answered, enough of it right, enough of what is out of scope refused; it
is the lowest that surpasses all of them comfortably, so that nobody is asked back for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nlu.blend import LANGUAGE, Blend
from nlu.case import LOOKALIKE, UNJUDGED, Case
from nlu.features import Array, marked
from nlu.hearing import Hearing
from nlu.space import Floats, Space
from nlu.sureness import OUT
from nlu.triage import Scales

# Shares of the urgent tuning messages that must ring; and the share of look-alikes, and of plain
# messages, that may for still more: less than is aimed at, as a new writer's ring more often.
RECALL, RECALLS = 0.965, {"en": 0.9925, "fr": 0.9925}
MOST, FALSE = 0.998, 0.04
# How much of the mean line a language's own line takes over: writers differ more than languages.
PULL = 0.65
# Shares of right answers among those given.
RIGHT, RIGHTS = 0.93, {"en": 0.97, "fr": 0.97, "pcm": 0.97}
ANSWERED = 0.8  # share of questions that should be answered
REFUSED = 0.95  # share of out-of-scope messages that must not be answered
LOW, HIGH, STEPS = 0.0, 2.4, 121  # lines tried
# Standard errors by which an aim should be surpassed. It, RECALL, MOST, FALSE and PULL were chosen
# with `tests.bench.lines`: by how many writers whom no line was drawn on were read as is aimed at,
# and where two choices were as good, by the cries that rang.
COMFORT = 2.0
NEARLY = 0.1  # standard errors: lines that are as good as the best
# So many messages out of scope count the mean of all languages' lines beside a language's own: a
# hundred are few.
MEAN = 37
ENOUGH = 60  # messages that a line can be drawn on
TEMPERATURES = np.geomspace(0.5, 24, 48)
# Without tuning messages, as in a test: what came out for the first languages, roughly.
TEMPERATURE, STEEPNESS, ANSWERS_FROM, RINGS_FROM = 6.0, 2.3, 0.5, 0.7


@dataclass(frozen=True)
class Heard:
    """The tuning messages as the engine would hear them: what is asked in each and how `sure` that
    is, and how `urgent` it is."""

    cases: Sequence[Case]
    asked: Array  # names of intents
    sure: Array
    urgent: Array

    @classmethod
    def of(cls, space: Space, blend: Blend, cases: Sequence[Case], scales: Scales) -> Heard:
        """Reads every message once."""
        heard = Hearing.of(space, blend, [case.text for case in cases])
        rows, sure = heard.surest()
        intents = np.array(blend.heads["intent"].classes)
        asked = intents[heard.said.of("intent")[rows].argmax(axis=1)]
        return cls(cases, asked, sure, heard.loudest(scales)[1])

    def where(self, keep: Callable[[Case], bool], language: str | None = None) -> Heard:
        """The chosen messages only, of one language if it is named."""
        rows = [n for n, case in enumerate(self.cases)
                if keep(case) and language in (None, case.language)]  # fmt: skip
        return Heard([self.cases[n] for n in rows], self.asked[rows], self.sure[rows],
                     self.urgent[rows])  # fmt: skip


def _judged(case: Case) -> bool:
    return case.intent != UNJUDGED


def _urgent(case: Case) -> bool:
    return case.urgency not in (UNJUDGED, LOOKALIKE)


def _looks_so(case: Case) -> bool:
    return case.urgency == LOOKALIKE


def _plain(case: Case) -> bool:
    return case.urgency == UNJUDGED


def calibrated(space: Space, blend: Blend, cases: Sequence[Case]) -> Blend:
    """The blend with the temperatures under which the true languages and intents are likeliest."""
    if not cases:
        return _with(blend, {LANGUAGE: TEMPERATURE, "intent": TEMPERATURE})
    vectors = space.vectors([marked(case.text) for case in cases])
    heads = blend.heads
    scores = blend.judge(vectors).of(LANGUAGE)
    spoken = temperature(scores, heads[LANGUAGE].classes, [case.language for case in cases])
    blend = _with(blend, {LANGUAGE: spoken})
    scores = blend.judge(vectors).of("intent")  # the languages' shares have changed
    asked = temperature(scores, heads["intent"].classes, [case.intent for case in cases])
    return _with(blend, {"intent": asked})


def _with(blend: Blend, temperatures: Mapping[str, float]) -> Blend:
    heads = {name: replace(head, temperature=temperatures.get(name, head.temperature))
             for name, head in blend.heads.items()}  # fmt: skip
    return replace(blend, heads=heads)


def temperature(scores: Floats, classes: Sequence[str], truth: Sequence[str]) -> float:
    """The one under which the true labels are likeliest; labels that are no class do not count."""
    rows = [n for n, name in enumerate(truth) if name in classes]
    columns = [classes.index(truth[n]) for n in rows]

    def loss(t: float) -> float:
        scaled = scores[rows] * t
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(logs[np.arange(len(rows)), columns].mean())

    return float(min(TEMPERATURES, key=loss))


def rings(heard: Heard, languages: Sequence[str]) -> dict[str, float]:
    """Per language, the value from which the alarm rings: for as many cries as it can without
    ringing for many look-alikes or plain messages, then nearer to the mean of all languages; the
    mean itself where there are too few messages."""
    starts = {}
    for code in languages:
        cries = heard.where(_urgent, code)
        if len(cries.cases) >= ENOUGH:
            harmless = [heard.where(kind, code).urgent for kind in (_looks_so, _plain)]
            starts[code] = _line(cries.urgent, harmless, RECALLS.get(code, RECALL))
    if starts:
        mean = float(np.mean(list(starts.values())))
        starts = {code: round(start + PULL * (mean - start), 4) for code, start in starts.items()}
    return _everywhere(starts, languages, RINGS_FROM)


def _line(cries: Array, harmless: Sequence[Array], least: float) -> float:
    """A value that at least a share `least` of the cries reach; `harmless` are kinds of messages of
    which only few may."""
    start = float(np.quantile(cries, 1 - least))
    for share in np.arange(least, MOST, 0.005):
        lower = float(np.quantile(cries, 1 - share))
        if all((kind >= lower).mean() <= FALSE for kind in harmless if len(kind)):
            start = lower
    return round(start, 4)


def steepness(heard: Heard) -> float:
    """Of the curve from values to confidences."""
    if not heard.cases:
        return STEEPNESS
    return _steepness(heard.urgent, np.array([_urgent(case) for case in heard.cases]))


def _steepness(scores: Array, urgent: Array) -> float:
    """Of the logistic curve that fits best."""
    signs = np.where(urgent, 1.0, -1.0)
    middle = (float(np.median(scores[urgent])) + float(np.median(scores[~urgent]))) / 2
    losses = {k: float(np.logaddexp(0, -k * signs * (scores - middle)).mean())
              for k in np.geomspace(0.5, 12, 24)}  # fmt: skip
    return round(float(min(losses, key=losses.__getitem__)), 3)


def sure(heard: Heard, languages: Sequence[str]) -> dict[str, float]:
    """Per language, the sureness (see `nlu.sureness`) from which an answer is given."""
    starts, outside = {}, {}
    for code in languages:
        mine = heard.where(_judged, code)
        if len(mine.cases) >= ENOUGH:
            found = Answers.of(mine.asked, mine.sure,
                               np.array([case.intent for case in mine.cases]))  # fmt: skip
            starts[code] = found.line(RIGHTS.get(code, RIGHT))
            outside[code] = MEAN / (MEAN + int(found.outside.sum()))
    mean = float(np.mean(list(starts.values()))) if starts else ANSWERS_FROM
    pulled = {code: round(start + outside[code] * (mean - start), 4)
              for code, start in starts.items()}  # fmt: skip
    return _everywhere(pulled, languages, ANSWERS_FROM)


def _everywhere(
    starts: dict[str, float], languages: Sequence[str], otherwise: float
) -> dict[str, float]:
    mean = round(float(np.mean(list(starts.values()))), 4) if starts else otherwise
    return {code: starts.get(code, mean) for code in languages}


@dataclass(frozen=True)
class Answers:
    """What a model would say to some messages: how sure it is, whether it is right, and whether
    the message was a question about a topic or out of scope."""

    sure: Array
    right: Array
    asked: Array
    outside: Array

    @classmethod
    def of(cls, asked: Array, sure: Array, truth: Array) -> Answers:
        """Of what was understood, how surely, and what was meant."""
        return cls(sure, asked == truth, np.char.startswith(truth, "ask_"), truth == OUT)

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
        """The lowest with a comfortable slack; without any, where there is most: the middle of the
        best lines."""
        if not len(self.sure):
            return 0.0
        starts = np.linspace(LOW, HIGH, STEPS)
        slacks = np.array([self.slack(start, aim) for start in starts])
        if (comfortable := starts[slacks >= COMFORT]).size:
            return float(comfortable[0])
        return float(starts[slacks >= slacks.max() - NEARLY].mean())


def _errors(hits: Array, aim: float) -> float:
    if not len(hits):
        return 0.0
    return float((hits.mean() - aim) / np.sqrt(aim * (1 - aim) / len(hits)))
