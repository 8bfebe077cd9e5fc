"""Routing: who of those that are here should have a case. Pure.

Language first (somebody who cannot read the words cannot help), then the skill the need asks for,
then the gender the person asked for, then who had the case before, then the lightest desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.roles import COUNSELS, PROTECTED, PROTECTION, may_read
from bot.staff import Staff

# What a case is about, for those who know it best; protected classes are a duty, not a wish.
SKILL = {
    "medical_emergency": "health", "suicide_self_harm": "health", "distress": "health",
    "no_food_or_medicine": "health", "violence_now": PROTECTION, "threats": PROTECTION,
    "fear_of_return": "return", "detention": PROTECTION, "missing_person": "family",
} | dict.fromkeys(PROTECTED, PROTECTION)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A counsellor and how many open cases they have."""

    staff: Staff
    load: int


@dataclass(frozen=True, kw_only=True)
class Need:
    """What of a case decides who should have it."""

    language: str
    urgency: str | None = None
    skill: str | None = None
    wants: str | None = None
    last_owner_id: int | None = None


def choose(need: Need, desks: Sequence[Desk], now: datetime) -> Staff | None:
    """The counsellor for this need; None when nobody fit is here with room for it."""
    free = [
        d for d in desks
        if d.staff.here(now) and d.staff.role in COUNSELS and d.load < d.staff.capacity
        and may_read(d.staff.role, d.staff.skills, need.urgency)
    ]  # fmt: skip
    skill = need.skill or SKILL.get(need.urgency or "")

    def order(desk: Desk) -> tuple[bool, bool, bool, bool, float, int]:
        member = desk.staff
        return (
            need.language not in member.languages,
            skill is not None and skill not in member.skills,
            need.wants is not None and member.gender != need.wants,
            member.id != need.last_owner_id,
            desk.load / max(member.capacity, 1),
            member.id,
        )

    return min(free, key=order).staff if free else None
