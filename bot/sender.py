"""The sender of one channel account: leased, paced, and honest about what it does not know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from aiolimiter import AsyncLimiter

from bot import fallback, metrics, outbox
from bot.channels.base import Channel, Pace
from bot.db import Database, now
from bot.events import Lane, Reason, SendError, Sent
from bot.lease import Lease, LeaseLost
from bot.outbox import Claimed
from bot.peers import media
from bot.vault import Vault
from bot.wake import Wake, Work, nap

log = logging.getLogger(__name__)

POLL = 0.25
LEASE_RETRY = 2.0
AHEAD = 0.1  # seconds of bulk claimed at a time: a reply waits behind no more
DOUBTS_EVERY = timedelta(seconds=5)
Result = tuple[Claimed, Sent | SendError]


class Sender:
    """Claims each message just before its own call, on the connection that holds the lease."""

    def __init__(
        self, database: Database, channel: Channel, vault: Vault, wake: Wake, *,
        pace: Pace | None = None, clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._channel = channel
        self._vault = vault
        self._pace = pace or channel.pace
        self._clock = clock
        self._lease = Lease(database, f"sender:{channel.name}")
        # One at a time, spaced evenly: a bucket of 30 would let 59 through in its worst second.
        self._limiter = AsyncLimiter(1, 1 / self._pace.per_second)
        self._awake = wake.subscribe(Work.OUTBOX)
        self._calls: set[asyncio.Task[None]] = set()
        self._bulk: set[asyncio.Task[None]] = set()  # of them; never all, whatever a call takes
        self._results: list[Result] = []
        self._hold_until: datetime | None = None
        self._doubts_at: datetime | None = None
        self.leading = False

    async def run(self) -> None:
        """Sends until cancelled; another process may hold the lease, then this one waits."""
        try:
            while True:
                try:
                    if await self._lease.take():
                        await self._lead()
                except LeaseLost:
                    log.warning("lost the lease of %s", self._channel.name)
                except sa.exc.DBAPIError as error:
                    log.error("the database failed: %s", type(error.orig).__name__)
                self.leading = False
                await asyncio.sleep(LEASE_RETRY)
        finally:
            await self._finish()

    async def _lead(self) -> None:
        await self._lease.run(outbox.doubt_inflight, self._channel.name, self._clock())
        self.leading = True
        while True:
            if not await self.step():
                await nap(self._awake, POLL)

    async def step(self) -> bool:
        """Settles finished calls, claims and starts new ones; True when something was claimed."""
        if self._doubts_at is None or self._clock() - self._doubts_at >= DOUBTS_EVERY:
            self._doubts_at = self._clock()
            await self._resolve_doubts()
        results, self._results = self._results, []
        free = self._pace.calls - len(self._calls)
        moment = self._clock()
        if self._hold_until and moment < self._hold_until:
            free = 0
        try:
            rows = await self._lease.run(self._settle_and_claim, results, free, moment)
        except sa.exc.DBAPIError:
            self._results = [*results, *self._results]  # settle them with the next transaction
            raise
        for row in rows:
            await self._limiter.acquire()
            task = asyncio.create_task(self._call(row))
            for calls in (self._calls, self._bulk) if row.lane is Lane.BULK else (self._calls,):
                calls.add(task)
                task.add_done_callback(calls.discard)
        return bool(rows)

    def _settle_and_claim(
        self, conn: sa.Connection, results: list[Result], free: int, moment: datetime
    ) -> list[Claimed]:
        _settle(conn, results, moment)
        pause = timedelta(seconds=self._pace.pause)
        return outbox.claim(
            conn, self._channel.name, now=moment, limit=free, pause=pause,
            doubts_end=self._channel.answers_lookups, bulk=self._bulk_free(),
        )  # fmt: skip

    def _bulk_free(self) -> int:
        """How many bulk messages may be claimed now: a quarter of the calls is for talk alone."""
        at_once = max(int(self._pace.per_second * AHEAD), 1)
        room = max(self._pace.calls - self._pace.calls // 4, 1)
        return max(min(at_once, room - len(self._bulk)), 0)

    async def _call(self, row: Claimed) -> None:
        result: Sent | SendError
        try:
            result = await self._send(row)
        except Exception as error:
            # A bug of ours: the message stays visible as failed instead of going round for ever.
            log.exception("sending row %d raised", row.id)
            result = SendError(reason=Reason.REFUSED, code=type(error).__name__)
        if isinstance(result, SendError):
            if result.reason is Reason.RATE and result.retry:
                self._hold_until = self._clock() + timedelta(seconds=result.retry)
            log.info("row %d: %s %s", row.id, result.reason.value, result.code)
        outcome = "sent" if isinstance(result, Sent) else result.reason.value
        metrics.SENDS.labels(self._channel.name, outcome).inc()
        self._results.append((row, result))
        self._awake.set()

    async def _send(self, row: Claimed) -> Sent | SendError:
        part = row.part
        if part.media and self._channel.uploads:
            try:
                file = await self._lease.run(media.one, part.media)
            except (LeaseLost, sa.exc.DBAPIError):  # nothing has left yet
                return SendError(Reason.PROVIDER, retry=POLL, code="database")
            if file is None:  # taken back a moment ago
                return SendError(Reason.REFUSED, code="file deleted")
            part = replace(part, content=file.content)
        return await self._channel.send(self._vault.open(row.sealed), part, row.id)

    async def _resolve_doubts(self) -> None:
        """Asks the provider about messages whose call was cut off, where it can be asked.

        Where it cannot, one-to-one talk is sent again (twice is better than never) and bulk
        waits for staff."""
        moment = self._clock()
        for row in await self._lease.run(outbox.in_doubt, self._channel.name, moment):
            try:
                found = await self._look_up(row)
            except Exception as error:
                log.warning("row %d in doubt: look-up failed: %s", row.id, type(error).__name__)
                later = SendError(Reason.IN_DOUBT, retry=30)
                await self._lease.run(outbox.settle, [(row, later)], moment)
                continue
            if isinstance(found, Sent):
                await self._lease.run(outbox.settle, [(row, found)], moment)
            elif self._channel.answers_lookups or row.lane is not Lane.BULK:
                await self._lease.run(outbox.again, row, moment)
            else:
                later = SendError(Reason.IN_DOUBT, retry=3600)
                await self._lease.run(outbox.settle, [(row, later)], moment)

    async def _look_up(self, row: Claimed) -> Sent | None:
        if not self._channel.answers_lookups:
            return None
        return await self._channel.find(self._vault.open(row.sealed), row.part, row.created_at)

    async def _finish(self) -> None:
        """Lets calls under way end, so that few rows stay in doubt."""
        self.leading = False
        if self._calls:
            await asyncio.wait(self._calls, timeout=5)
        if self._results:
            try:
                await self._lease.run(_settle, self._results, self._clock())
            except (LeaseLost, sa.exc.DBAPIError):
                log.warning("%d results of %s not settled", len(self._results), self._channel.name)
        await self._lease.give_back()


def _settle(conn: sa.Connection, results: list[Result], moment: datetime) -> None:
    outbox.settle(conn, results, moment)
    failed = [(row.id, result.reason) for row, result in results if isinstance(result, SendError)]
    fallback.as_sms(conn, failed, moment)
