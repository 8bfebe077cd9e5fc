"""Evaluation on messages by other writers than the training data's; nothing is tuned on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from nlu.case import LOOKALIKE, UNJUDGED, Case
from nlu.conditions import AS_WRITTEN, CONDITIONS
from nlu.engine import Engine
from nlu.reading import Reading
from nlu.sureness import OUT

MOST = 4  # cores that judge: each holds the model
SPEAKS_FROM = 3  # words that a language must be told from
ONE = frozenset({"en", "pcm"})  # too near to tell apart in short messages

Read = Callable[[Sequence[str]], Sequence[Reading]]
Part = tuple[Sequence[Case], str, str]  # messages, their condition, and how the report calls it


@dataclass(frozen=True)
class Report:
    """Shares between 0 and 1, with how many messages stand behind each."""

    language: str
    condition: str
    figures: dict[str, tuple[float, int]]
    mistakes: tuple[tuple[str, str, str], ...]  # wanted, got, text


def evaluate(read: Read, of: Sequence[Case], condition: str = AS_WRITTEN) -> list[Report]:
    """One report a language, with the messages as the condition has them."""
    typed = CONDITIONS[condition](of)
    read_so = list(zip(typed, read([case.text for case in typed]), strict=True))
    languages = list(dict.fromkeys(case.language for case in of))
    return [_report(code, condition, [(c, r) for c, r in read_so if c.language == code])
            for code in languages]  # fmt: skip


def conditions(read: Read, of: Sequence[Case], short: Sequence[Case] = ()) -> list[Report]:
    """Reports under every condition, and on `short` messages as they were written."""
    return [report for part in _parts(of, short) for report in _judged(read, part)]


def on_all_cores(model: Path, of: Sequence[Case], short: Sequence[Case] = ()) -> list[Report]:
    """The same of a stored model: each core, up to MOST, reads it and some of the conditions."""
    cores = min(os.cpu_count() or 1, MOST)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        return [*chain.from_iterable(pool.map(partial(_stored, model), _parts(of, short)))]


def _parts(of: Sequence[Case], short: Sequence[Case]) -> list[Part]:
    return [*((of, name, name) for name in CONDITIONS), (short, AS_WRITTEN, "in a few words")]


def _judged(read: Read, part: Part) -> list[Report]:
    of, condition, name = part
    return [replace(report, condition=name) for report in evaluate(read, of, condition)]


def _stored(model: Path, part: Part) -> list[Report]:
    return _judged(_engine(model).read_all, part)


@cache
def _engine(model: Path) -> Engine:
    return Engine.load(model)


def _report(language: str, condition: str, pairs: list[tuple[Case, Reading]]) -> Report:
    ask = [(c, r) for c, r in pairs if c.intent.startswith("ask_")]
    judged = [(c, r) for c, r in pairs if c.intent != UNJUDGED]
    talk = [(c, r) for c, r in judged if not c.intent.startswith("ask_") and c.intent != OUT]
    answered = [(c, r) for c, r in judged if r.understood]
    outside = [(c, r) for c, r in pairs if c.intent == OUT]
    urgent = [(c, r) for c, r in pairs if c.urgency not in (UNJUDGED, LOOKALIKE)]
    alike = [(c, r) for c, r in pairs if c.urgency == LOOKALIKE]
    plain = [(c, r) for c, r in pairs if c.urgency == UNJUDGED]
    figures = {
        "ask_* top-1": _share([r.intent.name == c.intent for c, r in ask]),
        "ask_* in the first three": _share(
            [c.intent in [g.name for g in r.ranking[:3]] for c, r in ask]
        ),
        "dialogue intents top-1": _share([r.intent.name == c.intent for c, r in talk]),
        "ask_* answered": _share([r.understood for _, r in ask]),
        "of what is answered, right": _share([r.intent.name == c.intent for c, r in answered]),
        "out of scope refused": _share([not r.understood for _, r in outside]),
        "urgent caught (any class)": _share([r.urgency.name is not None for _, r in urgent]),
        "urgent in the right class": _share([r.urgency.name == c.urgency for c, r in urgent]),
        "look-alikes wrongly urgent": _share([r.urgency.name is not None for _, r in alike]),
        "plain messages wrongly urgent": _share([r.urgency.name is not None for _, r in plain]),
        "language right, 3 words and more": _share(
            [
                _same(r.language.name, language)
                for c, r in pairs
                if len(c.text.split()) >= SPEAKS_FROM
            ]
        ),
    }
    wrong = [(c.intent, r.intent.name, c.text) for c, r in judged if r.intent.name != c.intent]
    wrong += [(c.urgency, str(r.urgency.name), c.text) for c, r in urgent if not r.urgency.name]
    wrong += [("not urgent", str(r.urgency.name), c.text) for c, r in alike if r.urgency.name]
    return Report(language, condition, figures, tuple(wrong))


def _same(said: str, spoken: str) -> bool:
    return said == spoken or {said, spoken} <= ONE


def _share(hits: Sequence[bool]) -> tuple[float, int]:
    return (sum(hits) / len(hits) if hits else 0.0), len(hits)
