"""One post to a thousand members: rows of the outbox a second, and whether talk has to wait.

`python -m tests.bench.fanout`. The same verbs as in the service, one transaction a post that is
flushed to the disk; medians, so that one pause of a shared machine decides nothing.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from bot import library, migrate, outbox, people
from bot.db import Database
from bot.events import Incoming, Kind, Lane, Part
from bot.outbox import Draft
from bot.peers import fanout, groups, members, posts
from bot.peers.groups import NewGroup
from bot.peers.posts import NewPost, State
from bot.screening.rules import Rules
from bot.vault import Vault
from tests.bench.__main__ import databases

MEMBERS, POSTS, TALKS = 1000, 31, 40
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def fill(conn: sa.Connection) -> int:
    """A group with a thousand live members on Telegram; returns its id."""
    new = NewGroup(tag="tailoring", sector="tailoring_fashion", region=None, language="en",
                   rules=Rules(hold_first=0))  # fmt: skip
    id = groups.open_group(conn, new, NOON)
    assert id
    arrivals = [
        Incoming(channel="telegram", external_id=str(n), kind=Kind.MESSAGE, addresses=(str(n),))
        for n in range(MEMBERS)
    ]
    met = [one for one in people.meet(conn, Vault("a key for the bench"), arrivals, NOON) if one]
    people.heard_from(conn, {one.person_id: one.address_id for one in met}, NOON)
    for n, one in enumerate(met):
        assert members.enter(conn, id, one.person_id, f"Member {letters(n)}", "25-34", NOON)
    return id


def letters(n: int) -> str:
    return "".join(chr(97 + n // 26**k % 26) for k in range(3))


def post(conn: sa.Connection, group: int, n: int) -> None:
    text = f"message {n}: where do you buy lining in bulk?"
    new = NewPost(group_id=group, member_id=1, event_id=None, state=State.OUT, text=text)
    posts.put(conn, new, NOON)


def claim(conn: sa.Connection, n: int) -> list[str]:
    """A reply of one-to-one talk is queued behind all these copies, and the sender's next claim."""
    draft = Draft(f"talk:{n}", n + 2, n + 2, "telegram", Part(text="an answer"), Lane.TALK)
    outbox.put(conn, [draft], NOON)
    found = outbox.claim(conn, "telegram", now=NOON, limit=1, pause=timedelta(0))
    return [row.part.text for row in found]


async def measure(url: str) -> tuple[float, float]:
    """Rows a second of the fan-out, and milliseconds until talk is claimed during it (median)."""
    database = Database(url)
    migrate.upgrade(database)
    group, country = database.call(fill), library.read("gh").country
    database.call(lambda conn: conn.execute(sa.text("ANALYZE")))  # as it happens within a minute
    rounds = []
    for n in range(POSTS):
        database.call(post, group, n)
        started = time.perf_counter()
        database.call(fanout.step, country, NOON)
        rounds.append(time.perf_counter() - started)
    rows = database.call(
        lambda conn: conn.execute(sa.select(sa.func.count()).select_from(outbox.outbox)).scalar()
    )
    assert rows == POSTS * (MEMBERS - 1), rows
    waits = []
    for n in range(TALKS):
        database.call(post, group, POSTS + n)
        crowd = asyncio.create_task(database.run(fanout.step, country, NOON))
        await asyncio.sleep(0)
        started = time.perf_counter()
        texts = await database.run(claim, n)
        waits.append(time.perf_counter() - started)
        assert texts == ["an answer"], "a copy went first"
        await crowd
    database.close()
    return (MEMBERS - 1) / median(rounds), 1000 * median(waits)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as engines:
        for engine, url in engines.items():
            rows, wait = asyncio.run(measure(url.format("a")))
            print(f"{engine:<22}{rows:>10.0f} rows/s of a fan-out to {MEMBERS} members, "
                  f"talk claimed after {wait:.0f} ms while one runs", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
