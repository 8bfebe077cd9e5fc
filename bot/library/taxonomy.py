"""The ids that all parts share: topics by group, urgency classes with priorities, languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.library.files import read_yaml


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """`content/taxonomy.yml`, the copy of the specification that the service runs with."""

    groups: dict[str, tuple[str, ...]]
    dialogue: tuple[str, ...]
    urgency: dict[str, int]
    sectors: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic id, in the order of the menu."""
        return tuple(topic for topics in self.groups.values() for topic in topics)


def read_taxonomy(path: Path) -> Taxonomy:
    """Reads the file; raises ValueError naming it."""
    found = read_yaml(path)
    return Taxonomy(
        groups={group: tuple(topics) for group, topics in found["topics"].items()},
        dialogue=tuple(found["dialogue"]),
        urgency=dict(found["urgency"]),
        sectors=tuple(found["sectors"]),
        languages=tuple(found["languages"]),
    )
