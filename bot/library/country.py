"""One country's settings: names, languages, time zone, and when counsellors are on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.library.files import as_date, read_yaml

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Duty:
    """Hours on some days of the week when a counsellor reads, in the country's time."""

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class Country:
    """`country.yml`. No `duty` means that nobody is known to be on duty, and we say so."""

    code: str
    name: dict[str, str]
    languages: tuple[str, ...]
    default_language: str
    timezone: ZoneInfo
    emergency: str  # id of the helpline for everything
    duty: tuple[Duty, ...]
    holidays: frozenset[date]

    def on_duty(self, now: datetime) -> bool:
        """True when a counsellor should be reading now."""
        local = now.astimezone(self.timezone)
        return local.date() not in self.holidays and any(
            local.weekday() in d.days and d.start <= local.time() < d.end for d in self.duty
        )

    def next_duty(self, now: datetime) -> datetime | None:
        """When the next period begins (within two weeks); None if none is known."""
        local = now.astimezone(self.timezone)
        for ahead in range(15):
            day = local.date() + timedelta(days=ahead)
            if day in self.holidays:
                continue
            starts = sorted(d.start for d in self.duty if day.weekday() in d.days)
            for start in starts:
                moment = datetime.combine(day, start, self.timezone)
                if moment > local:
                    return moment
        return None


def read_country(path: Path) -> Country:
    """Reads the file; raises ValueError naming it."""
    found: dict[str, Any] = read_yaml(path)
    try:
        return Country(
            code=found["code"],
            name=dict(found["name"]),
            languages=tuple(found["languages"]),
            default_language=found["default_language"],
            timezone=ZoneInfo(found["timezone"]),
            emergency=found["emergency"],
            duty=tuple(
                Duty(
                    tuple(DAYS.index(day) for day in d["days"]),
                    time.fromisoformat(d["from"]),
                    time.fromisoformat(d["to"]),
                )
                for d in found.get("duty") or ()
            ),
            holidays=frozenset(d for d in map(as_date, found.get("holidays") or ()) if d),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}") from error
