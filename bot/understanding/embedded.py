"""The embedded engine: the trained model in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.library import Library
from nlu.engine import Engine
from nlu.entities import Gazetteer
from nlu.reading import Reading


class Embedded:
    """The trained model in this process: a fraction of a millisecond a message."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def load(cls, library: Library, path: Path | None = None) -> Embedded:
        """Loads the trained model; raises nlu.engine.NotTrained with what to do."""
        return cls(Engine.load(path, gazetteer(library)))

    async def read(self, texts: Sequence[str]) -> list[Reading]:
        return self.engine.read_all(texts)

    async def close(self) -> None:
        """Nothing is held open."""


def gazetteer(library: Library) -> Gazetteer:
    """The names of places and sectors that entities are found by."""
    found = {name: ("sector", id) for name, id in library.sectors.items()}
    words = library.regions.words
    places = {name.capitalize() if name in words else name: ("region", place.region)
              for name, place in library.regions.places.items()}  # fmt: skip
    return found | places
