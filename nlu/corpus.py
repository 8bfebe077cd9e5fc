"""Training phrases as rows of sparse matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu.copies import EVERY, Way, among, slipped
from nlu.data import Around, Phrase
from nlu.features import Array, marked
from nlu.layout import SEVERAL, layout, matrix
from nlu.normalise import fold
from nlu.sentences import sentences
from nlu.space import Space

LEAST, MOST = 4, 16  # words of a phrase that stands beside another
Keep = Callable[[Phrase], bool]


@dataclass(frozen=True)
class Sample:
    """Texts as rows of a matrix, with their labels and languages. `texts` are the folded phrases
    that they were made of."""

    matrix: sparse.csr_matrix
    texts: Sequence[str]
    labels: Array
    languages: Array

    def where(self, keep: Array) -> Sample:
        """The rows for which it is true."""
        return self._rows(np.flatnonzero(keep))

    def thin(self, every: int) -> Sample:
        """Every so-manieth row, from the first on."""
        return self._rows(np.arange(0, len(self.texts), every))

    def _rows(self, rows: Array) -> Sample:
        return Sample(self.matrix[rows], [self.texts[int(i)] for i in rows], self.labels[rows],
                      self.languages[rows])  # fmt: skip

    def labelled(self, label: str) -> Sample:
        """The same rows, all with this label."""
        return Sample(self.matrix, self.texts, np.full(len(self.texts), label), self.languages)

    @classmethod
    def joined(cls, *parts: Sample) -> Sample:
        """Their rows, one sample's after the other's."""
        return cls(
            sparse.vstack([part.matrix for part in parts]).tocsr(),
            [text for part in parts for text in part.texts],
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.languages for part in parts]),
        )


@dataclass(frozen=True)
class Corpus:
    """All phrases, folded and with their space; and what is put around them in each language."""

    phrases: list[Phrase]
    texts: list[str]
    space: Space
    around: Mapping[str, Around]

    def sample(self, keep: Keep = lambda _: True) -> Sample:
        """The phrases that are to be kept and in which something is left to read."""
        rows = self._rows(keep)
        return self._sample(rows, [marked(self.phrases[n].text, self.texts[n]) for n in rows])

    def copies(self, keep: Keep, way: Way, beside: Mapping[str, Sequence[str]]) -> Sample:
        """Every so-manieth of these phrases as others type it; `beside` them may stand one of these
        texts of each language."""
        rows, texts = self._rows(keep)[way.first :: EVERY], []
        for n in rows:
            text, language = self.phrases[n].text, self.phrases[n].language
            if way.among:
                text = among(text, self.around.get(language), beside.get(language, ()))
            texts.append(marked(slipped(text) if way.slipped else text))
        return self._sample(rows, texts)

    def neighbours(self, keep: Keep) -> dict[str, list[str]]:
        """By language, those of the phrases that can stand beside another."""
        found: dict[str, list[str]] = {}
        for n in self._rows(keep):
            if LEAST <= len(self.texts[n].split()) <= MOST:
                found.setdefault(self.phrases[n].language, []).append(self.phrases[n].text)
        return found

    def sentences(self, keep: Keep, every: int) -> Sample:
        """Every so-manieth of the single sentences of these phrases, where they have several."""
        found = [(n, sentence) for n in self._rows(keep)
                 for sentence in sentences(self.phrases[n].text)][::every]  # fmt: skip
        return self._sample([n for n, _ in found], [marked(sentence) for _, sentence in found])

    def _rows(self, keep: Keep) -> list[int]:
        return [n for n, phrase in enumerate(self.phrases) if self.texts[n] and keep(phrase)]

    def _sample(self, which: list[int], texts: list[str]) -> Sample:
        phrases = [self.phrases[n] for n in which]
        return Sample(
            matrix(self.space, texts),
            [self.texts[n] for n in which],
            np.array([phrase.label for phrase in phrases], str),
            np.array([phrase.language for phrase in phrases], str),
        )


def corpus(
    phrases: Sequence[Phrase], around: Mapping[str, Around] | None = None,
    least: int = SEVERAL,
) -> Corpus:  # fmt: skip
    """Folds the phrases and lays out the space (see `layout`)."""
    texts = [fold(p.text) for p in phrases]
    whole = [marked(p.text, folded) for p, folded in zip(phrases, texts, strict=True)]
    return Corpus(list(phrases), texts, layout(whole, least), around or {})
