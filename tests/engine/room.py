"""The counsellors' room: who is there, what they do with a case, and the standing watch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot import caselog, handoff, people, staff
from bot.cases import cases
from bot.channels import CHANNELS
from bot.events import Incoming, Kind
from bot.inbox import inbox
from bot.outbox import outbox
from bot.people import addresses
from bot.rings import rings
from bot.roles import Role
from bot.staff import NewStaff, Presence, Staff
from bot.wake import Wake
from bot.watch import Watch
from tests.engine.conftest import Loop

ROOT = "https://sankofa.example"
DANGER = "my wife is bleeding heavily, she fainted, help us now"  # medical_emergency, priority 0
RAPE = "two men raped me last night"  # sexual_violence, priority 0, protected
NOW_READS = "a counsellor, now reads this conversation"
HUNGRY = "we have had no food for three days"  # no_food_or_medicine, priority 1


@dataclass
class Room:
    """A team around the loop. Verbs run in a transaction of their own, at the loop's clock."""

    loop: Loop
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        country = self.loop.library.country
        wake = Wake(self.loop.database)
        self.watch = Watch(
            self.loop.database, country, ROOT, wake, channels=CHANNELS, clock=self.loop.clock
        )

    def pack(self, **changes: Any) -> None:
        """Another country pack: rings, hours or routing as the test needs them."""
        country = replace(self.loop.library.country, **changes)
        self.loop.library = replace(self.loop.library, country=country)
        self.__post_init__()

    def add(
        self, name: str, *, role: Role = Role.COUNSELLOR, here: bool = True, **more: Any
    ) -> Staff:
        """Somebody of ours; `here`: with an open console."""
        new = NewStaff(email=f"{name}@example.org", name=name, role=role, **more)
        id = self.loop.database.call(staff.add, new, self.loop.clock())
        member = self.one(id)
        if here:
            self.here(member)
        return self.one(id)

    def one(self, id: int) -> Staff:
        found = self.loop.database.call(staff.one, id)
        assert found is not None
        return found

    def here(self, *members: Staff, presence: Presence = Presence.AVAILABLE) -> None:
        """Their consoles say now that they are open."""
        for member in members:
            self.loop.database.call(
                staff.change, member.id, presence=presence.value, seen_at=self.loop.clock()
            )

    def phone(self, member: Staff, channel: str, value: str) -> int:
        """An address for rings; returns its id."""

        def body(conn: sa.Connection) -> int:
            arrival = Incoming(channel=channel, external_id=value, kind=Kind.MESSAGE,
                               addresses=(value,))  # fmt: skip
            (whose,) = people.meet(conn, self.loop.vault, [arrival], self.loop.clock())
            assert whose is not None
            conn.execute(
                addresses.update().where(addresses.c.id == whose.address_id)
                .values(person_id=member.person_id)
            )  # fmt: skip
            return whose.address_id

        return self.loop.database.call(body)

    def person(self, who: str = "77", channel: str = "telegram") -> int:
        """The id of the person behind an address."""

        def body(conn: sa.Connection) -> int:
            print_ = self.loop.vault.fingerprint(channel, who)
            query = sa.select(addresses.c.person_id).where(addresses.c.fingerprint == print_)
            return int(conn.execute(query).scalar_one())

        return self.loop.database.call(body)

    def case(self, who: str = "77", channel: str = "telegram") -> sa.Row[Any]:
        """The person's last case."""
        query = sa.select(cases).where(cases.c.person_id == self.person(who, channel))
        query = query.order_by(cases.c.closed_at.is_not(None), cases.c.id.desc()).limit(1)
        return self.loop.database.call(lambda conn: conn.execute(query).one())

    def counsellor(self, who: str = "77") -> str | None:
        """The name of ours who has the conversation."""
        id = self.person(who)
        return self.loop.database.call(people.read, [id])[id].counsellor

    def log(self, who: str = "77") -> list[str]:
        rows = self.loop.database.call(caselog.of, self.case(who).id)
        return [row.what for row in rows]

    def take(self, by: Staff, who: str = "77", **more: Any) -> None:
        self._do(handoff.take, who, by, **more)

    def reply(self, by: Staff, text: str, who: str = "77", **more: Any) -> bool:
        return bool(self._do(handoff.reply, who, by, text, **more))

    def close(self, by: Staff, who: str = "77", outcome: str = "answered", **more: Any) -> None:
        self._do(handoff.close, who, by, outcome=outcome, **more)

    def snooze(self, by: Staff, who: str = "77", **how: float) -> None:
        self._do(handoff.snooze, who, by, self.loop.clock() + timedelta(**how))

    def assign(self, to: Staff, who: str = "77", **more: Any) -> None:
        self._do(handoff.assign, who, to, country=self.loop.library.country, **more)

    def give_back(self, by: Staff, who: str = "77") -> None:
        self._do(handoff.give_back, who, country=self.loop.library.country, by=by)

    def _do(self, verb: Any, who: str, *args: Any, **more: Any) -> Any:
        return self.loop.database.call(
            verb, self.case(who).id, *args, now=self.loop.clock(), **more
        )

    async def talked(self, with_: Staff) -> None:
        """The person has asked for somebody, and the talk with them is over."""
        await self.loop.say("person")
        self.take(with_)
        self.close(with_)
        await self.heard()

    async def heard(self) -> list[str]:
        """What reaches the person of what staff did."""
        before = len(self.loop.out())
        await self.loop.work()
        return self.loop.out()[before:]

    async def tap(self, option: str) -> list[str]:
        """The person taps an option of the last message that had it."""
        shown = {label: token for row in self.loop.rows() for label, token in row.part["options"]}
        self.loop.receive(Incoming(
            channel="telegram", external_id=f"x{next(self.loop.numbers)}", kind=Kind.CHOICE,
            addresses=("77",), body={"token": shown[option]},
        ))  # fmt: skip
        return await self.heard()

    async def round(self, **forward: float) -> None:
        """Time passes, then the watch looks once."""
        self.loop.clock.forward(**forward)
        assert await self.watch._lease.take()
        await self.watch.step()

    def rung(self, who: str = "77") -> list[tuple[int, list[int], list[str]]]:
        """The rings of the case so far: step, whom, by which ways."""
        query = sa.select(rings).where(rings.c.case_id == self.case(who).id).order_by(rings.c.id)
        rows = self.loop.database.call(lambda conn: conn.execute(query).all())
        return [(row.step, sorted(row.staff_ids), list(row.ways)) for row in rows]

    def phones(self) -> list[tuple[str, str]]:
        """What was sent to phones and mailboxes of ours: address and text."""
        query = (
            sa.select(outbox.c.part, addresses.c.sealed)
            .join(addresses, addresses.c.id == outbox.c.address_id)
            .where(addresses.c.person_id.in_(sa.select(staff.staff.c.person_id)))
            .order_by(outbox.c.id)
        )
        rows = self.loop.database.call(lambda conn: conn.execute(query).all())
        return [(self.loop.vault.open(row.sealed), row.part["text"]) for row in rows]

    def unread(self) -> int:
        query = sa.select(sa.func.count()).where(inbox.c.status == 0)
        return int(self.loop.database.call(lambda conn: conn.execute(query).scalar_one()))
