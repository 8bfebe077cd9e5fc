"""Training and evaluation phrases: enough of each, none twice, and the two never mixed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from math import ceil
from pathlib import Path

from bot.checks import Finding
from bot.library import Taxonomy
from nlu import data
from nlu.case import BEHIND, EVALUATION, SHORT, Case, read_around, read_cases
from nlu.data import Around, Phrase
from nlu.normalise import fold

AIMS = {"en": 120, "fr": 120, "pcm": 60}  # phrases of an intent; twice that of a danger
AIM = 40  # in the other languages
ALIKE = 0.8  # Jaccard of character 4-grams: nearly the same message
ENOUGH = 12  # 4-grams that a text must have to be compared
SHARED = 6  # rare ones that two texts must have in common before they are compared


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    """Findings of `nlu/data` and `nlu/evaluation`."""
    phrases, messages = data.read(), read_cases() + read_cases(EVALUATION / SHORT)
    yield from origins(data.FOLDER)
    yield from cells(phrases, taxonomy)
    yield from copies(phrases, frozenset(taxonomy.urgency) | {data.NOT_URGENT})
    yield from mixed(phrases, messages)
    yield from pieces(data.around(), {kind: read_around(kind) for kind in BEHIND})


def origins(folder: Path) -> Iterator[Finding]:
    """Files that do not say at their beginning who wrote them and whether they were reviewed."""
    for path in sorted(folder.glob("*/*.yml")):
        with path.open(encoding="utf-8") as file:
            head = "".join(takewhile(lambda line: line.startswith("#"), file))
        if not (head.startswith("# Provenance: ") and "Review by a native speaker: " in head):
            text = "it must begin with its provenance and review"
            yield Finding(f"nlu/data/{path.parent.name}/{path.name}", text, grave=True)


def cells(phrases: Sequence[Phrase], taxonomy: Taxonomy) -> Iterator[Finding]:
    """Labels with too few phrases in a language (grave under half the aim), and unknown labels."""
    topics = [f"ask_{topic}" for topic in taxonomy.topics]
    counts = Counter((p.language, p.label) for p in phrases)
    for language in sorted({p.language for p in phrases}):
        aim = AIMS.get(language, AIM)
        wanted = dict.fromkeys([*topics, *taxonomy.dialogue], aim)
        wanted |= dict.fromkeys(taxonomy.urgency, 2 * aim)
        for label, least in wanted.items():
            if (found := counts[language, label]) < least:
                text = f"{label} has {found} phrases, the aim is {least}"
                yield Finding(f"nlu/data/{language}", text, grave=2 * found < least)
    known = {*topics, *taxonomy.dialogue, *taxonomy.urgency, data.NOT_URGENT}
    for label in sorted({p.label for p in phrases} - known):
        yield Finding("nlu/data", f"{label!r} is not in the taxonomy", grave=True)


def copies(phrases: Sequence[Phrase], dangers: frozenset[str]) -> Iterator[Finding]:
    """The same phrase under two labels of one model (grave) or twice under one, and phrases of
    different labels in a language that are nearly the same."""
    labels: dict[tuple[str, bool], list[Phrase]] = defaultdict(list)
    of_model: dict[tuple[str, bool], dict[str, str]] = defaultdict(dict)
    for p in phrases:
        text, danger = fold(p.text), p.label in dangers
        labels[text, danger].append(p)
        of_model[p.language, danger][text] = p.label
    for (text, _), same in labels.items():
        names = sorted({p.label for p in same})
        if len(names) > 1:  # words of two languages may well mean two things
            grave = len({(p.language, p.label) for p in same}) > len({p.language for p in same})
            yield Finding("nlu/data", f"{text!r} stands under {names}", grave=grave)
        several = Counter((p.language, p.label) for p in same)
        for (language, label), times in several.items():
            if times > 1 and len(text.split()) > 1:
                yield Finding(f"nlu/data/{language}", f"{times} times in {label}: {text[:50]!r}")
    for (language, _), mine in sorted(of_model.items()):
        index = Near(mine)
        for text, label in mine.items():
            for other in index.of(text):
                if mine[other] != label and text < other:
                    yield Finding(f"nlu/data/{language}", f"nearly the same: {text[:50]!r} "
                                  f"({label}) and {other[:50]!r} ({mine[other]})")  # fmt: skip


def mixed(phrases: Sequence[Phrase], messages: Sequence[Case]) -> Iterator[Finding]:
    """Evaluation messages that stand in the training data judge nothing, nor do near copies."""
    trained = {fold(p.text) for p in phrases}
    index = Near(trained)
    for case in messages:
        text = fold(case.text)
        where = f"nlu/evaluation/{case.language}"
        if text in trained and len(text.split()) > 3:
            yield Finding(where, f"also trained on: {case.text[:50]!r}", grave=True)
        elif text not in trained and next(index.of(text), None):
            yield Finding(where, f"nearly trained on: {case.text[:50]!r}")


def pieces(
    around: Mapping[str, Around], behind: Mapping[str, Mapping[str, Sequence[str]]]
) -> Iterator[Finding]:
    """What is put `around` messages that are learnt, by language, and `behind` those that judge, by
    kind and language: nothing may be both."""
    for language, learnt in around.items():
        for kind, texts in behind.items():
            known = {fold(text) for text in getattr(learnt, kind)}
            for text in texts.get(language, ()):
                if fold(text) in known:
                    where = f"nlu/evaluation/{kind}/{language}.txt"
                    yield Finding(where, f"also trained on: {text!r}")


class Near:
    """Finds texts that are nearly the same, by their rarest character 4-grams."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._grams = {text: _grams(text) for text in texts}
        self._often = Counter(chain.from_iterable(self._grams.values()))
        self._texts: dict[str, list[str]] = defaultdict(list)
        for text, grams in self._grams.items():
            for gram in self._rarest(grams):
                self._texts[gram].append(text)

    def of(self, text: str) -> Iterator[str]:
        """Texts as near as ALIKE, but not the text itself."""
        mine = _grams(text)
        if len(mine) < ENOUGH:
            return
        lists = (self._texts.get(gram, ()) for gram in self._rarest(mine))
        shared = Counter(chain.from_iterable(lists))
        for other in sorted(other for other, times in shared.items() if times >= SHARED):
            theirs = self._grams[other]
            both = len(mine & theirs)
            if other != text and both >= ALIKE * (len(mine) + len(theirs) - both):
                yield other

    def _rarest(self, grams: Collection[str]) -> list[str]:
        """A fifth of them and SHARED more: of two texts so alike neither lacks more than a fifth of
        the other's, so they have SHARED of these in common (the l-prefix scheme of AdaptJoin)."""
        most = len(grams) - ceil(ALIKE * len(grams)) + SHARED
        return sorted(grams, key=lambda gram: (self._often[gram], gram))[:most]


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 4] for i in range(len(text) - 3))
