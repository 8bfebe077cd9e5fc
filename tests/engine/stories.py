"""Cases as they happen: opened, answered, waited for and closed, at moments of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import cases, handoff, people, staff
from bot.cases import NewCase
from bot.clock import plan
from bot.db import Database
from bot.library import Library
from bot.roles import Role
from bot.staff import NewStaff, Staff
from tests.conftest import NOON


class Stories:
    """Tells what happened to persons whom one counsellor helps. Times are in minutes."""

    def __init__(self, database: Database, library: Library, by: Staff | None = None) -> None:
        self.database, self.country = database, library.country
        self.by = by or self._counsellor()

    def _counsellor(self) -> Staff:
        new = NewStaff(email="abena@example.org", name="Abena", role=Role.COUNSELLOR)

        def body(conn: sa.Connection) -> Staff:
            found = staff.one(conn, staff.add(conn, new, NOON))
            assert found is not None
            return found

        return self.database.call(body)

    def need(
        self, at: datetime = NOON, *, answered: float | None = None, waits: float = 0,
        closed: float | None = None, outcome: str = "answered", good: bool | None = None,
        again: float | None = None, priority: int = 2, urgency: str | None = None,
        reason: str = "asked", language: str = "en", region: str | None = None,
        channel: str = "telegram", times: int = 1,
    ) -> int:  # fmt: skip
        """The need of a new person (of `times` persons); returns the number of the last case.

        `answered`, `closed` and `again` (re-opened): minutes after the opening. `waits`: for how
        long the person then did not write.
        """

        def body(conn: sa.Connection) -> int:
            person = people.make(conn, at)
            new = NewCase(person_id=person, reason=reason, urgency=urgency, priority=priority,
                          language=language, region=region, channel=channel)  # fmt: skip
            id = self._open(conn, new, at)
            if answered is not None or closed is not None:
                first = at + timedelta(minutes=answered if answered is not None else 0)
                handoff.take(conn, id, self.by, first)
            if answered is not None:
                handoff.reply(conn, id, self.by, "Here I am.", first)
                if waits:
                    wrote = first + timedelta(minutes=waits)
                    handoff.wrote(conn, [person], wrote, self.country)
            if closed is not None:
                end = at + timedelta(minutes=closed)
                handoff.close(conn, id, self.by, end, outcome=outcome)
            if good is not None:
                cases.rate(conn, id, person, good, at)
            if again is not None:
                assert self._open(conn, new, at + timedelta(minutes=again)) == id
            return id

        def all_(conn: sa.Connection) -> int:
            return [body(conn) for _ in range(times)][-1]

        return self.database.call(all_)

    def _open(self, conn: sa.Connection, new: NewCase, at: datetime) -> int:
        return cases.open_case(conn, new, plan(self.country, new.priority, at), at)
