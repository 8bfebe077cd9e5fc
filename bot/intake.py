"""Intake: many webhooks share one commit, because each commit costs a disk flush."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa

from bot import inbox
from bot.db import Database, now
from bot.events import Incoming
from bot.vault import Vault
from bot.wake import Wake, Work


class Intake:
    """`put` returns when its arrivals are durable, or raises what the database raised."""

    def __init__(self, database: Database, vault: Vault, wake: Wake, *, most: int = 256) -> None:
        self._database = database
        self._vault = vault
        self._wake = wake
        self._most = most
        self._waiting: list[tuple[Sequence[Incoming], asyncio.Future[None]]] = []
        self._flusher: asyncio.Task[None] | None = None

    async def put(self, arrivals: Sequence[Incoming]) -> None:
        """Stores the arrivals together with whatever else is waiting."""
        if not arrivals:
            return
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, stored))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await stored

    async def _flush(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._store([arrival for arrivals, _ in group for arrival in arrivals])
            except Exception as error:
                if len(group) == 1:
                    _fail(group[0][1], error)
                    continue
                for arrivals, stored in group:  # one bad arrival must not refuse the others
                    try:
                        await self._store(arrivals)
                    except Exception as own:
                        _fail(stored, own)
                    else:
                        _done(stored)
            else:
                for _, stored in group:
                    _done(stored)
        self._wake.here(Work.INBOX)

    async def _store(self, arrivals: Sequence[Incoming]) -> None:
        def body(conn: sa.Connection) -> None:
            inbox.receive(conn, self._vault, arrivals, now())
            self._wake.tell(conn, Work.INBOX)

        await self._database.run(body)
        self._wake.here(Work.INBOX)


def _done(stored: asyncio.Future[None]) -> None:
    if not stored.done():
        stored.set_result(None)


def _fail(stored: asyncio.Future[None], error: Exception) -> None:
    if not stored.done():
        stored.set_exception(error)
