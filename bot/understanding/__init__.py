"""Reading messages: one of two interchangeable engines behind one `Reading`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.library import Library
from bot.settings import Settings
from bot.understanding.embedded import Embedded, gazetteer
from bot.understanding.rasa import Rasa, intents
from nlu.reading import Reading

__all__ = ["Embedded", "Rasa", "Understanding", "gazetteer", "reader"]


class Understanding(Protocol):
    """Reads texts; slow engines may take their time: no row is locked meanwhile."""

    async def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading a text, in their order; an engine that fails still gives readings."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


def reader(settings: Settings, library: Library, model: Path | None = None) -> Understanding:
    """The engine of the settings; raises nlu.engine.NotTrained: every engine needs the model."""
    embedded = Embedded.load(library, model)
    if settings.nlu_engine == "rasa":
        return Rasa(embedded, settings.rasa, intents(library.taxonomy))
    return embedded
