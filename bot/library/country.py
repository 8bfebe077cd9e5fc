"""One country's settings: names, languages, time zone, and how the team works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.library.files import read_yaml
from bot.library.hours import Hours, read_hours
from bot.library.peering import Peering, read_peering
from bot.library.ringing import Ringing, read_ringing

ROUTINGS = ("manual", "automatic")


@dataclass(frozen=True, kw_only=True)
class Country:
    """`country.yml`. Without `duty` in `hours` nobody is known to be on duty, and we say so."""

    code: str
    name: dict[str, str]
    languages: tuple[str, ...]
    default_language: str
    timezone: ZoneInfo
    emergency: str  # id of the helpline for everything
    hours: Hours
    ringing: Ringing
    peering: Peering
    routing: str  # who gives a case to a counsellor: a supervisor by hand, or we do


def read_country(path: Path) -> Country:
    """Reads the file; raises ValueError naming it."""
    found: dict[str, Any] = read_yaml(path)
    try:
        timezone = ZoneInfo(found["timezone"])
        return Country(
            code=found["code"],
            name=dict(found["name"]),
            languages=tuple(found["languages"]),
            default_language=found["default_language"],
            timezone=timezone,
            emergency=found["emergency"],
            hours=read_hours(found.get("duty"), found.get("holidays"), timezone),
            ringing=read_ringing(found.get("ringing")),
            peering=read_peering(found.get("peers")),
            routing=_routing(found.get("routing", "manual")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}") from error


def _routing(found: Any) -> str:
    if found not in ROUTINGS:
        raise ValueError(f"routing: one of {', '.join(ROUTINGS)}, not {found!r}")
    return str(found)
