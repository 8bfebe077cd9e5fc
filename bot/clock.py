"""Until when a case should be answered, and when it rings: pure arithmetic on opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.library.country import Country

# Danger knows no office hours; the rest counts them (the reasons are in the README).
AT_ONCE = timedelta(minutes=15)
WORKING = {1: timedelta(hours=4), 2: timedelta(hours=24)}
# Where the pack has no hours, a day has 24: the same wish in plain time.
PLAIN = {1: timedelta(hours=24), 2: timedelta(days=3)}


@dataclass(frozen=True)
class Plan:
    """The clocks of a new need. `owner_by` and `ring_at` are None for what may wait."""

    due_at: datetime
    owner_by: datetime | None  # nobody having taken it then is an alarm
    ring_at: datetime | None  # the next ring
    reopen_within: timedelta


def answer_by(country: Country, priority: int, since: datetime) -> datetime:
    """Until when one of ours should have answered a need of this priority."""
    if priority == 0:
        return since + AT_ONCE
    if not country.hours.duty:
        return since + PLAIN[priority]
    return country.hours.after(since, WORKING[priority])


def owner_by(country: Country, priority: int, since: datetime) -> datetime | None:
    """Until when somebody must have taken it; None for what may wait."""
    allowed = country.ringing.owner_within.get(priority)
    if allowed is None:
        return None
    return since + allowed if priority == 0 else country.hours.after(since, allowed)


def first_ring(country: Country, priority: int, since: datetime) -> datetime | None:
    """When it begins to ring: danger by the chain's first step, a need of the same day when its
    time without an owner is over."""
    if priority == 0:
        return since + country.ringing.chain[0].after
    return owner_by(country, priority, since)


def plan(country: Country, priority: int, since: datetime) -> Plan:
    """All clocks of a need that arises at `since`."""
    return Plan(
        answer_by(country, priority, since), owner_by(country, priority, since),
        first_ring(country, priority, since), country.ringing.reopen_within,
    )  # fmt: skip
