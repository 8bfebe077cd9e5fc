"""What every page of the console stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.db import Database, now
from bot.library import Library
from bot.understanding.explainer import Explainer
from bot.vault import Vault
from bot.wake import Wake
from bot.web.console.hub import Hub


@dataclass(frozen=True)
class Desk:
    """The parts of the service that pages use. `root`: our public address; `second_factor`: false
    only in the demo, where signing in must not need a telephone."""

    database: Database
    vault: Vault
    library: Library
    wake: Wake
    hub: Hub
    root: str
    explainer: Explainer
    second_factor: bool = True

    @property
    def secure(self) -> bool:
        """Whether cookies may travel on HTTPS only."""
        return self.root.startswith("https://")

    def now(self) -> datetime:
        """The clock of the edge."""
        return now()
