"""The porter: fetches photos and voice notes of held posts, cleans them, and only then are they
seen or heard by those who decide.

One process holds the lease. What cannot be fetched or cleaned is declined, and its author is told
why; what only fails at the moment is tried again for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import metrics
from bot.channels.base import TOO_LARGE, Channel
from bot.cleaning import MOST, clean
from bot.db import Database, now
from bot.events import Reason, SendError
from bot.lease import Lease
from bot.peers import members, moderation, posts, relaying
from bot.peers.decisions import By
from bot.peers.posts import Row
from bot.screening.rules import Finding
from bot.wake import Wake, Work, nap

log = logging.getLogger(__name__)

POLL = 1.0
AT_ONCE = 4  # files at the same time
LOOKED_AT = 200  # held posts in one round; those that must wait hold up no others
PATIENCE = timedelta(hours=1)  # from the post on; then the file counts as lost


class Porter:
    """Runs beside the worker."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], wake: Wake, *,
        clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._lease = Lease(database, "porter")
        self._channels = channels
        self._wake = wake
        self._clock = clock
        self._awake = wake.subscribe(Work.POSTS)
        self._one_picture = asyncio.Lock()  # a large one takes some 200 MB for a moment
        self._later: dict[int, datetime] = {}  # by post: when to try again

    async def run(self) -> None:
        """Works until cancelled; another process may hold the lease, then this one waits."""
        await self._lease.lead(self._round)

    async def _round(self) -> None:
        if not await self.step():
            await nap(self._awake, POLL)

    async def step(self) -> bool:
        """Fetches some files; True when something became of one."""
        moment = self._clock()
        waiting = await self._lease.run(posts.waiting_files, LOOKED_AT)
        ids = {row.id for row in waiting}
        self._later = {id: at for id, at in self._later.items() if id in ids}
        due = [row for row in waiting if self._later.get(row.id, moment) <= moment][:AT_ONCE]
        found = await asyncio.gather(*(self._file(row) for row in due))
        settled = False
        for row, content in zip(due, found, strict=True):
            if isinstance(content, SendError):
                wait = timedelta(seconds=content.retry or 0)
                self._later[row.id] = moment + max(wait, timedelta(seconds=POLL))
                continue
            await self._lease.run(self._settle, row, content, moment)
            settled = True
        if settled:
            self._wake.here(Work.INBOX)
            self._wake.here(Work.CONSOLE)
        return settled

    async def _file(self, row: Row) -> bytes | Finding | SendError:
        """The cleaned copy, why there is none, or that it is worth another try."""
        name, _, reference = (row.media_ref or "").partition(":")
        channel = self._channels.get(name)
        try:
            if channel is None:  # perhaps its settings are missing for a moment
                content: bytes | SendError = SendError(Reason.PROVIDER, retry=60, code="no channel")
            else:
                content = await channel.fetch(reference, MOST[row.media])
            if isinstance(content, bytes):
                async with self._one_picture:
                    return await asyncio.to_thread(clean, row.media, content)
        except Exception as error:
            # A bug of ours: the post must not wait for ever, nor hold up others.
            log.exception("the file of post %d raised", row.id)
            content = SendError(Reason.PROVIDER, retry=60, code=type(error).__name__)
        log.info("post %d: %s %s", row.id, content.reason.value, content.code)
        if content == TOO_LARGE:
            return Finding.HEAVY
        patient = row.media_ref and self._clock() - row.created_at < PATIENCE
        return content if content.retry is not None and patient else Finding.LOST

    def _settle(
        self, conn: sa.Connection, row: Row, content: bytes | Finding, moment: datetime
    ) -> None:
        if isinstance(content, Finding):
            if posts.awaits(conn, row):
                moderation.decline(conn, row.id, By(), content.value, moment)
            metrics.FILES.labels(row.media, content.value).inc()
        elif kept := posts.keep_file(conn, row, content, moment):
            if author := members.one(conn, kept.member_id):
                relaying.held(conn, kept, author, moment)
            metrics.FILES.labels(row.media, "kept").inc()
        for work in (Work.INBOX, Work.CONSOLE):
            self._wake.tell(conn, work)
