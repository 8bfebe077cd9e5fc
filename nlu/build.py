"""Building the model file: three models, their temperatures, thresholds and exact phrases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nlu import data, store
from nlu.data import NOT_URGENT, Phrase
from nlu.engine import OUT
from nlu.normalise import fold
from nlu.training import (
    Recipe,
    Unseen,
    calibrated,
    dangers,
    exact_phrases,
    intents,
    languages,
    threshold,
)
from nlu.triage import NONE

# Chosen on held-out writers of the training data (README), never on the evaluation set.
INTENT = Recipe(cost=1.0, bayes=0.4)
DANGER = Recipe(cost=0.5)
LANGUAGE = Recipe(cost=0.5, min_df=2)
OUT_MARGIN = 0.5  # by how much "out of scope" must win: asking back is better than refusing
RIGHT = 0.92  # share of right answers among those given, on unseen writers
RECALL = 0.96  # share of urgent messages caught, on unseen writers
SHORT = 1.25  # one and two words tell less: what they must exceed the threshold by

Say = Callable[[str], None]


def build(
    priorities: dict[str, int], *, path: Path = store.PATH, folder: Path = data.FOLDER,
    say: Say = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Trains from `folder`, writes `path` and returns the facts in it."""
    phrases = data.read(folder)
    urgency = frozenset(priorities)
    say(f"{len(phrases)} phrases; training the language model")
    language, _ = calibrated(languages(phrases), LANGUAGE)
    say("training the triage")
    danger, alarms = calibrated(dangers(phrases, urgency), DANGER)
    say("training the intents")
    asked = intents(phrases, urgency)
    intent, answers = calibrated(asked, INTENT, {OUT: -OUT_MARGIN})
    sure = _understood_from(answers)
    facts: dict[str, Any] = {
        "priorities": priorities,
        "understood_from": sure,
        "understood_short_from": min(0.9, sure * SHORT),
        "urgent_from": _urgent_from(alarms),
        "exact": dict(exact_phrases(asked)),
        "phrases": _counts(phrases),
        "unseen_writers": {
            "intent": _accuracy(answers),
            "triage": _triage_report(alarms, _urgent_from(alarms), phrases),
        },
    }
    models = {"language": language, "urgency": danger, "intent": intent}
    store.save(path, models, facts)
    say(f"wrote {path.name} ({path.stat().st_size / 1e6:.1f} MB)")
    return facts


def _understood_from(unseen: Unseen) -> float:
    found = unseen.probabilities(unseen.temperature())
    best = found.argmax(axis=1)
    names = np.array(unseen.classes)[best]
    answered = names != OUT  # refusing is never a wrong answer
    right = names == np.array(unseen.labels)
    return threshold(found.max(axis=1)[answered], right[answered], RIGHT)


def _urgent_from(unseen: Unseen) -> float:
    found = 1 - unseen.probabilities(unseen.temperature())[:, unseen.classes.index(NONE)]
    urgent = np.array(unseen.labels) != NONE
    return float(np.quantile(found[urgent], 1 - RECALL))


def _accuracy(unseen: Unseen) -> float:
    names = np.array(unseen.classes)[unseen.scores.argmax(axis=1)]
    return round(float((names == np.array(unseen.labels)).mean()), 4)


def _triage_report(unseen: Unseen, start: float, phrases: list[Phrase]) -> dict[str, float]:
    found = 1 - unseen.probabilities(unseen.temperature())[:, unseen.classes.index(NONE)]
    rings = found >= start
    alike = {fold(p.text) for p in phrases if p.label == NOT_URGENT}
    labels = np.array(unseen.labels)
    sounds = np.array([text in alike for text in unseen.texts])
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
