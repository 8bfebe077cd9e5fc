"""Whatever happens in whatever order: an urgent case is somebody's, or it rings.

The log of each case is the witness: from its lines alone follows until when somebody must have
taken it, and that must be what the case, the rings and the alarm say.
"""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import cases, clock, handoff, metrics, people
from bot.caselog import caselog
from bot.cases import OPEN, NewCase
from bot.handoff import Refused
from bot.library.country import Country
from bot.rings import rings
from bot.roles import Role
from bot.staff import Presence, Staff
from tests.conftest import THOROUGH
from tests.engine.conftest import Loop
from tests.engine.room import Room

HISTORIES = {True: 10_000, False: 400} if THOROUGH else {True: 1_000, False: 200}  # by `single`
AT_ONCE = 100  # persons in one room: as many as the alarm lists
STEPS = [1, 1, 2, 2, 5]  # of the histories in one room
NEEDS = [  # reason, class, priority
    ("urgent", "medical_emergency", 0), ("urgent", "sexual_violence", 0),
    ("urgent", "no_food_or_medicine", 1), ("failed_turn", None, 1), ("asked", None, 2),
]  # fmt: skip
PRESENCES = [Presence.AVAILABLE] * 4 + [Presence.BUSY, Presence.AWAY]
TIMES = [0, 0, 1, 60, 119, 121, 301, 601, 3600, 7201, 86400]  # seconds between two steps


@dataclass
class Alarm:
    """What follows from a case's log. `since`: nobody has it; `by`: somebody must have."""

    priority: int = 9
    since: datetime | None = None
    by: datetime | None = None
    rang: list[datetime] = field(default_factory=list)

    def read(self, line: sa.Row[Any], country: Country) -> None:
        match line.what:
            case "opened" | "reopened":
                self._begin(line.detail["priority"], line.at, country)
            case "raised":
                worse = line.detail["priority"] < self.priority
                if worse or self.by is None:
                    self._begin(line.detail["priority"], line.at, country, self.by)
            case "assigned" | "returned":
                if self.by is None:
                    self._begin(self.priority, line.at, country)
            case "taken" | "replied" | "closed":
                self.since = self.by = None
            case "rang":
                self.rang.append(line.at)

    def _begin(
        self, priority: int, at: datetime, country: Country, earlier: datetime | None = None
    ) -> None:
        allowed = country.ringing.owner_within.get(priority)
        self.priority = priority
        if allowed is not None:  # the pack has no office hours: an hour is an hour
            self.since, self.by = at, min(earlier or at + allowed, at + allowed)

    def must_have_rung(self, now: datetime) -> bool:
        if self.since is None or self.by is None:
            return False
        return self.priority == 0 or self.by <= now


def step(
    conn: sa.Connection, chance: random.Random, person: int, case: int | None,
    team: list[Staff], country: Country, now: datetime,
) -> None:  # fmt: skip
    """One thing that happens to one person."""
    by = chance.choice(team)
    verb = chance.choice(
        ["need", "need", "wrote", "left", "take", "over", "reply", "give_back", "assign", "hand_on",
         "snooze", "close"] if case else ["need"]
    )  # fmt: skip
    if verb == "need":
        reason, urgency, priority = chance.choice(NEEDS)
        new = NewCase(person_id=person, reason=reason, urgency=urgency, priority=priority,
                      language="en", region=None, channel="sms")  # fmt: skip
        cases.open_case(conn, new, clock.plan(country, priority, now), now)
    if case is None:
        return
    match verb:
        case "wrote":
            handoff.wrote(conn, [person], now, country)
        case "left":
            handoff.left(conn, person, now)
        case "take" | "over":
            handoff.take(conn, case, by, now, over=verb == "over")
        case "reply":
            handoff.reply(conn, case, by, "Hello", now)
        case "give_back":
            handoff.give_back(conn, case, now, country, by=by)
        case "assign" | "hand_on":
            to = chance.choice(team)
            handoff.assign(conn, case, to, now, country, by=by if verb == "hand_on" else None)
        case "snooze":
            handoff.snooze(conn, case, by, now + timedelta(hours=chance.randrange(1, 9)), now)
        case "close":
            handoff.close(conn, case, by, now, outcome="answered", over=True)


