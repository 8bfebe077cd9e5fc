"""The database: one schema and one set of transaction bodies on SQLite and on PostgreSQL.

A transaction body is a plain function `body(conn, ...)`; `Database.run` runs it in a thread.
SQLite has one writer thread and one process (an OS lock on a file beside it holds others out).
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TextIO, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

P = ParamSpec("P")
T = TypeVar("T")

READERS = 2  # threads that look at SQLite beside its one writer

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it as naive UTC text, so that it sorts."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def now() -> datetime:
    """The clock of the edges; transaction bodies and pure code are given `now` instead."""
    return datetime.now(UTC)


class InUse(Exception):
    """Another process owns this SQLite file."""


class Database:
    """Engine, threads and wake-ups. `single` is true for SQLite: one process, one writer."""

    def __init__(self, url: str, *, threads: int = 8) -> None:
        self.url = url
        self.single = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.single else sa.create_engine(
            url, pool_size=threads + 4, max_overflow=4, pool_pre_ping=True
        )
        self._threads = ThreadPoolExecutor(1 if self.single else threads, "database")
        self._readers = ThreadPoolExecutor(READERS, "reader") if self.single else self._threads
        self._lock: TextIO | None = None

    async def run(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `body` in one transaction; commits when it returns, rolls back when it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, lambda: self.call(body, *args, **kwargs)
        )

    async def run_unflushed(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same without waiting for the disk: a power cut may undo it, in order.

        For steps that nobody outside has seen yet. Both engines write one log: the next flushed
        commit (a webhook's answer, the claim before a provider's call) carries these with it.
        """
        loop = asyncio.get_running_loop()

        def call() -> T:
            with self.engine.connect() as conn:
                if self.single:
                    conn.execution_options(flush=False)
                with conn.begin():
                    if not self.single:
                        conn.execute(sa.text("SET LOCAL synchronous_commit = off"))
                    return body(conn, *args, **kwargs)

        return await loop.run_in_executor(self._threads, call)

    async def read(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `body`, which must write nothing, on one consistent picture of the database.

        On SQLite beside the writer: a page that somebody looks at holds up no message.
        """
        loop = asyncio.get_running_loop()

        def call() -> T:
            with self.engine.connect() as conn:
                conn = conn.execution_options(reads=True)
                with conn.begin():
                    return body(conn, *args, **kwargs)

        return await loop.run_in_executor(self._readers, call)

    def call(
        self, body: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for callers that have no event loop (commands, tests)."""
        with self.engine.begin() as conn:
            return body(conn, *args, **kwargs)

    def own(self) -> None:
        """Takes the lock on the SQLite file for this process; raises InUse. PostgreSQL: no-op."""
        path = sa.make_url(self.url).database
        if not self.single or not path or self._lock:
            return
        lock = Path(path + ".lock").open("w")  # noqa: SIM115  # held until close()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise InUse(f"another process is using {path}") from error
        self._lock = lock

    def close(self) -> None:
        """Waits for running transactions, closes connections and gives the lock back."""
        self._threads.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.engine.dispose()
        if self._lock:
            self._lock.close()
            self._lock = None


def _sqlite(url: str) -> sa.Engine:
    path = sa.make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def connect(raw, _record) -> None:  # type: ignore[no-untyped-def]  # the driver's own type
        raw.isolation_level = None  # the "begin" event below decides, not the driver
        # FULL: a webhook that was answered 200 must survive a power cut (research: group commit
        # makes it affordable).
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(conn: sa.Connection) -> None:
        if conn.get_execution_options().get("reads"):
            conn.exec_driver_sql("BEGIN")
            return
        flush = conn.get_execution_options().get("flush", True)
        conn.exec_driver_sql(f"PRAGMA synchronous={'FULL' if flush else 'NORMAL'}")
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def insert_new(
    conn: sa.Connection, table: sa.Table, rows: list[dict[str, object]], *unique: str
) -> int:
    """Inserts the rows whose `unique` columns are not there yet; the others change nothing.

    Returns how many were new (for one row; drivers do not say for several)."""
    if not rows:
        return 0
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).on_conflict_do_nothing(index_elements=unique)
    counted = {"preserve_rowcount": True}  # PostgreSQL: else lost where an id is made
    return conn.execute(
        insert, rows if len(rows) > 1 else rows[0], execution_options=counted
    ).rowcount



def insert_from(
    conn: sa.Connection, table: sa.Table, columns: Sequence[str],
    query: sa.Select[*tuple[Any, ...]], *unique: str,
) -> None:  # fmt: skip
    """Inserts what a query finds, in one statement; rows whose `unique` columns are there already
    change nothing."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).from_select(list(columns), query)
    conn.execute(insert.on_conflict_do_nothing(index_elements=unique))
