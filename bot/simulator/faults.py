"""What can go wrong on a network, at chosen rates, from a seeded source."""

from __future__ import annotations

import asyncio
import random
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Rates from 0 to 1; `delay` and `hang` in seconds."""

    delay: float = 0.0  # before every answer of the API
    rate429: float = 0.0
    rate500: float = 0.0
    timeouts: float = 0.0  # a message is accepted, but the answer never comes
    duplicates: float = 0.0  # webhooks delivered twice
    reorder: float = 0.0  # webhooks overtaken by later ones
    lost_callbacks: float = 0.0

    def changed(self, wish: dict[str, Any]) -> Faults:
        """With the numbers of `wish`; raises ValueError for anything else."""
        known = asdict(self)
        if set(wish) - set(known):
            raise ValueError("unknown fault")
        values = {name: float(value) for name, value in wish.items()}
        if not all(0 <= v <= (30 if name == "delay" else 1) for name, v in values.items()):
            raise ValueError("a rate is between 0 and 1, a delay between 0 and 30 seconds")
        return replace(self, **values)


@dataclass
class Weather:
    """The faults of now, and the dice."""

    faults: Faults = field(default_factory=Faults)
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # a simulation
    hang: float = 20.0  # longer than the clients wait

    def strikes(self, rate: float) -> bool:
        """True at the given rate."""
        return rate > 0 and self.dice.random() < rate

    async def answer(self) -> None:
        """Before the answer to an accepted message: at the rate of `timeouts` it comes too late."""
        if self.strikes(self.faults.timeouts):
            await asyncio.sleep(self.hang)
