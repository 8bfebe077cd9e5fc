"""Versions of the model file: a candidate, the one that is served, and the one before it.

Each is a model file with its card beside it. Files change places by renaming, so a reader never
sees half a model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from nlu.case import LOOKALIKE, UNJUDGED, Case
from nlu.evaluate import Read
from nlu.reading import Reading

LOOKALIKES, PLAIN = "look-alikes", "plain messages"
HARMLESS = frozenset({LOOKALIKES, PLAIN})  # must not ring


class NoVersion(Exception):
    """The version asked for does not exist; the text says which."""


@dataclass(frozen=True)
class Change:
    """How many of an intent's (or danger's) messages two models get right."""

    language: str
    name: str
    before: int
    after: int
    of: int

    def line(self) -> str:
        """For a terminal: `-` marks what got worse."""
        mark = "-" if self.after < self.before else "+"
        moved = f"{self.before:>4} -> {self.after:<4}of {self.of}"
        return f"{mark} {self.language:<4}{self.name:<30}{moved}"


def candidate(path: Path) -> Path:
    """Where a model waits that is not served yet."""
    return path.with_suffix(".candidate.npz")


def previous(path: Path) -> Path:
    """Where the model before the served one is kept."""
    return path.with_suffix(".previous.npz")


def card(path: Path) -> Path:
    """The model card beside a model file."""
    return path.with_suffix(".md")


def accept(path: Path) -> None:
    """The candidate becomes the model, the model the previous one; raises NoVersion."""
    if not candidate(path).exists():
        raise NoVersion(f"there is no candidate {candidate(path).name}")
    if path.exists():
        _move(path, previous(path))
    _move(candidate(path), path)


def roll_back(path: Path) -> None:
    """The model and the previous one change places; raises NoVersion."""
    if not previous(path).exists():
        raise NoVersion(f"there is no previous model {previous(path).name}")
    aside = path.with_suffix(".aside.npz")
    if path.exists():
        _move(path, aside)
    _move(previous(path), path)
    if aside.exists():
        _move(aside, previous(path))


def compare(before: Read, after: Read, cases: Sequence[Case]) -> list[Change]:
    """What differs between two models, per language and intent or danger, the worst first."""
    hits: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    texts = [case.text for case in cases]
    for case, old, new in zip(cases, before(texts), after(texts), strict=True):
        for name, right in _judged(case):
            hits.setdefault((case.language, name), []).append((right(old), right(new)))
    changes = [
        Change(language, name, sum(b for b, _ in found), sum(a for _, a in found), len(found))
        for (language, name), found in hits.items()
    ]
    changed = [c for c in changes if c.before != c.after]
    return sorted(changed, key=lambda c: ((c.after - c.before) / c.of, c.language, c.name))


def objections(changes: Sequence[Change], urgent: Collection[str]) -> list[str]:
    """Why a candidate should not take the model's place by itself, in words: fewer urgent messages
    of a language are caught; or more messages are read worse than better, or more harmless ones
    ring than before, by more than a new model's chance: two models of nearly the same phrases
    differ in some. Empty: it may."""
    found = []
    for language in dict.fromkeys(change.language for change in changes):
        caught = sum(c.after - c.before for c in changes
                     if c.language == language and c.name in urgent)  # fmt: skip
        if caught < 0:
            found.append(f"{language}: {-caught} fewer urgent messages are caught")
    intents = [c for c in changes if c.name not in {*urgent, *HARMLESS}]
    if worse := _worse(intents):
        found.append("{} messages are read worse, {} better".format(*worse))
    if worse := _worse([c for c in changes if c.name in HARMLESS]):
        found.append("{} harmless messages ring now, {} no more".format(*worse))
    return found


def _worse(changes: Sequence[Change]) -> tuple[int, int] | None:
    """How many messages got worse and better; None if that may be chance."""
    moved = [change.after - change.before for change in changes]
    worse, better = -sum(n for n in moved if n < 0), sum(n for n in moved if n > 0)
    return (worse, better) if worse - better > sqrt(worse + better) else None


def _judged(case: Case) -> list[tuple[str, Callable[[Reading], bool]]]:
    found: list[tuple[str, Callable[[Reading], bool]]] = []
    if case.intent != UNJUDGED:
        found.append((case.intent, lambda r: r.intent.name == case.intent))
    if case.urgency in (LOOKALIKE, UNJUDGED):
        name = LOOKALIKES if case.urgency == LOOKALIKE else PLAIN
        found.append((name, lambda r: r.urgency.name is None))
    else:
        found.append((case.urgency, lambda r: r.urgency.name is not None))
    return found


def _move(from_: Path, to: Path) -> None:
    """A model file with its card."""
    from_.replace(to)
    if card(from_).exists():
        card(from_).replace(card(to))
