"""Regions and towns, found by the names people type or by a shared location."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.library.files import read_yaml
from nlu.entities import is_name
from nlu.normalise import fold


@dataclass(frozen=True)
class Place:
    """A point with the region it lies in."""

    name: str
    region: str
    latitude: float
    longitude: float

    def km_to(self, latitude: float, longitude: float) -> float:
        """Great-circle distance (haversine, mean earth radius 6371 km)."""
        a, b = math.radians(self.latitude), math.radians(latitude)
        across = math.radians(longitude - self.longitude)
        h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
        return 2 * 6371.0 * math.asin(math.sqrt(h))


@dataclass(frozen=True)
class Regions:
    """`names` by region code and language; `places` by folded name; `capitals` by code; `words`:
    the folded names that are words of a language, too."""

    names: dict[str, dict[str, str]]
    places: dict[str, Place]
    capitals: dict[str, Place]
    words: frozenset[str] = frozenset()

    def name(self, code: str, language: str) -> str:
        """The region's name; its code if unknown."""
        names = self.names.get(code, {})
        return names.get(language) or names.get("en") or code

    def find(self, text: str) -> Place | None:
        """The place that the text names: the longest known name in it, so that
        "Upper East" is not "East"."""
        words = fold(text).split()
        for size in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                name = " ".join(words[start : start + size])
                if name in self.places and (name not in self.words or is_name(name, text)):
                    return self.places[name]
        return None

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The region around a shared location, by its nearest town; None if over 200 km away:
        then the person is not in this country."""
        towns = self.places.values()
        town = min(towns, key=lambda p: p.km_to(latitude, longitude), default=None)
        if town is None or town.km_to(latitude, longitude) > 200:
            return None
        return Place(town.name, town.region, latitude, longitude)


def read_regions(path: Path) -> Regions:
    """Reads the file; raises ValueError naming it."""
    found: dict[str, Any] = read_yaml(path)
    names: dict[str, dict[str, str]] = {}
    places: dict[str, Place] = {}
    capitals: dict[str, Place] = {}
    try:
        for region in found["regions"]:
            code = region["code"]
            names[code] = dict(region["names"])
            centre = Place(region["capital"], code, float(region["lat"]), float(region["lon"]))
            capitals[code] = centre
            for name in [*region["names"].values(), *(region.get("aliases") or ())]:
                places.setdefault(fold(str(name)), centre)
        for region in found["regions"]:  # a region's name wins over a town's
            for town in [*(region.get("towns") or ()), _capital(region)]:
                place = Place(town["name"], region["code"], float(town["lat"]), float(town["lon"]))
                for name in [town["name"], *(town.get("aliases") or ())]:
                    places.setdefault(fold(str(name)), place)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}") from error
    words = frozenset(map(fold, map(str, found.get("words") or ())))
    if unknown := sorted(words - places.keys()):
        raise ValueError(f"{path}: words that name no place: {', '.join(unknown)}")
    return Regions(names, places, capitals, words)


def _capital(region: dict[str, Any]) -> dict[str, Any]:
    return {"name": region["capital"], "lat": region["lat"], "lon": region["lon"]}
