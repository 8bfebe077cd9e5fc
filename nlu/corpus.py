"""Training phrases as rows of one sparse matrix, with what each model learns from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu import noise
from nlu.data import NOT_URGENT, Around, Phrase
from nlu.features import Array, marked
from nlu.hearing import TOPICS
from nlu.layout import SEVERAL, layout, matrix
from nlu.normalise import fold
from nlu.sentences import sentences
from nlu.space import Space
from nlu.triage import NONE

EVERY = 2  # of the single sentences of plain messages every second is enough
FEW = 4  # words of everyday talk that the alarm learns from
OFTEN = {"opening": 0.3, "place": 0.4, "plea": 0.6}  # of what is around a copy
SLIPS, SEED = 0.08, 3  # of the copies; the evaluation slips elsewhere


@dataclass(frozen=True)
class Copies:
    """Every so-manieth (`every`) cry and look-alike is learnt once more; `around` and `slips` are
    how likely (0 to 1) a copy has something around it, and slips. One with neither makes its phrase
    count double."""

    every: int
    around: float
    slips: float


# Chosen on the tuning messages, and by the time it takes.
OF_DANGERS, OF_ALARMS = Copies(5, around=1.0, slips=0.5), Copies(1, around=0.5, slips=0.5)


@dataclass(frozen=True)
class Sample:
    """Rows of the matrix of phrases with their labels and languages."""

    matrix: sparse.csr_matrix
    texts: Sequence[str]
    labels: Array
    languages: Array

    def where(self, keep: Array) -> Sample:
        """The chosen rows only."""
        rows = np.flatnonzero(keep)
        return Sample(self.matrix[rows], [self.texts[int(i)] for i in rows], self.labels[rows],
                      self.languages[rows])  # fmt: skip

    @classmethod
    def joined(cls, *parts: Sample) -> Sample:
        """Their rows, one sample's after the other's."""
        return cls(
            sparse.vstack([part.matrix for part in parts]).tocsr(),
            [text for part in parts for text in part.texts],
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.languages for part in parts]),
        )


Label = Callable[[Phrase], str | None]  # None: this model does not learn from the phrase


@dataclass(frozen=True)
class Corpus:
    """All phrases, folded and in one space; and what is put around them in each language."""

    phrases: list[Phrase]
    texts: list[str]
    space: Space
    matrix: sparse.csr_matrix
    around: Mapping[str, Around]

    def sample(self, label: Label) -> Sample:
        """The phrases that have a label for this model."""
        rows, labels = self._labelled(label)
        return self._sample(self.matrix[rows], rows, labels)

    def again(self, label: Label, copies: Copies) -> Sample:
        """Some of the same phrases as others type them, so that neither a slip nor what is around
        tells anything."""
        chance = random.Random(SEED)  # noqa: S311  # not a secret
        rows, labels = self._labelled(label)
        rows, labels = rows[:: copies.every], labels[:: copies.every]
        texts = []
        for n in rows:
            text, around = self.phrases[n].text, self.around.get(self.phrases[n].language)
            if around and chance.random() < copies.around:
                text = noise.around(text, **_some(around, chance))
            if chance.random() < copies.slips:
                text = noise.slips(text, SLIPS, SEED)
            texts.append(marked(text))
        return self._sample(matrix(self.space, texts), rows, labels)

    def plain_sentences(self, urgency: frozenset[str]) -> Sample:
        """Half of the single sentences of plain messages of several, as no danger."""
        known = urgency | {NOT_URGENT}
        found = [(n, sentence) for n, phrase in enumerate(self.phrases)
                 if phrase.label not in known for sentence in sentences(phrase.text)]  # fmt: skip
        found = found[::EVERY]
        whole = matrix(self.space, [marked(sentence) for _, sentence in found])
        return self._sample(whole, [n for n, _ in found], [NONE] * len(found))

    def intents(self, urgency: frozenset[str]) -> Sample:
        """What the intent model learns from: everything but the danger data."""
        skip = urgency | {NOT_URGENT}
        return self.sample(lambda p: None if p.label in skip else p.label)

    def dangers(self, urgency: frozenset[str]) -> Sample:
        """What the triage learns from: the classes and the look-alikes, also with more around
        them; everything else as none, also sentence by sentence."""
        known = urgency | {NOT_URGENT}
        whole = self.sample(lambda p: p.label if p.label in known else NONE)
        copies = self.again(lambda p: p.label if p.label in known else None, OF_DANGERS)
        return Sample.joined(whole, copies, self.plain_sentences(urgency))

    def alarms(self, urgency: frozenset[str]) -> Sample:
        """What the alarm learns from: the classes, and the look-alikes as none, with slips and with
        more around them, too, as a cry must ring so; and as none short everyday talk and the
        sentences of plain messages, as it hears these."""
        known = dict.fromkeys(urgency) | {NOT_URGENT: NONE}

        def label(phrase: Phrase) -> str | None:
            return known[phrase.label] or phrase.label if phrase.label in known else None

        def everyday(phrase: Phrase) -> str | None:
            plain = phrase.label not in known and not phrase.label.startswith(TOPICS)
            return NONE if plain and len(phrase.text.split()) <= FEW else None

        return Sample.joined(self.sample(label), self.again(label, OF_ALARMS),
                             self.sample(everyday), self.plain_sentences(urgency))  # fmt: skip

    def languages(self) -> Sample:
        """What the language model learns from: every phrase."""
        return self.sample(lambda p: p.language)

    def _labelled(self, label: Label) -> tuple[list[int], list[str]]:
        found = [(n, label(p)) for n, p in enumerate(self.phrases) if self.texts[n]]
        return ([n for n, name in found if name is not None],
                [name for _, name in found if name is not None])  # fmt: skip

    def _sample(self, rows: sparse.csr_matrix, which: list[int], labels: list[str]) -> Sample:
        languages = np.array([self.phrases[n].language for n in which])
        return Sample(rows, [self.texts[n] for n in which], np.array(labels), languages)


def _some(around: Around, chance: random.Random) -> dict[str, str]:
    """Pieces of some kinds, at least of one."""
    there = {kind: texts for kind in OFTEN if (texts := getattr(around, kind))}
    chosen = [kind for kind in there if chance.random() < OFTEN[kind]]
    return {kind: chance.choice(there[kind]) for kind in chosen or [chance.choice([*there])]}


def corpus(
    phrases: Sequence[Phrase], around: Mapping[str, Around] | None = None,
    least: int = SEVERAL,
) -> Corpus:  # fmt: skip
    """Folds the phrases and lays out the space (see `layout`)."""
    texts = [fold(p.text) for p in phrases]
    whole = [marked(p.text, folded) for p, folded in zip(phrases, texts, strict=True)]
    space = layout(whole, least)
    return Corpus(list(phrases), texts, space, matrix(space, whole), around or {})
