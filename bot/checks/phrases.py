"""Training and evaluation phrases: enough of each, none twice, and the two never mixed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.checks import Finding
from bot.library import Taxonomy
from nlu import data, evaluate
from nlu.normalise import fold

LEAST = 30  # phrases of an intent in a language
ALIKE = 0.8  # Jaccard of character 4-grams: nearly the same message


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    """Findings of `nlu/data` and `nlu/evaluation`."""
    phrases = data.read()
    intents = [f"ask_{topic}" for topic in taxonomy.topics] + list(taxonomy.dialogue)
    known = {*intents, *taxonomy.urgency, data.NOT_URGENT}
    counts = Counter((p.language, p.label) for p in phrases)
    for language in sorted({p.language for p in phrases}):
        for label in [*intents, *taxonomy.urgency]:
            if (found := counts[language, label]) < LEAST:
                yield Finding(f"nlu/data/{language}", f"{label} has {found} phrases", grave=True)
    for label in sorted({p.label for p in phrases} - known):
        yield Finding("nlu/data", f"{label!r} is not in the taxonomy", grave=True)
    labels: dict[str, set[str]] = defaultdict(set)
    for p in phrases:
        if p.label in intents:
            labels[fold(p.text)].add(p.label)
    for text, several in labels.items():
        if len(several) > 1:
            yield Finding("nlu/data", f"{text!r} stands under {sorted(several)}", grave=True)
    trained = {fold(p.text) for p in phrases}
    for case in evaluate.cases():
        if fold(case.text) in trained and len(case.text.split()) > 3:
            yield Finding("nlu/evaluation", f"also trained on: {case.text[:50]!r}", grave=True)
    yield from _near_copies(trained)


def _near_copies(trained: set[str]) -> Iterator[Finding]:
    """Evaluation messages that nearly stand in the training data judge nothing."""
    by_gram: dict[str, set[str]] = defaultdict(set)
    for text in trained:
        for gram in _grams(text):
            by_gram[gram].add(text)
    for case in evaluate.cases():
        mine = _grams(fold(case.text))
        if len(mine) < 12:
            continue
        rarest = sorted(mine, key=lambda gram: len(by_gram[gram]))[:12]
        for text in {text for gram in rarest for text in by_gram[gram]}:
            theirs = _grams(text)
            if len(mine & theirs) / len(mine | theirs) >= ALIKE:
                yield Finding("nlu/evaluation", f"nearly trained on: {case.text[:50]!r}")
                break


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 4] for i in range(len(text) - 3))
