"""Entities: places, sectors and documents by their names, and what has a form, in the text as it
was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from nlu import patterns
from nlu.normalise import fold
from nlu.reading import Entity

Gazetteer = Mapping[str, tuple[str, str]]  # folded phrase: (entity, value)
LONGEST = 5  # words
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


def find(text: str, gazetteer: Gazetteer) -> tuple[Entity, ...]:
    """The longest known names and the forms, left to right, without overlap."""
    text = text[:4000]
    found = _names(text, gazetteer)
    for other in patterns.find(text):
        if all(other.end <= e.start or e.end <= other.start for e in found):
            found.append(other)
    return tuple(sorted(found, key=lambda e: e.start))


def _names(text: str, gazetteer: Gazetteer) -> list[Entity]:
    spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    folded = [_folded(text[a:b]) for a, b in spans]
    found: list[Entity] = []
    i = 0
    while i < len(spans):
        for size in range(min(LONGEST, len(spans) - i), 0, -1):
            phrase = " ".join(folded[i : i + size])
            known = gazetteer.get(phrase) or _DOCUMENTS.get(phrase)
            if known:
                start, end = spans[i][0], spans[i + size - 1][1]
                found.append(Entity(known[0], known[1], start, end))
                i += size
                break
        else:
            i += 1
    return found
