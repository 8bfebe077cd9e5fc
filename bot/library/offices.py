"""Offices: services at places, from an Open Referral HSDS file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Hours:
    """Opening hours on some days of the week (0 is Monday)."""

    days: tuple[int, ...]
    opens: str
    closes: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """One service at one location. What no source gives is None or empty."""

    id: str
    service: str
    names: dict[str, str]
    topics: tuple[str, ...]
    address: str
    city: str
    region: str | None
    latitude: float | None
    longitude: float | None
    near_town: bool  # the point is the town's centre, not the door
    hours: tuple[Hours, ...]
    phones: tuple[str, ...]
    checked: str | None  # the date of the source, as it gives it

    def name(self, language: str) -> str:
        """The office's name in the language, else in English."""
        return self.names.get(language) or self.names["en"]


def read_offices(path: Path) -> tuple[Office, ...]:
    """Joins the file's services, locations and service_at_locations; raises ValueError."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    try:
        services = {s["id"]: s for s in found["services"]}
        locations = {place["id"]: place for place in found["locations"]}
        return tuple(
            _office(link, services[link["service_id"]], locations[link["location_id"]])
            for link in found["service_at_locations"]
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {error!r}") from error


def _office(link: dict[str, Any], service: dict[str, Any], place: dict[str, Any]) -> Office:
    attributes = service["attributes"]
    address = (place.get("addresses") or [{}])[0]
    lines = [address.get("address_1"), address.get("address_2")]
    phones = [p for owner in (link, place, service) for p in owner.get("phones") or ()]
    schedules = [s for owner in (link, place, service) for s in owner.get("schedules") or ()]
    point = place.get("attributes") or {}
    return Office(
        id=link["id"],
        service=service["id"],
        names=dict(attributes["names"]),
        topics=tuple(attributes["topics"]),
        address=", ".join(line for line in lines if line),
        city=address.get("city") or "",
        region=address.get("state_province"),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        near_town=point.get("precision") == "town",
        hours=tuple(_hours(s) for s in schedules if s.get("opens_at") and s.get("closes_at")),
        phones=tuple(dict.fromkeys(str(p["number"]) for p in phones)),
        checked=service.get("assured_date") and str(service["assured_date"]),
    )


def _hours(schedule: dict[str, Any]) -> Hours:
    days = str(schedule.get("byday") or ",".join(DAYS)).split(",")
    return Hours(
        tuple(DAYS.index(day.strip()) for day in days),
        str(schedule["opens_at"])[:5], str(schedule["closes_at"])[:5],
    )  # fmt: skip
