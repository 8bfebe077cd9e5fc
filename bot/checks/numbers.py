"""Telephone numbers and offices: sourced, dated, and honest about never having been called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.checks import Finding
from bot.library import Library


def check(library: Library, today: date) -> Iterator[Finding]:
    """Findings of helplines and offices."""
    if library.country.emergency not in library.helplines:
        yield Finding("country.yml", "the emergency helpline does not exist", grave=True)
    topics = set(library.taxonomy.topics)
    for line in library.helplines.values():
        where = f"helplines.yml {line.id}"
        if not line.source:
            yield Finding(where, "no source", grave=True)
        if line.verified_on is None:
            yield Finding(where, f"never called (source of {line.source_date or 'unknown date'})")
        elif line.expires is None or line.expires <= today:
            yield Finding(where, f"expired: called on {line.verified_on}")
        for unknown in set(line.topics) - topics:
            yield Finding(where, f"topic {unknown!r} does not exist", grave=True)
        for unknown in set(line.urgency) - set(library.taxonomy.urgency):
            yield Finding(where, f"class {unknown!r} does not exist", grave=True)
    seen: set[str] = set()
    for office in library.offices:
        where = f"services.json {office.id}"
        if office.id in seen:
            yield Finding(where, "the id stands twice", grave=True)
        seen.add(office.id)
        for unknown in set(office.topics) - topics:
            yield Finding(where, f"topic {unknown!r} does not exist", grave=True)
        if office.region is not None and office.region not in library.regions.names:
            yield Finding(where, f"region {office.region!r} does not exist", grave=True)
        if not office.checked:
            yield Finding(where, "the date of its source is unknown")
