"""Building the model file: the models, their temperatures, thresholds and exact phrases."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from nlu import data, evaluate, store, thresholds
from nlu.corpus import Corpus, Sample, corpus
from nlu.data import NOT_URGENT, Phrase
from nlu.sureness import OUT
from nlu.training import Fitting, Recipe, alone, exact_phrases, parts
from nlu.triage import ALARM, NONE, value

# Chosen on held-out writers and the tuning messages, never on the evaluation set (README).
# "Out of scope" must win by a little: asking back is better than refusing.
INTENT = Recipe(cost=1.0, bayes=0.25, shifts={OUT: -0.2}, own=True)
DANGER = Recipe(cost=0.5)
ALARM_OF = Recipe(cost=0.5, own=True)  # urgent against look-alikes
# What could be English or Pidgin is English: who writes Pidgin reads it, not the other way round.
LANGUAGE = Recipe(cost=0.2, least=3, shifts={"pcm": -0.6})
SHORT = 0.5  # one and two words tell less: by how much more they must be sure
CRY = 4  # words of a cry that is known as a whole

TUNING = Path(__file__).resolve().parent / "tuning"  # messages by yet other writers


@dataclass(frozen=True)
class Step:
    """How far a build is: `share` between 0 and 1."""

    share: float
    text: str


Say = Callable[[Step], None]
LAID_OUT, FITTED = 0.15, 0.95


def build(
    priorities: dict[str, int], *, path: Path = store.PATH, folder: Path = data.FOLDER,
    tuning: Path = TUNING, learned: Path | None = None, say: Say = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Trains from `folder` (and `learned`, phrases from use), writes `path` and returns the facts
    in it."""
    phrases = data.read(folder) + (data.read(learned) if learned else [])
    urgency = frozenset(priorities)
    say(Step(0.0, f"laying out the features of {len(phrases)} phrases"))
    everything = corpus(phrases)
    say(Step(LAID_OUT, f"fitting with {len(everything.space.idf)} features"))
    fits = _fit(everything, urgency, say)
    asked = fits["intent"].sample
    answers = fits["intent"].unseen()
    spoken = fits["language"].unseen()
    alarm = fits["alarm"].linears("alarm")
    models = {
        **fits["language"].linears("language", thresholds.temperature(spoken)),
        **fits["intent"].linears("intent", thresholds.temperature(answers)),
        **fits["danger"].linears("urgency"),
        **{name: model.only(ALARM) for name, model in alarm.items()},
    }
    say(Step(FITTED, "finding the thresholds"))
    messages = evaluate.cases(tuning)
    rings = thresholds.Rings.of(everything.space, models, messages, *_unseen_values(fits))
    sure = thresholds.Sure.of(everything.space, models, messages, answers)
    facts: dict[str, Any] = {
        "priorities": priorities,
        "understood_from": sure.starts,
        "short": SHORT,
        "urgent_from": rings.starts,
        "alarm_steepness": rings.steepness,
        "exact": dict(exact_phrases(asked)),
        "cries": {text: label for text, label in exact_phrases(fits["danger"].sample)
                  if label != NONE and len(text.split()) <= CRY},
        "phrases": _counts(phrases),
        "unseen_writers": _unseen_writers(fits),
    }  # fmt: skip
    store.save(path, everything.space, models, facts)
    say(Step(1.0, f"wrote {path.name} ({path.stat().st_size / 1e6:.1f} MB)"))
    return facts


def _fit(everything: Corpus, urgency: frozenset[str], say: Say) -> dict[str, Fitting]:
    dangers = everything.dangers(urgency)
    urgent = np.isin(dangers.labels, sorted(urgency))
    sounds = replace(dangers, labels=np.where(urgent, ALARM, dangers.labels))
    samples: dict[str, tuple[Sample, Recipe]] = {
        "intent": (everything.intents(urgency), INTENT),
        "danger": (replace(dangers, labels=np.where(urgent, dangers.labels, NONE)), DANGER),
        "alarm": (sounds.where(dangers.labels != NONE), ALARM_OF),
        "language": (everything.languages(), LANGUAGE),
    }
    total = sum(len(parts(sample)) + 1 + len(alone(sample, recipe))
                for sample, recipe in samples.values())  # fmt: skip
    done: list[None] = []

    def count() -> None:
        done.append(None)
        share = LAID_OUT + (FITTED - LAID_OUT) * len(done) / total
        say(Step(share, f"fitted {len(done)} of {total} models"))

    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return {name: Fitting.start(pool, sample, recipe, count)
                for name, (sample, recipe) in samples.items()}  # fmt: skip


def _unseen_values(fits: dict[str, Fitting]) -> tuple[Sample, np.ndarray[Any, Any]]:
    """How urgent phrases are by models that had not seen their writers."""
    sample = fits["danger"].sample
    rows = sample.where(np.isin(sample.folds, parts(sample)))
    alarm, danger = fits["alarm"].without[0].result(), fits["danger"].without[0].result()
    sounds = alarm.scores(rows)[:, alarm.classes.index(ALARM)]
    return rows, value(sounds, danger.scores(rows), danger.classes)


def _unseen_writers(fits: dict[str, Fitting]) -> dict[str, float]:
    """Shares of right answers among phrases of writers that the models had not seen."""
    return {name: round(float(fits[name].unseen().right().mean()), 4)
            for name in ("intent", "danger", "language")}  # fmt: skip


def _counts(phrases: list[Phrase]) -> dict[str, dict[str, int]]:
    """Per language: phrases that ask, that are urgent or look so, and writers."""
    found: dict[str, dict[str, int]] = {}
    writers: dict[str, set[int]] = {}
    for p in phrases:
        row = found.setdefault(p.language, {"phrases": 0, "look_alikes": 0, "writers": 0})
        row["phrases"] += 1
        row["look_alikes"] += p.label == NOT_URGENT
        writers.setdefault(p.language, set()).add(p.writer)
        row["writers"] = len(writers[p.language])
    return found
