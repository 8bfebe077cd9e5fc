"""Ama, who has the person's case, and what she and the person do with referrals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import audit, caselog, consents, referrals
from bot.dialogue.core import Standing
from bot.library import Office
from bot.staff import Staff
from tests.engine.conftest import Loop
from tests.engine.room import Room

PERSON = "I want to talk to a person"
LEGAL, IOM = "legal_aid@legal_aid-accra", "iom@iom-tamale"


class Referring:
    """Verbs run in a transaction of their own, at the loop's clock."""

    def __init__(self, loop: Loop, room: Room) -> None:
        self.loop, self.room, self.ama = loop, room, room.add("Ama")

    def office(self, id: str) -> Office:
        return next(office for office in self.loop.library.offices if office.id == id)

    def ask(self, office: str = LEGAL, note: str = "Was not paid.", *, by: Staff | None = None,
            who: tuple[str, str] = ("77", "telegram"), **more: Any) -> int:  # fmt: skip
        return self.loop.database.call(
            referrals.open, self.room.case(*who).id, by or self.ama, self.office(office),
            self.loop.clock(), note=note, **more,
        )  # fmt: skip

    def step(self, id: int, to: Standing) -> None:
        if to is Standing.WITHDRAWN:
            self.loop.database.call(referrals.withdraw, id, self.ama, self.loop.clock())
        else:
            self.loop.database.call(referrals.advance, id, to, self.ama, self.loop.clock())

    def rows(self, who: str = "77", channel: str = "telegram") -> list[sa.Row[Any]]:
        person = self.room.person(who, channel)
        return self.loop.database.call(referrals.of_person, person)

    def state(self) -> str:
        """Of the only one."""
        (row,) = self.rows()
        return str(row.state)

    def consents(self) -> list[tuple[str, bool]]:
        log = self.loop.database.call(consents.of, self.room.person())
        return [(row.purpose, row.given) for row in log]

    def log(self) -> list[tuple[str, int | None]]:
        rows = self.loop.database.call(caselog.of, self.room.case().id)
        return [(row.detail["state"], row.staff_id) for row in rows if row.what == "referral"]

    def audited(self) -> list[str]:
        return [e.action for e in self.loop.database.call(audit.page)][::-1]
