"""The standing watch: rings, absent counsellors, snoozed cases, assignment, and the alarm.

One process holds its lease; each round is one transaction whose work is bounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from bot import cases, handoff, metrics, rings, staff
from bot.cases import OPEN, State
from bot.clock import answer_by
from bot.db import Database, now
from bot.lease import Lease, LeaseLost
from bot.library.country import Country
from bot.routing import Desk, Need, choose
from bot.wake import Wake, Work

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds
MANY = 100  # cases in one round


class Watch:
    """Runs beside the worker. `root`: our public address, for links in rings."""

    def __init__(
        self, database: Database, country: Country, root: str, wake: Wake, *,
        clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._lease = Lease(database, "watch")
        self._country = country
        self._root = root
        self._wake = wake
        self._clock = clock

    async def run(self) -> None:
        """Watches until cancelled."""
        try:
            while True:
                try:
                    if await self._lease.take():
                        await self.step()
                except LeaseLost:
                    log.warning("lost the lease of the watch")
                except sa.exc.DBAPIError as error:
                    log.error("the database failed: %s", type(error.orig).__name__)
                await asyncio.sleep(EVERY)
        finally:
            await self._lease.give_back()

    async def step(self) -> bool:
        """One round; True when something happened."""
        happened = await self._lease.run(self._round, self._clock())
        if happened:
            for work in (Work.INBOX, Work.OUTBOX, Work.CONSOLE):
                self._wake.here(work)
        return happened

    def _round(self, conn: sa.Connection, moment: datetime) -> bool:
        team = {member.id: member for member in staff.everyone(conn)}
        happened = self._come_back(conn, team, moment)
        happened |= self._wake_snoozed(conn, moment)
        if self._country.routing == "automatic":
            happened |= self._assign(conn, team, moment)
        happened |= bool(rings.ring(conn, self._country, self._root, moment))
        metrics.OWNERLESS.set(len(cases.ownerless(conn, moment)))
        if happened:
            for work in (Work.INBOX, Work.OUTBOX, Work.CONSOLE):
                self._wake.tell(conn, work)
        return happened

    def _come_back(
        self, conn: sa.Connection, team: dict[int, staff.Staff], moment: datetime
    ) -> bool:
        """Cases that wait for a counsellor who is not here any more return to the queue."""
        absent = self._country.ringing.absent_after
        gone = [
            m.id for m in team.values()
            if not m.active or m.presence is staff.Presence.AWAY
            or m.seen_at is None or moment - m.seen_at > absent
        ]  # fmt: skip
        query = sa.select(cases.cases.c.id).where(
            OPEN, cases.cases.c.owner_id.in_(gone), cases.cases.c.state == State.ASSIGNED.value,
            cases.cases.c.touched_at < moment - absent,
        )  # fmt: skip
        found = conn.scalars(query.order_by(cases.cases.c.person_id).limit(MANY)).all()
        for id in found:
            handoff.give_back(conn, id, moment, self._country, why="absent")
        return bool(found)

    def _wake_snoozed(self, conn: sa.Connection, moment: datetime) -> bool:
        c = cases.cases.c
        rows = conn.execute(
            sa.select(c.id, c.priority)
            .where(OPEN, c.state == State.SNOOZED.value, c.snoozed_until <= moment).limit(MANY)
        ).all()  # fmt: skip
        for row in rows:
            handoff.woke(conn, row.id, moment, answer_by(self._country, row.priority, moment))
        return bool(rows)

    def _assign(
        self, conn: sa.Connection, team: dict[int, staff.Staff], moment: datetime
    ) -> bool:
        c = cases.cases.c
        waiting = conn.execute(
            sa.select(cases.cases).where(OPEN, c.state == State.WAITING.value)
            .order_by(c.priority, c.due_at).limit(MANY)
        ).all()  # fmt: skip
        if not waiting:
            return False
        load = handoff.loads(conn)
        happened = False
        for row in waiting:
            need = Need(language=row.language, urgency=row.urgency, skill=row.skill,
                        wants=row.wants, last_owner_id=row.last_owner_id)  # fmt: skip
            desks = [Desk(member, load.get(id, 0)) for id, member in team.items()]
            chosen = choose(need, desks, moment)
            if chosen is not None:
                handoff.assign(conn, row.id, chosen, moment, self._country)
                load[chosen.id] = load.get(chosen.id, 0) + 1
                happened = True
        return happened
