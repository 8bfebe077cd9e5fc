"""A named lease: at most one holder in all processes, and work only on the holding connection."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from bot.db import Database

log = logging.getLogger(__name__)

RETRY = 2.0  # seconds until somebody who waits for a lease tries again
P = ParamSpec("P")
T = TypeVar("T")


class LeaseLost(Exception):
    """The connection that held the lease is gone; another process may hold it now."""


class Lease:
    """On PostgreSQL a session's advisory lock, which dies with its connection.

    On SQLite the lock on the file already makes this process the only one.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._key = sa.func.hashtext(f"sankofa:{name}")
        self._conn: sa.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def take(self) -> bool:
        """True when this process holds the lease now."""
        if self._database.single or self._conn is not None:
            return True
        self._thread = ThreadPoolExecutor(1, "lease")
        if await self._in_thread(self._take):
            return True
        await self.give_back()
        return False

    async def run(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `body` in one transaction on the holding connection; raises LeaseLost."""
        if self._database.single:
            return await self._database.run(body, *args, **kwargs)
        conn = self._conn
        if conn is None:
            raise LeaseLost

        def call() -> T:
            with conn.begin():
                return body(conn, *args, **kwargs)

        try:
            return await self._in_thread(call)
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                await self.give_back()
                raise LeaseLost from error
            raise

    async def lead(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does `work` again and again while this process holds the lease, until cancelled; waits
        while another one holds it, and a failing database is no reason to stop."""
        try:
            while True:
                try:
                    while await self.take():
                        await work()
                except LeaseLost:
                    log.warning("lost the lease of the %s", self._name)
                except sa.exc.DBAPIError as error:
                    log.error("the database failed: %s", type(error.orig).__name__)
                await asyncio.sleep(RETRY)
        finally:
            await self.give_back()

    async def give_back(self) -> None:
        """Releases the lease; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(thread, self._close)
            thread.shutdown(wait=False)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _take(self) -> bool:
        self._conn = self._database.engine.connect()
        with self._conn.begin():
            return bool(self._conn.scalar(sa.select(sa.func.pg_try_advisory_lock(self._key))))

    def _close(self) -> None:
        conn, self._conn = self._conn, None
        if conn is None:
            return
        # At once: a session that is only closed keeps its locks until the server notices.
        with contextlib.suppress(sa.exc.DBAPIError), conn.begin():
            conn.execute(sa.select(sa.func.pg_advisory_unlock(self._key)))
        with contextlib.suppress(sa.exc.DBAPIError):
            conn.invalidate()  # closes the session itself, and with it the lock
        conn.close()
