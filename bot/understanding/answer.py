"""What Rasa's `/model/parse` answers, judged: it comes from outside and may hold anything."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from nlu.engine import RANKED
from nlu.reading import Guess

LONGEST = 1000  # characters that are asked about; the work of a transformer grows with their square
_OBEYED = re.compile(r"^[\s/]+")

_WRONG = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class Malformed(Exception):
    """Not an answer to `/model/parse`."""


class UnknownIntent(Exception):
    """An answer with an intent that is none of ours: trained on something else."""


def question(text: str) -> str:
    """What to ask about, "" for nothing: Rasa would obey a typed "/intent"."""
    clean = text.encode("utf-8", "replace").decode()
    return _OBEYED.sub("", clean)[:LONGEST].strip()


def ranking(body: bytes, intents: Collection[str]) -> tuple[Guess, ...]:
    """The intent, then the others of the ranking; raises Malformed and UnknownIntent."""
    try:
        found = json.loads(body)
        first = _guess(found["intent"])
        others = [_guess(each) for each in found.get("intent_ranking", ())]
    except _WRONG as error:
        raise Malformed from error
    if first.name not in intents:
        raise UnknownIntent
    rest = [each for each in others if each.name in intents and each.name != first.name]
    return (first, *rest[: RANKED - 1])


def _guess(found: Any) -> Guess:
    name, confidence = found["name"], found["confidence"]
    if not isinstance(name, str | None) or isinstance(confidence, bool):
        raise TypeError
    confidence = float(confidence + 0)
    if not -0.001 <= confidence <= 1.001:  # also no NaN; sums of float32 may miss 1 a little
        raise ValueError
    return Guess(name or "", round(min(max(confidence, 0.0), 1.0), 4))
