"""How peer groups of a country deliver: quiet hours, digests, and what SMS may cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.library.hours import DAYS

NAMES = ("quiet_from", "quiet_to", "digest_at", "weekly_on", "sms_segments")


@dataclass(frozen=True)
class Peering:
    """The block `peers` of `country.yml`. Times are the country's; moments go in and out aware."""

    quiet_from: time = time(21)
    quiet_to: time = time(7)
    digest_at: time = time(18)
    weekly_on: int = 5  # Saturday
    sms_segments: int = 40  # that one member's digests may cost in a month

    def quiet_until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours end that we are in; None outside them."""
        local = now.astimezone(zone)
        clock, start, end = local.time(), self.quiet_from, self.quiet_to
        inside = start <= clock < end if start <= end else clock >= start or clock < end
        if not inside or start == end:
            return None
        day = local.date() + timedelta(days=1 if clock >= end else 0)
        return datetime.combine(day, end, zone).astimezone(UTC)

    def next_digest(self, now: datetime, zone: ZoneInfo, *, weekly: bool) -> datetime:
        """The next daily or weekly digest after now."""
        local = now.astimezone(zone)
        found = datetime.combine(local.date(), self.digest_at, zone)
        while found <= local or (weekly and found.weekday() != self.weekly_on):
            found = datetime.combine(found.date() + timedelta(days=1), self.digest_at, zone)
        return found.astimezone(UTC)


def read_peering(found: Any) -> Peering:
    """The block, with defaults for what is missing. Raises ValueError for what it cannot be."""
    block = {} if found is None else found
    if not isinstance(block, dict) or set(block) - set(NAMES):
        raise ValueError(f"peers: a mapping of {', '.join(NAMES)}")
    given: dict[str, Any] = {
        name: time.fromisoformat(str(block[name]))
        for name in NAMES[:3] if name in block
    }  # fmt: skip
    if "weekly_on" in block:
        given["weekly_on"] = DAYS.index(block["weekly_on"])
    if "sms_segments" in block:
        given["sms_segments"] = int(block["sms_segments"])
        if given["sms_segments"] < 0:
            raise ValueError("peers: sms_segments cannot be negative")
    return Peering(**given)
