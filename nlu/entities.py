"""Entities: places, sectors and documents by their names, and what has a form, in the text as it
was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from nlu import patterns
from nlu.normalise import LIMIT, fold
from nlu.reading import Entity

# Folded phrase: (entity, value). A name that is a word, too, has a capital: see `is_name`.
Gazetteer = Mapping[str, tuple[str, str]]
DOCUMENTS = {
    "ghana_card": "ghana card|ghanacard|ghana kaad|ghana kaadi|carte ghana|katin ghana|"
                  "national id|national id card|carte d'identite|carte nationale d'identite",
    "passport": "passport|passports|passeport|passeports|fasfo|paasport|paspoto|pasport",
    "emergency_travel_certificate": "emergency travel certificate|travel certificate|"
                                    "laissez passer|laisser passer|sauf conduit",
    "birth_certificate": "birth certificate|birth cert|acte de naissance|extrait de naissance|"
                         "certificat de naissance|takardar haihuwa|awoo krataa|dzigbe gbale",
    "health_insurance_card": "nhis card|nhis|health insurance card|carte nhis|katin nhis",
    "voter_card": "voter card|voters card|voter id|carte d'electeur|katin zabe",
    "driving_licence": "driving licence|drivers license|driver's license|driving license|"
                       "driver's licence|drivers licence|permis de conduire|lasisin tuki",
    "residence_permit": "residence permit|carte de sejour|titre de sejour|permis de sejour",
}  # fmt: skip
_DOCUMENTS: Gazetteer = {phrase: ("document", value) for value, phrases in DOCUMENTS.items()
                         for phrase in phrases.split("|")}  # fmt: skip
_folded = lru_cache(10_000)(fold)  # the same words come again and again
_WORD = re.compile(r"[^\s,.;:!?()\"]+")


def is_name(word: str, text: str) -> bool:
    """Whether a folded word that may be a name is one in this text: it is all of it, or stands with
    a capital inside a sentence. Wa is a town and "wa" is "who" in Hausa."""
    inside = rf"(?:^|[\s(])[^\s.!?…:]+,?\s+\(?{re.escape(word.capitalize())}(?!\w)"
    return fold(text) == word or re.search(inside, text) is not None


class Finder:
    """Finds the names of a gazetteer, the papers and the forms."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._names = {**_DOCUMENTS, **gazetteer}
        self._longest: dict[str, int] = {}  # words of the longest name that begins with a word
        for name in self._names:
            first, *rest = name.lower().split() or [""]
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(rest))

    def find(self, text: str, words: Iterable[str]) -> tuple[Entity, ...]:
        """The longest known names and the forms, left to right, without overlap. `words` are the
        folded ones of the text."""
        text = text[:LIMIT]
        found = [] if self._longest.keys().isdisjoint(words) else self._named(text)
        for other in patterns.find(text):
            if all(other.end <= e.start or e.end <= other.start for e in found):
                found.append(other)
        return tuple(sorted(found, key=lambda e: e.start))

    def _named(self, text: str) -> list[Entity]:
        spans = [m.span() for m in _WORD.finditer(text)]
        folded = [_folded(text[a:b]) for a, b in spans]
        found: list[Entity] = []
        i = 0
        while i < len(spans):
            longest = self._longest.get(folded[i].partition(" ")[0], 0)
            for size in range(min(longest, len(spans) - i), 0, -1):
                phrase = " ".join(folded[i : i + size])
                known = self._names.get(phrase)
                if not known and (size == len(spans) or text[slice(*spans[i])][0].isupper()):
                    known = self._names.get(phrase.capitalize()) if is_name(phrase, text) else None
                if known:
                    found.append(Entity(*known, spans[i][0], spans[i + size - 1][1]))
                    i += size
                    break
            else:
                i += 1
        return found
