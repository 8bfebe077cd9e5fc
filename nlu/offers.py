"""What a post to a peer group offers or demands: money, work abroad, a way without papers, a fee
before help, abuse. A small model of its own, beside the one that reads messages.

It stands before a moderator, not instead of one: what it names is held, never deleted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from nlu import data, store
from nlu.linear import Linear
from nlu.normalise import fold
from nlu.space import Space

FOLDER = Path(__file__).resolve().parent / "posts"
PATH = store.PATH.with_name("posts.npz")
HONEST = "honest"
HELD = 0.015  # share of honest posts of unseen writers that may be held: half the aim of 3 %
_FIGURES = re.compile(r"\d[\d.,:/]*")
KNOWN = 0.5  # share of a text's words that training saw, under which nothing is said


class Offers:
    """`start`: by how much a kind must exceed "honest" to be named."""

    def __init__(self, space: Space, model: Linear, start: float) -> None:
        self._space = space
        self._model = model
        self._start = start
        self._honest = model.classes.index(HONEST)

    @classmethod
    def load(cls, path: Path = PATH) -> Offers:
        """Reads the model file; raises NotTrained."""
        stored = store.load(path)
        return cls(stored.space, stored.blend.joint, stored.facts["start"])

    def kind(self, text: str) -> str | None:
        """The kind of offer, or None for an honest post and for words it does not know."""
        folded = _words(text)
        words = folded.count(" ") + 1
        vectors = self._space.vectors([folded])
        if not folded or vectors.known[0] < KNOWN * words:
            return None
        scores = self._model.scores(vectors)[0]
        honest = float(scores[self._honest])
        scores[self._honest] = -np.inf
        best = int(scores.argmax())
        return self._model.classes[best] if scores[best] - honest > self._start else None


def _words(text: str) -> str:
    """The folded text without its figures: sums stand in honest posts as in others."""
    return fold(_FIGURES.sub(" ", text))


def build(path: Path = PATH, folder: Path = FOLDER) -> None:
    """Trains from `folder` and writes `path`; the line comes from writers it had not seen."""
    from nlu.corpus import corpus  # noqa: PLC0415  # training needs more than serving
    from nlu.packing import pack  # noqa: PLC0415
    from nlu.training import Recipe, fit  # noqa: PLC0415

    recipe = Recipe(cost=1.0, bayes=0.5)
    read = [replace(phrase, text=_words(phrase.text)) for phrase in data.read(folder)]
    phrases = [phrase for phrase in read if phrase.text]
    everything = corpus(phrases, least=1)  # there are few
    sample = everything.sample()
    writers = np.array([phrase.writer for phrase in phrases])
    over = []  # of honest posts: how much the worst kind exceeds "honest"
    for writer in np.unique(writers):
        others = sample.where(writers != writer)
        model = fit(others.matrix, others.labels, recipe)
        honest = sample.where((writers == writer) & (sample.labels == HONEST))
        scores, column = model.scores(honest.matrix), model.classes.index(HONEST)
        over.append(np.delete(scores, column, axis=1).max(axis=1) - scores[:, column])
    start = float(np.quantile(np.concatenate(over), 1 - HELD))
    blend = pack({"posts": fit(sample.matrix, sample.labels, recipe)})
    store.save(path, store.Stored(everything.space, blend, {"start": start}))
