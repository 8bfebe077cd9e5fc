"""The embedded engine: one text in, one reading out, in well under a millisecond."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from nlu import entities, store
from nlu.entities import Gazetteer
from nlu.linear import Linear, Space, Vector
from nlu.normalise import fold
from nlu.reading import Guess, Reading, Urgency
from nlu.store import NotTrained
from nlu.triage import Triage

__all__ = ["Engine", "NotTrained"]

RANKED = 5
OUT = "out_of_scope"
_LATIN, _OTHER = re.compile(r"[a-z]"), re.compile(r"[^\W\da-z_]")


class Engine:
    """The models of language, intent and urgency with their thresholds."""

    def __init__(
        self, space: Space, models: dict[str, Linear], facts: dict[str, Any],
        gazetteer: Gazetteer | None = None,
    ) -> None:  # fmt: skip
        self._space = space
        self._intent = models["intent"]
        self._language = models["language"]
        self._triage = Triage(models["urgency"], facts["priorities"], facts["urgent_from"])
        self._exact: dict[str, str] = facts["exact"]
        self._sure: float = facts["understood_from"]
        self._sure_short: float = facts["understood_short_from"]
        self._gazetteer = gazetteer or {}

    @classmethod
    def load(cls, path: Path | None = None, gazetteer: Gazetteer | None = None) -> Engine:
        """Reads the model file; raises NotTrained."""
        space, models, facts = store.load(path or store.PATH)
        return cls(space, models, facts, gazetteer)

    def read(self, text: str) -> Reading:
        """Reads any text, also an empty one; never raises."""
        folded = fold(text)
        vector = self._space.vector(folded)
        known = self._space.knows(folded)
        language = self._read_language(vector) if known else Guess(self._language.classes[0], 0.0)
        # Another script, or no word we ever saw: whatever the model said would be a guess.
        sensible = known and _latin(folded)
        ranking = self._read_intent(folded, vector) if sensible else (Guess(OUT, 1.0),)
        top = ranking[0]
        words = len(folded.split())
        sure = self._sure if words > 2 else self._sure_short
        return Reading(
            text=text,
            language=language,
            intent=top,
            ranking=ranking,
            entities=entities.find(text, self._gazetteer),
            urgency=self._triage.read(vector) if sensible else Urgency(None, None, 0.0),
            understood=top.name != OUT and top.confidence >= sure,
        )

    def _read_language(self, vector: Vector) -> Guess:
        found = self._language.probabilities(vector)
        best = int(found.argmax())
        return Guess(self._language.classes[best], _round(found[best]))

    def _read_intent(self, folded: str, vector: Vector) -> tuple[Guess, ...]:
        if folded in self._exact:
            return (Guess(self._exact[folded], 1.0),)
        found = self._intent.probabilities(vector)
        best = np.argsort(found)[::-1][:RANKED]
        return tuple(Guess(self._intent.classes[i], _round(found[i])) for i in best)


def _latin(folded: str) -> bool:
    """Whether most letters are Latin ones; folding has mapped look-alikes of other scripts."""
    latin = len(_LATIN.findall(folded))
    return latin * 2 > latin + len(_OTHER.findall(folded))


def _round(value: Any) -> float:
    return round(float(value), 4)
