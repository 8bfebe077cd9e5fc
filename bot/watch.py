"""The standing watch: rings, absent counsellors, snoozed cases, assignment, and the alarm.

One process holds its lease; each part of a round is one transaction whose work is bounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import caselog, cases, handoff, metrics, people, rings, staff
from bot.cases import OPEN, State
from bot.clock import answer_by
from bot.db import Database, now
from bot.lease import Lease, LeaseLost
from bot.library.country import Country
from bot.roles import COUNSELS, PROTECTED, may_read
from bot.routing import Desk, Need, choose
from bot.wake import Wake, Work

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds
MANY = 100  # cases in one part of a round
WORK = (Work.INBOX, Work.OUTBOX, Work.CONSOLE)
Part = Callable[[sa.Connection, datetime], bool]
c = cases.cases.c


class Watch:
    """Runs beside the worker. `root`: our public address, for links in rings. `channels`: those
    that have their settings; a ring on another one would lie in the outbox for ever."""

    def __init__(
        self, database: Database, country: Country, root: str, wake: Wake, *,
        channels: Collection[str], clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._lease = Lease(database, "watch")
        self._country = country
        self._root = root
        self._wake = wake
        self._channels = frozenset(channels)
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
        happened = False
        for part in (self._come_back, self._wake_snoozed, self._assign, self._ring):
            happened |= await self._lease.run(self._once, part, self._clock())
        if happened:
            for work in WORK:
                self._wake.here(work)
        return happened

    def _once(self, conn: sa.Connection, part: Part, moment: datetime) -> bool:
        happened = part(conn, moment)
        for work in WORK if happened else ():
            self._wake.tell(conn, work)
        return happened

    def _come_back(self, conn: sa.Connection, moment: datetime) -> bool:
        """Cases that wait for a counsellor who is not here any more return to the queue, and so
        do those whose texts became too protected for their owner."""
        team, absent = staff.everyone(conn), moment - self._country.ringing.absent_after
        gone = [
            m.id for m in team
            if not m.active or m.role not in COUNSELS or m.presence is staff.Presence.AWAY
            or m.seen_at is None or m.seen_at < absent
        ]  # fmt: skip
        unable = [m.id for m in team if not all(may_read(m.role, m.skills, u) for u in PROTECTED)]
        log = caselog.caselog.c
        # Not `touched_at`: a person who writes and writes does not mean that somebody reads.
        moved = (
            sa.select(sa.func.max(log.at))
            .where(log.case_id == c.id, log.what.in_(["assigned", "taken", "replied", "snoozed"]))
            .scalar_subquery()
        )
        found = _locked(conn, sa.select(c.id, c.urgency).where(OPEN, sa.or_(
            sa.and_(c.owner_id.in_(gone), c.state == State.ASSIGNED.value, moved < absent),
            sa.and_(c.owner_id.in_(unable), c.urgency.in_(PROTECTED)),
        )))  # fmt: skip
        for row in found:
            why = "protected" if row.urgency in PROTECTED else "absent"
            handoff.give_back(conn, row.id, moment, self._country, why=why)
        return bool(found)

    def _wake_snoozed(self, conn: sa.Connection, moment: datetime) -> bool:
        found = _locked(conn, sa.select(c.id, c.priority).where(
            OPEN, c.state == State.SNOOZED.value, c.snoozed_until <= moment
        ))  # fmt: skip
        for row in found:
            handoff.woke(conn, row.id, moment, answer_by(self._country, row.priority, moment))
        return bool(found)

    def _assign(self, conn: sa.Connection, moment: datetime) -> bool:
        """Offers what is nobody's to those who are here, and what lies untaken on the desk of
        somebody who does not write its language to somebody who does."""
        team = {member.id: member for member in staff.everyone(conn)}
        if self._country.routing != "automatic" or not any(m.here(moment) for m in team.values()):
            return False
        load = handoff.loads(conn)
        untaken = sa.select(cases.cases).where(OPEN, c.taken_at.is_(None))
        first = untaken.order_by(c.priority, c.due_at, c.id).limit(MANY)
        waiting = conn.execute(first.where(c.owner_id.is_(None))).all()
        lying = conn.execute(first.where(c.owner_id.is_not(None))).all()
        by_hand = caselog.given_by_hand(conn, [row.id for row in lying])
        offers: dict[int, tuple[sa.Row[Any], staff.Staff]] = {}
        for row in (*waiting, *lying):
            owner = team.get(row.owner_id)
            if owner and (row.id in by_hand or row.language in owner.languages):
                continue
            need = Need(language=row.language, urgency=row.urgency, skill=row.skill,
                        wants=row.wants, last_owner_id=row.last_owner_id)  # fmt: skip
            desks = [Desk(member, load.get(member.id, 0)) for member in team.values()]
            chosen = choose(need, desks, moment)
            if chosen is None or (owner and row.language not in chosen.languages):
                continue
            offers[row.person_id] = row, chosen
            load[chosen.id] = load.get(chosen.id, 0) + 1
        if not offers:
            return False
        people.lock(conn, offers)
        ids = [row.id for row, _ in offers.values()]
        still = {row.id: row.owner_id for row in conn.execute(untaken.where(c.id.in_(ids)))}
        given = 0
        for row, chosen in offers.values():
            if row.id in still and still[row.id] == row.owner_id:
                handoff.assign(conn, row.id, chosen, moment, self._country)
                given += 1
        return bool(given)

    def _ring(self, conn: sa.Connection, moment: datetime) -> bool:
        rang = rings.ring(conn, self._country, self._root, self._channels, moment)
        metrics.OWNERLESS.set(len(cases.ownerless(conn, moment)))
        return bool(rang)


def _locked(conn: sa.Connection, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    """The cases of the query with their persons locked, read once more: a counsellor or the
    person may have been faster. In the order of persons, as everybody locks them."""
    found = query.with_only_columns(c.person_id).order_by(c.person_id).limit(MANY)
    ids = conn.scalars(found).all()
    if not ids:
        return ()
    people.lock(conn, ids)
    return conn.execute(query.where(c.person_id.in_(ids))).all()
