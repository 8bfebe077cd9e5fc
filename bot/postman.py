"""The postman: brings posts of groups to their members, behind everything that is one to one.

One process holds the lease, so that a post and a digest never reach for the same member at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from bot.db import Database, now
from bot.lease import Lease, LeaseLost
from bot.library.country import Country
from bot.peers import digests, fanout, relays
from bot.wake import Wake, Work, nap

log = logging.getLogger(__name__)

POLL = 1.0
LEASE_RETRY = 2.0
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
        try:
            while True:
                try:
                    while await self._lease.take():
                        if not await self.step():
                            await nap(self._awake, POLL)
                except LeaseLost:
                    log.warning("lost the lease of the postman")
                except sa.exc.DBAPIError as error:
                    log.error("the database failed: %s", type(error.orig).__name__)
                await asyncio.sleep(LEASE_RETRY)
        finally:
            await self._lease.give_back()

    async def step(self) -> bool:
        """One round; True when something was handed over."""
        moment, busy = self._clock(), False
        for part in (relays.end_terms, fanout.step, digests.step):
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
