"""How a case of priority 0 rings until somebody takes it, and how long cases may wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

WHO = ("duty", "supervisors")
BY = ("console", "telegram", "sms", "email")
LONGEST = 366 * 24 * 3600  # seconds; more is a slip of the pen
NAMES = ("chain", "again", "owner_within", "absent_after", "reopen_within")


@dataclass(frozen=True)
class Step:
    """Rings `who` on every way in `by`, `after` the case was opened."""

    after: timedelta
    who: str  # one of WHO
    by: tuple[str, ...]  # of BY


@dataclass(frozen=True)
class Ringing:
    """The clocks around a case; the steps of `chain` are in order and never at the same time."""

    chain: tuple[Step, ...] = (
        Step(timedelta(0), "duty", ("console",)),
        Step(timedelta(seconds=120), "duty", ("telegram", "sms", "email")),
        Step(timedelta(seconds=300), "supervisors", ("console", "telegram", "sms", "email")),
    )
    again: timedelta = timedelta(seconds=600)  # after the last step it comes once more, and so on
    owner_within: dict[int, timedelta] = field(
        default_factory=lambda: {0: timedelta(seconds=300), 1: timedelta(seconds=7200)}
    )  # by priority: longer without an owner is an alarm; priority 1 counts opening hours
    absent_after: timedelta = timedelta(seconds=600)  # without a console, waiting cases go back
    reopen_within: timedelta = timedelta(seconds=259200)  # a new need re-opens the closed case


def read_ringing(found: Any) -> Ringing:
    """The block `ringing` of `country.yml`: a key that is missing has its default.

    Raises ValueError: an unknown key or a wrong value must not silence an alarm.
    """
    block = _mapping("ringing", {} if found is None else found, NAMES)
    given: dict[str, Any] = {
        name: _seconds(f"ringing: {name}", block[name], least=1)
        for name in ("again", "absent_after", "reopen_within") if name in block
    }  # fmt: skip
    if "chain" in block:
        given["chain"] = _chain(block["chain"])
    if "owner_within" in block:
        given["owner_within"] = _owner_within(block["owner_within"])
    return Ringing(**given)


def _chain(found: Any) -> tuple[Step, ...]:
    if not isinstance(found, list) or not found:
        raise ValueError("ringing: chain is a list of at least one step")
    steps = tuple(_step(f"ringing: step {n}", entry) for n, entry in enumerate(found, 1))
    if any(later.after <= earlier.after for earlier, later in pairwise(steps)):
        raise ValueError("ringing: each step of the chain comes after the one before it")
    return steps


def _step(place: str, found: Any) -> Step:
    entry = _mapping(place, found, ("after", "who", "by"))
    if missing := {"after", "who", "by"} - entry.keys():
        raise ValueError(f"{place}: {', '.join(sorted(missing))} is missing")
    who, by = entry["who"], entry["by"]
    if who not in WHO:
        raise ValueError(f"{place}: who is one of {', '.join(WHO)}, not {who!r}")
    if not isinstance(by, list) or not by or any(way not in BY for way in by):
        raise ValueError(f"{place}: by is a list of {', '.join(BY)}, not {by!r}")
    return Step(_seconds(f"{place}: after", entry["after"], least=0), who, tuple(dict.fromkeys(by)))


def _owner_within(found: Any) -> dict[int, timedelta]:
    place = "ringing: owner_within"
    if not isinstance(found, dict) or any(type(k) is not int or k < 0 for k in found):
        raise ValueError(f"{place}: seconds by priority (0, 1, …), not {found!r}")
    if 0 not in found:
        raise ValueError(f"{place}: danger (0) is missing")
    return {k: _seconds(f"{place}: {k}", value, least=1) for k, value in sorted(found.items())}


def _mapping(place: str, found: Any, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(found, dict) or any(name not in names for name in found):
        raise ValueError(f"{place}: a mapping of {', '.join(names)}, not {found!r}")
    return found


def _seconds(place: str, found: Any, *, least: int) -> timedelta:
    # By type: YAML's true is an integer too, and its 10:00 is the integer 600.
    if type(found) is not int or not least <= found <= LONGEST:
        raise ValueError(f"{place}: seconds from {least} to {LONGEST}, not {found!r}")
    return timedelta(seconds=found)
