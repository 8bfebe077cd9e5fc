"""What a post offers or demands, by the trained model of `nlu.offers`, as a finding."""

from __future__ import annotations

from pathlib import Path

from bot.screening.judge import Offers
from bot.screening.rules import Finding
from nlu import offers


def load(model: Path | None = None) -> Offers:
    """The judge of texts; `model` is the file of the reading model that it lies beside. Raises
    nlu.store.NotTrained."""
    path = model.with_name(offers.PATH.name) if model else offers.PATH
    kind = offers.Offers.load(path).kind

    def judged(text: str) -> Finding | None:
        found = kind(text)
        return Finding(found) if found else None

    return judged
