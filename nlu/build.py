"""Building the model file: three models, their temperatures, thresholds and exact phrases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nlu import data, evaluate, store
from nlu.data import NOT_URGENT, Phrase
from nlu.engine import OUT
from nlu.evaluate import Case
from nlu.linear import Linear, Space
from nlu.normalise import fold
from nlu.training import Array, Recipe, Unseen, calibrated, corpus, exact_phrases, threshold
from nlu.triage import NONE

# Chosen on held-out writers of the training data (README), never on the evaluation set.
# "Out of scope" must win by half a point: asking back is better than refusing.
INTENT = Recipe(cost=1.0, bayes=0.4, shifts={OUT: -0.5})
DANGER = Recipe(cost=0.5)
LANGUAGE = Recipe(cost=0.1)
RIGHT = 0.94  # share of right answers among those given, on unseen writers
RECALL = 0.97  # share of the tuning set's urgent messages that must ring, in every language
SHORT = 1.25  # one and two words tell less: what they must exceed the threshold by

TUNING = Path(__file__).resolve().parent / "tuning"  # messages by yet other writers
Say = Callable[[str], None]


def build(
    priorities: dict[str, int], *, path: Path = store.PATH, folder: Path = data.FOLDER,
    tuning: Path = TUNING, say: Say = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Trains from `folder`, writes `path` and returns the facts in it."""
    phrases = data.read(folder)
    urgency = frozenset(priorities)
    say(f"{len(phrases)} phrases; laying out the features")
    everything = corpus(phrases)
    say(f"{len(everything.space.index)} features; training the language model")
    language, _ = calibrated(everything.languages(), LANGUAGE)
    say("training the triage")
    danger, alarms = calibrated(everything.dangers(urgency), DANGER)
    say("training the intents")
    asked = everything.intents(urgency)
    intent, answers = calibrated(asked, INTENT)
    sure = _understood_from(answers)
    rings_from = _rings_from(everything.space, danger, evaluate.cases(tuning))
    facts: dict[str, Any] = {
        "priorities": priorities,
        "understood_from": sure,
        "understood_short_from": min(0.9, sure * SHORT),
        "urgent_from": rings_from,
        "exact": dict(exact_phrases(asked)),
        "phrases": _counts(phrases),
        "unseen_writers": {
            "intent": _accuracy(answers),
            "triage": _triage_report(alarms, rings_from, phrases),
        },
    }
    models = {"language": language, "urgency": danger, "intent": intent}
    store.save(path, everything.space, models, facts)
    say(f"wrote {path.name} ({path.stat().st_size / 1e6:.1f} MB)")
    return facts


def _understood_from(unseen: Unseen) -> float:
    found = unseen.probabilities(unseen.temperature())
    best = found.argmax(axis=1)
    names = np.array(unseen.classes)[best]
    answered = names != OUT  # refusing is never a wrong answer
    right = names == np.array(unseen.labels)
    return threshold(found.max(axis=1)[answered], right[answered], RIGHT)


def _alarms(unseen: Unseen) -> Array:
    return 1 - unseen.probabilities(unseen.temperature())[:, unseen.classes.index(NONE)]


def _alike(unseen: Unseen, phrases: list[Phrase]) -> Array:
    known = {fold(p.text) for p in phrases if p.label == NOT_URGENT}
    return np.array([text in known for text in unseen.texts])


def _rings_from(space: Space, danger: Linear, cases: list[Case]) -> float:
    """As quiet as it may be without missing more than RECALL allows, in the worst language."""
    none = danger.classes.index(NONE)
    cries: dict[str, list[float]] = {}
    for case in cases:
        if case.urgency not in (evaluate.UNJUDGED, evaluate.LOOKALIKE):
            found = danger.probabilities(space.vector(fold(case.text)))
            cries.setdefault(case.language, []).append(1 - float(found[none]))
    return min(float(np.quantile(found, 1 - RECALL)) for found in cries.values())


def _accuracy(unseen: Unseen) -> float:
    names = np.array(unseen.classes)[unseen.scores.argmax(axis=1)]
    return round(float((names == np.array(unseen.labels)).mean()), 4)


def _triage_report(unseen: Unseen, start: float, phrases: list[Phrase]) -> dict[str, float]:
    rings, sounds, labels = _alarms(unseen) >= start, _alike(unseen, phrases), unseen.labels
    return {
        "caught": round(float(rings[labels != NONE].mean()), 4),
        "lookalikes_wrongly": round(float(rings[sounds].mean()), 4),
        "plain_wrongly": round(float(rings[(labels == NONE) & ~sounds].mean()), 4),
    }


def _counts(phrases: list[Phrase]) -> dict[str, int]:
    found: dict[str, int] = {}
    for p in phrases:
        found[p.language] = found.get(p.language, 0) + 1
    return found
