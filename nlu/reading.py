"""A reading: what one message says, in the shape of Rasa's `/model/parse` and a little more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Guess:
    """A name with the model's confidence in it (0 to 1)."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Entity:
    """Something named in the text; `start` and `end` index the text as it was written."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Urgency:
    """The triage: a class with its priority, or None for both."""

    name: str | None
    priority: int | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`understood` is false when the service should ask back instead of answering."""

    text: str
    language: Guess
    intent: Guess
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]
    urgency: Urgency
    understood: bool

    def entity(self, kind: str) -> str | None:
        """The value of the first entity of a kind."""
        return next((e.value for e in self.entities if e.entity == kind), None)

    def as_json(self) -> dict[str, Any]:
        """The object that `sankofa understand` prints."""
        return {
            "text": self.text,
            "language": {"code": self.language.name, "confidence": self.language.confidence},
            "intent": vars(self.intent),
            "intent_ranking": [vars(guess) for guess in self.ranking],
            "entities": [vars(entity) for entity in self.entities],
            "urgency": {
                "class": self.urgency.name,
                "priority": self.urgency.priority,
                "confidence": self.urgency.confidence,
            },
            "understood": self.understood,
        }
