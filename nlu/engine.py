"""The embedded engine: one text in, one reading out, in well under a millisecond."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu import store
from nlu.entities import Finder, Gazetteer
from nlu.hearing import Hearing
from nlu.linear import softmax
from nlu.reading import Entity, Guess, Reading, Urgency
from nlu.space import Floats
from nlu.store import NotTrained, Stored
from nlu.sureness import OUT
from nlu.triage import Scales, Triage

__all__ = ["OUT", "Engine", "NotTrained"]

RANKED = 5
PORTION = 8000  # letters that are read at a time
UNSURE = 0.5  # the most that is claimed of a language by one word: names, "ok", loan words
TELLING = frozenset({"greet", "goodbye", "thank"})  # but known words of these are no loan words
_LATIN, _OTHER = re.compile(r"[a-z]"), re.compile(r"[^\W\da-z_]")


class Engine:
    """The models of language, intent and urgency with their thresholds."""

    def __init__(self, stored: Stored, gazetteer: Gazetteer | None = None) -> None:
        self.space, self.blend = stored.space, stored.blend
        heads, facts = self.blend.heads, stored.facts
        self._languages, self._intents = heads["language"], heads["intent"]
        self.triage = Triage(
            priorities=facts["priorities"], rings_from=self._each(facts["urgent_from"]),
            steepness=facts["alarm_steepness"], cries=facts["cries"],
        )  # fmt: skip
        self.scales = Scales.of(heads, facts["priorities"])
        self._exact: dict[str, str] = facts["exact"]
        self._sure = self._each(facts["understood_from"])
        self._short: float = facts["short"]
        self._entities = Finder(gazetteer or {})

    def _each(self, lines: Mapping[str, float]) -> NDArray[np.float32]:
        """A line of each language, in the order of the language model."""
        return np.array([lines[code] for code in self._languages.classes], np.float32)

    @classmethod
    def load(cls, path: Path | None = None, gazetteer: Gazetteer | None = None) -> Engine:
        """Reads the model file; raises NotTrained."""
        return cls(store.load(path or store.PATH), gazetteer)

    def read(self, text: str) -> Reading:
        """Reads any text, also an empty one; never raises."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Reads texts, some at a time: many cost half as much as one by one."""
        found: list[Reading] = []
        for start, end in _portions(texts):
            found += self._read(texts[start:end])
        return found

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        heard = Hearing.of(self.space, self.blend, texts)
        said, whole = heard.said, heard.whole
        asked, sure = heard.surest()
        cried, urgent = heard.loudest(self.scales)
        over = self.triage.over(urgent, said.spoken[whole]).tolist()
        clear = (sure - said.spoken[whole] @ self._sure).tolist()
        dangers = self.scales.each(said.scores[cried]).argmax(axis=1).tolist()
        languages = _languages(self._languages.classes, said.speaks[whole])
        rankings = self._rankings(said.scores[asked, self._intents.columns])
        found = []
        for n, (text, row) in enumerate(zip(texts, whole.tolist(), strict=True)):
            plain = heard.folded[row]
            words = plain.split()
            entities = self._entities.find(text, words)
            # Another script, or no word we ever saw: whatever the models said would be a guess.
            if not (heard.vectors.known[row] and _latin(plain)):
                found.append(self._nothing(text, plain, entities))
                continue
            exact = self._exact.get(plain)
            ranking = (Guess(exact, 1.0),) if exact else rankings[n]
            telling = len(words) > 1 or exact in TELLING
            found.append(Reading(
                text=text,
                language=languages[n] if telling else _unsure(languages[n]),
                intent=ranking[0],
                ranking=ranking,
                entities=entities,
                urgency=self.triage.read(plain, over[n], self.scales.dangers[dangers[n]]),
                understood=ranking[0].name != OUT and (
                    exact is not None or clear[n] >= (self._short if len(words) <= 2 else 0.0)
                ),
            ))  # fmt: skip
        return found

    def _nothing(self, text: str, folded: str, found: tuple[Entity, ...]) -> Reading:
        code = self._languages.classes[0]
        urgency = self.triage.known(folded) or Urgency(None, None, 0.0)
        nothing = Guess(OUT, 1.0)
        return Reading(text=text, language=Guess(code, 0.0), intent=nothing, ranking=(nothing,),
                       entities=found, urgency=urgency, understood=False)  # fmt: skip

    def _rankings(self, scores: Floats) -> list[tuple[Guess, ...]]:
        """Of each text, the likeliest intents."""
        names = self._intents.classes
        likely = softmax(scores * self._intents.temperature)
        best = (-likely).argsort(axis=1)[:, :RANKED]
        shares = likely[np.arange(len(best))[:, None], best].tolist()
        return [tuple(Guess(names[i], round(p, 4)) for i, p in zip(*each, strict=True))
                for each in zip(best.tolist(), shares, strict=True)]  # fmt: skip


def _portions(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where to cut, so that a portion needs little memory."""
    start = letters = 0
    for n, text in enumerate(texts):
        if letters > PORTION:
            yield start, n
            start, letters = n, 0
        letters += len(text)
    if start < len(texts):
        yield start, len(texts)


def _languages(classes: tuple[str, ...], speaks: Floats) -> list[Guess]:
    best = speaks.argmax(axis=1)
    shares = speaks[np.arange(len(best)), best].tolist()
    return [Guess(classes[n], round(p, 4)) for n, p in zip(best.tolist(), shares, strict=True)]


def _unsure(language: Guess) -> Guess:
    return Guess(language.name, min(language.confidence, UNSURE))


def _latin(folded: str) -> bool:
    """Whether most letters are Latin ones; folding has mapped look-alikes of other scripts."""
    if folded.isascii():
        return any(map(str.isalpha, folded))
    latin = len(_LATIN.findall(folded))
    return latin * 2 > latin + len(_OTHER.findall(folded))
