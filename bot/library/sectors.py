"""Business sectors by the words people use for them."""

from __future__ import annotations

from pathlib import Path

from bot.library.files import read_yaml
from nlu.normalise import fold


def read_names(path: Path) -> dict[str, dict[str, str]]:
    """What each sector is called, by id and language."""
    try:
        return {s["id"]: dict(s["names"]) for s in read_yaml(path)["sectors"]}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}") from error


def read_sectors(path: Path) -> dict[str, str]:
    """Sector id by folded alias, of all languages; the first sector to name an alias keeps it."""
    found: dict[str, str] = {}
    try:
        for sector in read_yaml(path)["sectors"]:
            words = [word for words in sector["aliases"].values() for word in words]
            for name in [*sector["names"].values(), *words]:
                found.setdefault(fold(str(name)), sector["id"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error!r}") from error
    return found
