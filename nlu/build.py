"""Building the model file: the models, their temperatures, thresholds and exact phrases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nlu import data, store, thresholds
from nlu.blend import Blend
from nlu.case import read_cases
from nlu.contrast import paired
from nlu.corpus import Sample, corpus
from nlu.data import NOT_URGENT, Phrase
from nlu.lessons import lessons
from nlu.packing import pack
from nlu.sureness import OUT
from nlu.training import Fitted, Fitting, Recipe, exact_phrases
from nlu.triage import HEADS, Scales

# Chosen on the tuning messages; `near` also by the time it takes: half as near costs the urgent a
# point, three times as near wins them a tenth and takes a third longer.
# "Out of scope" must win by a little: asking back is better than refusing.
INTENT = Recipe(cost=1.0, bayes=0.25, shifts={OUT: -0.2}, own=True, near=3.0)
DANGER = Recipe(cost=0.5, bayes=0.2, near=3.0, apart=paired)
ALARM = Recipe(cost=1.0, bayes=0.2, own=True, near=3.0)  # dangers against their look-alikes alone
# What could be English or Pidgin is English: who writes Pidgin reads it, not the other way round.
LANGUAGE = Recipe(cost=0.2, least=3, shifts={"pcm": -0.6}, near=3.0)
# In this order; those with models of their own a language come last.
RECIPES = {"language": LANGUAGE, "urgency": DANGER, "intent": INTENT, "alarm": ALARM}
STRETCHED = ("intent", *HEADS)  # heads that slips and names must not make unsure
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
    everything = corpus(phrases, data.around(folder))
    say(Step(LAID_OUT, f"fitting with {len(everything.space.idf)} features"))
    languages = sorted({phrase.language for phrase in phrases})
    fits = _fit(lessons(everything, urgency), len(languages), say)
    say(Step(FITTED, "finding the thresholds"))
    messages = read_cases(tuning)
    blend = thresholds.calibrated(everything.space, _packed(fits), messages)
    scales = Scales.of(blend.heads, urgency)
    heard = thresholds.Heard.of(everything.space, blend, messages, scales)
    facts: dict[str, Any] = {
        "priorities": priorities,
        "understood_from": thresholds.sure(heard, languages),
        "short": SHORT,
        "urgent_from": thresholds.rings(heard, languages),
        "alarm_steepness": thresholds.steepness(heard),
        "exact": dict(exact_phrases(fits["intent"].sample)),
        "cries": {text: label for text, label in exact_phrases(fits["urgency"].sample)
                  if label in urgency and len(text.split()) <= CRY},
        "phrases": _counts(phrases),
    }  # fmt: skip
    store.save(path, store.Stored(everything.space, blend, facts))
    say(Step(1.0, f"wrote {path.name} ({path.stat().st_size / 1e6:.1f} MB)"))
    return facts


def _fit(samples: Iterable[tuple[str, Sample]], languages: int, say: Say) -> dict[str, Fitting]:
    """The models of each head, fitted."""
    total = sum(1 + recipe.own * languages for recipe in RECIPES.values())
    done: list[None] = []

    def count() -> None:
        done.append(None)
        share = LAID_OUT + (FITTED - LAID_OUT) * len(done) / total
        say(Step(share, f"fitted {len(done)} of {total} models"))

    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return {name: Fitting.start(pool, sample, RECIPES[name], count)
                for name, sample in samples}  # fmt: skip


def _packed(fits: Mapping[str, Fitting]) -> Blend:
    own: dict[str, dict[str, Fitted]] = {}
    for name in RECIPES:
        for code, future in fits[name].own.items():
            own.setdefault(code, {})[name] = future.result()
    joint = {name: fits[name].whole.result() for name in RECIPES}
    return pack(joint, own, stretched=STRETCHED)


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
