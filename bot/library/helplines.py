"""Emergency and help lines: the only place where such a number is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.library.files import as_date, read_yaml


@dataclass(frozen=True, kw_only=True)
class Helpline:
    """A number with its source. Nobody has called it until `verified_on` says so."""

    id: str
    name: dict[str, str]
    number: str
    channel: str
    free: bool | None
    urgency: tuple[str, ...]
    topics: tuple[str, ...]
    source: str
    source_date: str | None
    verified_on: date | None
    expires: date | None

    def doubtful(self, today: date) -> bool:
        """True when nobody has checked the number, or the check has expired."""
        return self.verified_on is None or (self.expires is not None and self.expires <= today)


def read_helplines(path: Path) -> dict[str, Helpline]:
    """Reads the list, by id; raises ValueError naming the file."""
    found = {}
    for entry in read_yaml(path):
        try:
            found[entry["id"]] = Helpline(
                id=entry["id"],
                name=dict(entry["name"]),
                number=str(entry["number"]),
                channel=entry["channel"],
                free=entry.get("free"),
                urgency=tuple(entry.get("urgency") or ()),
                topics=tuple(entry.get("topics") or ()),
                source=str(entry["source"]),
                source_date=entry.get("source_date") and str(entry["source_date"]),
                verified_on=as_date(entry.get("verified_on")),
                expires=as_date(entry.get("expires")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path}: {entry!r}: {error!r}") from error
    return found
