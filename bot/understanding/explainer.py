"""The engine for looking into it: loaded when somebody first asks, kept from then on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.library import Library
from bot.understanding.embedded import Embedded
from nlu.engine import NotTrained
from nlu.explain import Explanation, explain

LONGEST = 1000  # characters that are looked into


class Explainer:
    """Says why a text is read as it is. `engine`: one that this process reads with anyway."""

    def __init__(
        self, library: Library, path: Path | None = None, engine: Embedded | None = None
    ) -> None:
        self._library = library
        self._path = path
        self._found = engine
        self._loading = asyncio.Lock()

    async def explain(self, text: str) -> Explanation | None:
        """Why; None while there is no trained model. Nothing of the text is kept."""
        engine = await self._engine()
        if engine is None:
            return None
        return await asyncio.to_thread(explain, engine.engine, text[:LONGEST])

    async def _engine(self) -> Embedded | None:
        async with self._loading:  # two who ask at once load it once
            if self._found is None:
                try:
                    self._found = await asyncio.to_thread(
                        Embedded.load, self._library, self._path
                    )
                except (NotTrained, FileNotFoundError):
                    return None
            return self._found
