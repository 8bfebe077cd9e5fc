"""A group and its members, as they are after some days of talk; for the pages that staff see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import people
from bot.inbox import inbox
from bot.peers import appeals, decisions, groups, members, posts, reports
from bot.peers.groups import NewGroup
from bot.peers.posts import NewPost, State
from bot.screening.rules import Rules
from bot.vault import Vault

Run = Callable[..., Any]


class Village:
    """Everything happens at `now`, unless it is said to have happened days `ago`."""

    def __init__(self, run: Run, vault: Vault, now: datetime) -> None:
        self.run, self.vault, self.now = run, vault, now
        self.phones = 0

    def group(self, tag: str = "tailoring", *, sector: str = "tailoring_fashion",
              region: str | None = None, language: str = "en", **rules: Any) -> int:  # fmt: skip
        new = NewGroup(tag=tag, sector=sector, region=region, language=language,
                       rules=Rules(**rules))  # fmt: skip
        id: int = self.run(groups.open_group, new, self.now)
        return id

    def person(self, *, channel: str = "telegram", region: str | None = "GH-AA") -> int:
        self.phones += 1
        value = str(900 + self.phones) if channel == "telegram" else f"+23320000{self.phones:04}"

        def body(conn: sa.Connection) -> int:
            id = people.make(conn, self.now)
            people.attach(conn, self.vault, id, channel, value)
            address = conn.scalar(sa.select(people.addresses.c.id)
                                  .where(people.addresses.c.person_id == id))  # fmt: skip
            conn.execute(people.people.update().where(people.people.c.id == id)
                         .values(reply_to=address, region=region))  # fmt: skip
            return id

        id: int = self.run(body)
        return id

    def member(
        self, group: int, name: str, *, ago: float = 3, person: int | None = None, **how: Any
    ) -> int:
        person = person or self.person(**how)
        at = self.now - timedelta(days=ago)
        row = self.run(members.enter, group, person, name, "25-34", at)
        assert row is not None
        return int(row.id)

    def post(
        self, group: int, member: int | None, text: str, *, state: State = State.OUT,
        ago: float = 0, **more: Any,
    ) -> int:  # fmt: skip
        new = NewPost(group_id=group, member_id=member, event_id=None, state=state, text=text,
                      **more)  # fmt: skip
        return int(self.run(posts.put, new, self.now - timedelta(days=ago)).id)

    def report(self, post: int, member: int, why: str = "scam") -> None:
        assert self.run(reports.put, post, member, why, self.now)

    def appeal(self, decision: int, member: int, text: str) -> int:
        person = self.run(members.one, member).person_id
        assert self.run(appeals.put, decision, person, text, self.now)
        return int(self.run(lambda conn: conn.scalar(sa.select(sa.func.max(appeals.appeals.c.id)))))

    def state(self, post: int) -> str:
        return str(self.run(posts.one, post).state)

    def log(self, group: int) -> list[Any]:
        """The decisions, the oldest first."""
        return list(self.run(decisions.of_group, group))[::-1]

    def acts(self, group: int) -> list[str]:
        return [row.act for row in self.log(group)]

    def told(self, member: int) -> list[dict[str, Any]]:
        """The news on their way to the member, the oldest first."""
        person = self.run(members.one, member).person_id
        query = sa.select(inbox.c.body).where(inbox.c.person_id == person, inbox.c.kind == "peers")
        ordered = query.order_by(inbox.c.id)
        return list(self.run(lambda conn: conn.scalars(ordered).all()))
