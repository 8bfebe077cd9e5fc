"""The worker: claims persons with unread events, reads their messages, takes their turns."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import inbox, learning, retention, timers, turns
from bot.db import Database, now
from bot.dialogue.core import World
from bot.dialogue.peers.commands import spoken
from bot.dialogue.peers.world import Peers, no_offer
from bot.inbox import Claim
from bot.library import Library
from bot.peers import appeals, missed, posts, reserved
from bot.screening.judge import Offers
from bot.turns import Readings
from bot.understanding import Understanding
from bot.vault import Vault
from bot.wake import Wake, Work, nap

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than any reading and transaction
POLL = 0.5
PURGE_EVERY = timedelta(hours=6)


class Worker:
    """Any number may run, in any number of processes (PostgreSQL) or in one (SQLite)."""

    def __init__(
        self, database: Database, vault: Vault, understanding: Understanding, library: Library,
        wake: Wake, *, batch: int = 64, clock: Callable[[], datetime] = now,
        offers: Offers = no_offer,
    ) -> None:  # fmt: skip
        self._database = database
        self._vault = vault
        self._understanding = understanding
        self._library = library
        self._wake = wake
        self._batch = batch
        self._clock = clock
        self._offers = offers
        self._purged: datetime | None = None

    async def run(self) -> None:
        """Works until cancelled. A failing database is waited for, never a reason to stop."""
        awake = self._wake.subscribe(Work.INBOX)
        while True:
            try:
                busy = await self.step()
                if not busy:
                    await self._tidy()
            except sa.exc.DBAPIError as error:
                log.error("the database failed: %s", type(error.orig).__name__)
                await asyncio.sleep(1)
                continue
            if not busy:
                await nap(awake, POLL)

    async def step(self) -> bool:
        """Rings timers and takes one batch of turns; True when there may be more."""
        token = secrets.token_hex(8)
        started = self._clock()

        def claim(conn: sa.Connection) -> list[Claim]:
            timers.ring(conn, started)
            return inbox.claim(conn, token=token, now=started, limit=self._batch, lease=LEASE)

        claims = await self._database.run_unflushed(claim)
        if not claims:
            return False
        await self._turns(claims, token)
        self._wake.here(Work.OUTBOX)
        return True

    async def _turns(self, claims: list[Claim], token: str) -> None:
        try:
            readings = await self._read(claims)
            await self._commit(claims, readings, token)
        except Exception:
            if len(claims) > 1:
                log.exception("a batch of %d persons failed; one at a time now", len(claims))
                for claim in claims:
                    await self._turns([claim], token)
                return
            claim = claims[0]
            if len(claim.events) > 1:  # the first one alone; the others are claimed again
                await self._turns([replace(claim, events=claim.events[:1])], token)
                return
            log.exception("event %d failed", claim.events[0].id)
            world = World(self._library, self._clock())
            await self._database.run(turns.break_off, self._vault, claim, world, token)

    async def _read(self, claims: list[Claim]) -> Readings:
        texts = {
            e.id: text for c in claims for e in c.events
            if (text := spoken(str(e.body.get("text") or "")))
        }  # fmt: skip
        readings = await self._understanding.read(list(texts.values()))
        return dict(zip(texts, readings, strict=True))

    async def _commit(self, claims: list[Claim], readings: Readings, token: str) -> None:
        def body(conn: sa.Connection) -> bool:
            world = World(self._library, self._clock(), peers=Peers(offers=self._offers))
            posted = turns.process(conn, self._vault, claims, readings, world, token)
            for work in (Work.OUTBOX, Work.CONSOLE, *([Work.POSTS] if posted else [])):
                self._wake.tell(conn, work)
            return posted

        posted = await self._database.run_unflushed(body)
        self._wake.here(Work.CONSOLE)
        if posted:
            self._wake.here(Work.POSTS)

    async def _tidy(self) -> None:
        moment = self._clock()
        if self._purged is None or moment - self._purged > PURGE_EVERY:
            self._purged = moment
            await self._database.run(retention.purge, moment)
            await self._database.run(missed.purge, moment)
            await self._database.run(posts.purge, moment)
            await self._database.run(reserved.purge, moment)
            await self._database.run(learning.purge, moment)
            await self._database.run(appeals.purge, moment)
