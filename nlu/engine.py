"""The embedded engine: one text in, one reading out, in well under a millisecond."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from nlu import entities, store
from nlu.blend import Blend, likely
from nlu.entities import Gazetteer
from nlu.linear import Floats, Linear, Space, softmax
from nlu.normalise import fold
from nlu.reading import Guess, Reading
from nlu.store import NotTrained
from nlu.sureness import OUT, sureness
from nlu.triage import Triage, value

__all__ = ["OUT", "Engine", "NotTrained"]

RANKED = 5
UNSURE = 0.5  # the most that is claimed of a language by one word: names, "ok", loan words
TELLING = frozenset({"greet", "goodbye", "thank"})  # but known words of these are no loan words
_LATIN, _OTHER = re.compile(r"[a-z]"), re.compile(r"[^\W\da-z_]")


class Engine:
    """The models of language, intent and urgency with their thresholds."""

    def __init__(
        self, space: Space, models: dict[str, Linear], facts: dict[str, Any],
        gazetteer: Gazetteer | None = None,
    ) -> None:  # fmt: skip
        self.space = space
        self.language, self.danger = models["language"], models["urgency"]
        self.intent, self.alarm = Blend.of(models, "intent"), Blend.of(models, "alarm")
        self.triage = Triage(
            classes=self.danger.classes, priorities=facts["priorities"],
            rings_from=facts["urgent_from"], steepness=facts["alarm_steepness"],
            cries=facts["cries"],
        )  # fmt: skip
        self._exact: dict[str, str] = facts["exact"]
        self._sure: dict[str, float] = facts["understood_from"]
        self._short: float = facts["short"]
        self._out = self.intent.classes.index(OUT)
        self._gazetteer = gazetteer or {}

    @classmethod
    def load(cls, path: Path | None = None, gazetteer: Gazetteer | None = None) -> Engine:
        """Reads the model file; raises NotTrained."""
        space, models, facts = store.load(path or store.PATH)
        return cls(space, models, facts, gazetteer)

    def read(self, text: str) -> Reading:
        """Reads any text, also an empty one; never raises."""
        folded = fold(text)
        found = entities.find(text, self._gazetteer)
        # Another script, or no word we ever saw: whatever the models said would be a guess.
        if not (self.space.knows(folded) and _latin(folded)):
            code = self.language.classes[0]
            urgency = self.triage.read(folded, -30.0, np.zeros(0, np.float32), {code: 1.0})
            nothing = Guess(OUT, 1.0)
            return Reading(text=text, language=Guess(code, 0.0), intent=nothing,
                           ranking=(nothing,), entities=found, urgency=urgency,
                           understood=False)  # fmt: skip
        words = folded.count(" ") + 1
        vector = self.space.vector(folded)
        speaks = self.language.probabilities(vector)
        languages = likely(self.language, speaks)
        intents = self.intent.scores(vector, languages)
        dangers = self.danger.scores(vector)
        urgent = value(self.alarm.scores(vector, languages)[0], dangers, self.danger.classes)
        ranking = self._intents(folded, intents)
        telling = words > 1 or self._exact.get(folded) in TELLING
        return Reading(
            text=text,
            language=_language(self.language.classes, speaks, telling),
            intent=ranking[0],
            ranking=ranking,
            entities=found,
            urgency=self.triage.read(folded, float(urgent), dangers, languages),
            understood=ranking[0].name != OUT
            and (folded in self._exact or self._answers(intents, languages, words)),
        )

    def _answers(self, scores: Floats, languages: dict[str, float], words: int) -> bool:
        start = sum(self._sure[code] * share for code, share in languages.items())
        return sureness(scores, self._out) >= start + (self._short if words <= 2 else 0.0)

    def _intents(self, folded: str, scores: Floats) -> tuple[Guess, ...]:
        if folded in self._exact:
            return (Guess(self._exact[folded], 1.0),)
        found = softmax(scores * self.intent.temperature)
        best = np.argsort(found)[::-1][:RANKED]
        return tuple(Guess(self.intent.classes[i], _round(found[i])) for i in best)


def _language(classes: tuple[str, ...], speaks: Floats, telling: bool) -> Guess:
    best = int(speaks.argmax())
    share = float(speaks[best])
    return Guess(classes[best], _round(share if telling else min(share, UNSURE)))


def _latin(folded: str) -> bool:
    """Whether most letters are Latin ones; folding has mapped look-alikes of other scripts."""
    latin = len(_LATIN.findall(folded))
    return latin * 2 > latin + len(_OTHER.findall(folded))


def _round(value: Any) -> float:
    return round(float(value), 4)
