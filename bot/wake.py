"""Wake-ups: who waits for work learns of it at once; a slow poll catches what was missed."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from enum import StrEnum

import psycopg
import sqlalchemy as sa

from bot.db import Database

CHANNEL = "sankofa"


class Work(StrEnum):
    """What there is to do."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    CONSOLE = "console"
    POSTS = "posts"  # of groups, for the postman


class Wake:
    """Events in this process; on PostgreSQL also LISTEN/NOTIFY between processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[Work, list[asyncio.Event]] = {work: [] for work in Work}
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begins to listen to other processes (PostgreSQL only)."""
        if not self._database.single:
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._listen, args=(loop,), daemon=True)
            self._thread.start()

    def here(self, work: Work) -> None:
        """Wakes waiters of this process; other processes learn it from `tell`."""
        for event in self._waiting[work]:
            event.set()

    def tell(self, conn: sa.Connection, work: Work) -> None:
        """Inside a transaction: other processes are woken when it commits."""
        if not self._database.single:
            conn.execute(sa.select(sa.func.pg_notify(CHANNEL, work.value)))

    def subscribe(self, work: Work) -> asyncio.Event:
        """An event that is set whenever there is work of this kind."""
        event = asyncio.Event()
        self._waiting[work].append(event)
        return event

    async def close(self) -> None:
        self._stopping.set()
        if self._thread:
            await asyncio.to_thread(self._thread.join)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        url = sa.make_url(self._database.url).set(drivername="postgresql")
        plain = url.render_as_string(hide_password=False)
        while not self._stopping.is_set():
            # A lost connection costs nothing but the slow poll until the next one.
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(plain, autocommit=True) as conn,
            ):
                conn.execute(f"LISTEN {CHANNEL}")
                while not self._stopping.is_set():
                    for note in conn.notifies(timeout=0.5):
                        if note.payload in list(Work):
                            loop.call_soon_threadsafe(self.here, Work(note.payload))
            self._stopping.wait(0.5)


async def nap(event: asyncio.Event, seconds: float) -> None:
    """Waits until the event is set or the time is over, and clears it."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    event.clear()
