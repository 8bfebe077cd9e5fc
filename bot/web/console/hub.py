"""The hub: tells open consoles of this process what changed, as soon as it is committed.

Events carry ids only; the page fetches what it may see. One query a wake-up, however many listen.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from bot.cases import OPEN, cases
from bot.db import Database, now
from bot.peers import queue
from bot.wake import Wake, Work, nap

T = TypeVar("T")
POLL = 2.0  # seconds, for what no wake-up told
MARGIN = timedelta(seconds=5)  # commits may come out of order
SHARE, SHARED = timedelta(seconds=1), 200  # how long and how many looks are shared
READINGS = 20_000  # remembered; forgetting them only writes the audit twice
MOST = 200  # events waiting for one slow browser before it is told to fetch everything


@dataclass(eq=False)
class Ear:
    """One open console."""

    staff_id: int
    moderates: bool = False
    queue: asyncio.Queue[tuple[str, str]] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST)
    )


class Hub:
    """Watches the cases and passes on: `inbox` (the list changed), `case-<id>`, `ring` (the ids of
    the cases that ring on consoles now); to moderators `queue` (their queue changed)."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._awake = wake.subscribe(Work.CONSOLE)
        self._ears: set[Ear] = set()
        self._seen: dict[int, datetime] = {}  # by case id, when it had last been touched
        self._since = now() - MARGIN
        self.version = 0  # grows with every change that was passed on
        self._shared: dict[Hashable, tuple[int, datetime, asyncio.Future[Any]]] = {}
        self._read: set[tuple[int, int]] = set()
        self.ringing: dict[int, list[int]] = {}  # case id: whom it calls on the console
        self._mark: tuple[Any, ...] | None = None  # of the moderators' queue

    def noted(self, session_id: int, case_id: int) -> bool:
        """Whether this session's reading of the case is in the audit; from now on it is."""
        if len(self._read) > READINGS:
            self._read.clear()
        before = (session_id, case_id) in self._read
        self._read.add((session_id, case_id))
        return before

    @property
    def listened(self) -> bool:
        """Whether consoles are open, so that `version` is kept up."""
        return bool(self._ears)

    def listen(self, staff_id: int, *, moderates: bool = False) -> Ear:
        """A new open console."""
        ear = Ear(staff_id, moderates)
        self._ears.add(ear)
        self._put(ear, "ring", self._rings_for(staff_id))
        return ear

    async def share(self, key: Hashable, look: Callable[[], Awaitable[T]]) -> T:
        """What `look` finds, once for all who ask for `key` between two changes."""
        if len(self._shared) > SHARED:
            self._shared.clear()
        kept = self._shared.get(key)
        fresh = kept is not None and kept[0] == self.version and now() - kept[1] < SHARE
        if kept is None or not fresh:
            kept = (self.version, now(), asyncio.ensure_future(look()))
            self._shared[key] = kept
        try:
            return cast(T, await asyncio.shield(kept[2]))
        except Exception:
            self._shared.pop(key, None)
            raise

    def leave(self, ear: Ear) -> None:
        """It was closed."""
        self._ears.discard(ear)

    def look(self, ear: Ear, case_id: int) -> None:
        """Somebody opened a case: others who look at it learn that they are not alone."""
        for other in self._ears - {ear}:
            self._put(other, f"case-{case_id}", str(case_id))

    async def run(self) -> None:
        """Passes on until cancelled; without listeners it asks nothing."""
        while True:
            await nap(self._awake, POLL)
            if self._ears:
                try:
                    await self._pass_on()
                    await self._pass_queue()
                except sa.exc.DBAPIError:
                    await asyncio.sleep(1)

    async def _pass_on(self) -> None:
        changed, ringing = await self._database.read(self._changes, self._since)
        fresh = [(id, at) for id, at in changed if self._seen.get(id) != at]
        if fresh:
            self.version += 1
            self._since = max(at for _, at in changed) - MARGIN
            self._seen = dict(changed)
            for ear in self._ears:
                for id, _ in fresh:
                    self._put(ear, f"case-{id}", str(id))
                self._put(ear, "inbox", str(len(fresh)))
        if ringing != self.ringing:
            self.ringing = ringing
            for ear in self._ears:
                self._put(ear, "ring", self._rings_for(ear.staff_id))

    async def _pass_queue(self) -> None:
        moderators = [ear for ear in self._ears if ear.moderates]
        if not moderators:
            return
        mark = await self._database.read(queue.mark)
        if mark != self._mark:
            self._mark = mark
            for ear in moderators:
                self._put(ear, "queue", "changed")

    def _changes(
        self, conn: sa.Connection, since: datetime
    ) -> tuple[list[tuple[int, datetime]], dict[int, list[int]]]:
        rows = conn.execute(
            sa.select(cases.c.id, cases.c.touched_at)
            .where(cases.c.touched_at >= since).order_by(cases.c.touched_at).limit(1000)
        ).all()  # fmt: skip
        return [(row.id, row.touched_at) for row in rows], ringing(conn)

    def _rings_for(self, staff_id: int) -> str:
        return json.dumps(sorted(id for id, who in self.ringing.items() if staff_id in who))

    def _put(self, ear: Ear, name: str, data: str) -> None:
        if ear.queue.full():  # a browser that sleeps: forget the details, it fetches the whole
            while not ear.queue.empty():
                ear.queue.get_nowait()
            ear.queue.put_nowait(("inbox", "all"))
            ear.queue.put_nowait(("queue", "all"))
            name, data = "ring", self._rings_for(ear.staff_id)
        ear.queue.put_nowait((name, data))


def ringing(conn: sa.Connection) -> dict[int, list[int]]:
    """The untaken cases that have rung, and whom they called: a console that is open shows it
    whichever way somebody was called."""
    rings = sa.Table("rings", cases.metadata)
    latest = (
        sa.select(rings.c.case_id, rings.c.staff_ids)
        .join(cases, cases.c.id == rings.c.case_id)
        .where(OPEN, cases.c.ring_at.is_not(None), cases.c.ring_step > 0)
        .order_by(rings.c.id)
    )
    found: dict[int, set[int]] = {}
    row: Any
    for row in conn.execute(latest):
        found.setdefault(row.case_id, set()).update(row.staff_ids)
    return {id: sorted(who) for id, who in found.items()}
