"""The postman: brings posts of groups to their members, behind everything that is one to one.

One process holds the lease, so that a post and a digest never reach for the same member at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from bot.db import Database, now
from bot.lease import Lease
from bot.library.country import Country
from bot.peers import digests, fanout, relays
from bot.wake import Wake, Work, nap

POLL = 1.0
WORK = (Work.INBOX, Work.OUTBOX)  # news for relays, and posts


class Postman:
    """Runs beside the worker."""

    def __init__(
        self, database: Database, country: Country, wake: Wake, *,
        clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._lease = Lease(database, "postman")
        self._country = country
        self._wake = wake
        self._clock = clock
        self._awake = wake.subscribe(Work.POSTS)

    async def run(self) -> None:
        """Works until cancelled; another process may hold the lease, then this one waits."""
        await self._lease.lead(self._round)

    async def _round(self) -> None:
        if not await self.step():
            await nap(self._awake, POLL)

    async def step(self) -> bool:
        """One round; True when something was handed over."""
        moment, busy = self._clock(), False
        for part in (relays.end_terms, fanout.step, digests.recall, digests.step):
            busy |= await self._lease.run(self._once, part, moment)
        for work in WORK if busy else ():
            self._wake.here(work)
        return busy

    def _once(
        self, conn: sa.Connection,
        part: Callable[[sa.Connection, Country, datetime], bool], moment: datetime,
    ) -> bool:  # fmt: skip
        busy = part(conn, self._country, moment)
        for work in WORK if busy else ():
            self._wake.tell(conn, work)
        return busy