def look(
    conn: sa.Connection, persons: list[int], country: Country, now: datetime, *, watched: bool
) -> None:
    """Nothing is nobody's; with `watched` the watch has just been round."""
    rows = conn.execute(
        sa.select(cases.cases).where(OPEN, cases.cases.c.person_id.in_(persons))
    ).all()
    alarms: dict[int, Alarm] = defaultdict(Alarm)
    lines = sa.select(caselog).join(cases.cases, cases.cases.c.id == caselog.c.case_id)
    for line in conn.execute(
        lines.where(OPEN, cases.cases.c.person_id.in_(persons)).order_by(caselog.c.id)
    ):
        alarms[line.case_id].read(line, country)
    for row in rows:
        alarm = alarms[row.id]
        taken = row.owner_id is not None and row.taken_at is not None
        assert taken or row.ring_at is not None or row.priority > 1, row
        assert (row.ring_at is not None) == (alarm.by is not None), row
        assert alarm.by is None or row.owner_by == alarm.by, row
        assert row.priority == alarm.priority, row
    late = {id for id, alarm in alarms.items() if alarm.by is not None and alarm.by < now}
    assert {row.id for row in cases.ownerless(conn, now)} == late
    if watched:
        assert metrics.OWNERLESS._value.get() == len(late)
        owed = {id for id, alarm in alarms.items() if alarm.must_have_rung(now)}
        for id in owed:
            alarm = alarms[id]
            assert alarm.since is not None
            assert alarm.rang, id
            assert alarm.rang[-1] >= alarm.since, id
        found = sa.select(rings.c.case_id).where(rings.c.case_id.in_(owed))
        assert set(conn.scalars(found)) == owed


async def live(room: Room, team: list[Staff], chance: random.Random, count: int) -> None:
    """`count` histories side by side, from nothing to the last step."""
    loop, country = room.loop, room.loop.library.country
    persons = loop.database.call(lambda conn: [people.make(conn, loop.clock())
                                               for _ in range(count)])  # fmt: skip

    def everybody(conn: sa.Connection) -> None:
        mine = sa.select(cases.cases.c.person_id, cases.cases.c.id).where(
            OPEN, cases.cases.c.person_id.in_(persons)
        )
        open_ = {row.person_id: row.id for row in conn.execute(mine)}
        for person in persons:
            with contextlib.suppress(Refused):
                step(conn, chance, person, open_.get(person), team, country, loop.clock())
        look(conn, persons, country, loop.clock(), watched=False)

    steps = chance.choice(STEPS)
    for left in reversed(range(steps)):
        await loop.database.run(everybody)
        loop.clock.forward(seconds=chance.choice(TIMES))
        for member in team:
            if chance.random() < 0.7:
                room.here(member, presence=chance.choice(PRESENCES))
        if not left or chance.random() < 0.2:
            while await room.watch.step():
                pass
            await loop.database.run(look, persons, country, loop.clock(), watched=True)
    # The next room begins empty.
    over = cases.cases.update().where(OPEN).values(closed_at=loop.clock(), ring_at=None)
    await loop.database.run(lambda conn: conn.execute(over))


@pytest.mark.parametrize("routing", ["automatic", "manual"])
async def test_no_history_leaves_an_urgent_case_without_an_owner_or_a_ring(
    loop: Loop, room: Room, routing: str
) -> None:
    room.pack(routing=routing)
    team = [
        room.add("Ama"), room.add("Kofi", skills=("protection",), capacity=40),
        room.add("Esi", languages=("fr",), here=False), room.add("Yaw", here=False),
        room.add("Adwoa", role=Role.SUPERVISOR, capacity=100),
    ]  # fmt: skip
    assert await room.watch._lease.take()
    chance = random.Random(routing)
    for _ in range(HISTORIES[loop.database.single] // 2 // AT_ONCE):
        await live(room, team, chance, AT_ONCE)
