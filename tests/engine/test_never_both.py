"""Bot and counsellor never both: from the take-over on, nothing of the bot is written.

Whoever locks the person decides. Each take-over notes, inside its own transaction, the last
message written to the person: what the bot writes later is too much, unless the person asked for
it with MENU after the counsellor had spoken.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot import cases, handoff, turns
from bot.db import Database
from bot.events import Kind
from bot.handoff import Refused
from bot.inbox import DONE, inbox, receive
from bot.outbox import outbox
from bot.people import people
from bot.staff import Staff
from bot.understanding import Understanding
from nlu.reading import Reading
from tests.conftest import THOROUGH
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, Room

ROUNDS, PERSONS = 5 if THOROUGH else 1, 100  # interleavings on each engine
WORDS = ["I lost my Ghana card", "menu", "hello", "3", "thank you", DANGER, "person",
         "how much is a passport?", "xyzzy"]  # fmt: skip


@dataclass
class Slow:
    """An engine that reads as long as some transactions of others take; each text once."""

    engine: Understanding
    database: Database
    known: dict[str, Reading] = field(default_factory=dict)

    async def read(self, texts: Sequence[str]) -> list[Reading]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known |= zip(new, await self.engine.read(new), strict=True)
        for _ in range(3):
            await self.database.run_unflushed(lambda conn: conn.scalar(sa.select(1)))
        return [self.known[text] for text in texts]


@dataclass(frozen=True)
class Mark:
    """What was there when a verb of staff held the person: the last message and its event."""

    message: int
    event: int
    leased: bool  # a worker had claimed the person's events and not yet written down its turns


@dataclass
class Talk:
    """One person's interleaving: what they write, and what one of ours does, in order."""

    who: str
    case: int
    person: int
    words: list[str]
    verbs: list[tuple[str, Staff]]
    given: list[Mark] = field(default_factory=list)  # the conversation went to a counsellor
    back: list[Mark] = field(default_factory=list)  # and back to the bot


def marked(verb: Callable[..., Any], talk: Talk) -> Callable[..., Mark]:
    """The verb and, in the same transaction, its mark."""

    def body(conn: sa.Connection, *args: Any, **more: Any) -> Mark:
        verb(conn, talk.case, *args, **more)
        last, event = (
            conn.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))
                        .where(table.c.person_id == talk.person, *which)) or 0
            for table, which in ((outbox, ()), (inbox, (inbox.c.kind == Kind.STAFF.value,)))
        )  # fmt: skip
        lease = conn.scalar(sa.select(people.c.lease).where(people.c.id == talk.person))
        return Mark(last, event, lease is not None)

    return body


async def do(loop: Loop, talk: Talk) -> None:
    """The next thing of ours in this talk; somebody else may have been faster."""
    name, by = talk.verbs.pop(0)
    more = {"take": {}, "reply": {"text": f"Answer to {talk.who}"}, "close": {"outcome": "met"}}
    verb = {"take": handoff.take, "reply": handoff.reply, "close": handoff.close}[name]
    try:
        mark = await loop.database.run_unflushed(
            marked(verb, talk), by=by, now=loop.clock(), **more[name]
        )  # fmt: skip
    except Refused:
        return
    (talk.back if name == "close" else talk.given).append(mark)


def talks(
    loop: Loop, team: Sequence[Staff], chance: random.Random, round: int
) -> list[Talk]:
    """The persons of this round, who have just asked for somebody."""
    found = []
    newest = sa.select(cases.cases.c.id, cases.cases.c.person_id)
    query = newest.order_by(cases.cases.c.id.desc()).limit(PERSONS)
    rows = loop.database.call(lambda conn: conn.execute(query).all())
    for n, row in enumerate(rows):
        ama, kofi = chance.sample(team, 2)
        verbs = [("take", ama)] + [("reply", ama)] * chance.randrange(3)
        if chance.random() < 0.5:
            verbs.append(("close", ama))
        if chance.random() < 0.3:
            verbs.insert(chance.randrange(len(verbs)), ("take", kofi))
        words = [chance.choice(WORDS) for _ in range(chance.randrange(1, 5))]
        found.append(Talk(f"{round}-{n}", row.id, row.person_id, words, verbs))
    return found


async def interleave(
    loop: Loop, room: Room, found: list[Talk], chance: random.Random
) -> None:
    """All that happens, in any order, through six hands: people write, two workers take turns, the
    watch goes round, and ours do what they do. Then the workers finish."""
    workers = [loop.worker(batch=chance.choice([4, 64])) for _ in range(2)]
    acts: list[Callable[[], Awaitable[Any]]] = [room.watch.step] * 4
    for talk in found:
        acts += [partial(write, loop, talk)] * (1 + len(talk.words) // 2)
        acts += [partial(do, loop, talk)] * len(talk.verbs)
    acts += [worker.step for worker in workers] * (len(acts) // 12)
    chance.shuffle(acts)

    async def hand() -> None:
        while acts:
            await acts.pop()()

    await asyncio.gather(*(hand() for _ in range(6)))
    await asyncio.gather(*(loop.work(worker) for worker in workers))


async def write(loop: Loop, talk: Talk) -> None:
    """One or two messages."""
    messages = [loop.message(word, talk.who) for word in talk.words[:2]]
    del talk.words[:2]
    await loop.database.run_unflushed(receive, loop.vault, messages, loop.clock())


def too_much(loop: Loop, found: Sequence[Talk]) -> list[tuple[str, str]]:
    """What the bot wrote, and to whom, while a counsellor had the conversation."""

    def body(conn: sa.Connection, table: sa.Table) -> dict[int, list[sa.Row[Any]]]:
        mine = table.c.person_id.in_([talk.person for talk in found])
        rows: dict[int, list[sa.Row[Any]]] = defaultdict(list)
        for row in conn.execute(sa.select(table).where(mine).order_by(table.c.id)):
            rows[row.person_id].append(row)
        return rows

    said, heard = loop.database.call(body, outbox), loop.database.call(body, inbox)
    wrong = []
    for talk in found:
        menus = [e.id for e in heard[talk.person] if e.body.get("text") == "menu"]
        for row in said[talk.person]:
            event = int(row.key.split(":")[0])
            given = max((m for m in talk.given if m.message < row.id), default=None,
                        key=lambda mark: mark.event)  # fmt: skip
            if row.staff_id is not None or given is None:
                continue
            back = any(given.event < m.event and m.message < row.id for m in talk.back)
            if not back and not any(given.event < menu <= event for menu in menus):
                wrong.append((talk.who, row.part["text"]))
    return wrong


async def test_no_interleaving_lets_the_bot_speak_after_the_take_over(
    loop: Loop, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(11)
    loop.understanding = Slow(loop.understanding, loop.database)
    team = [room.add("Ama", capacity=999), room.add("Kofi", capacity=999)]
    assert await room.watch._lease.take()
    races = spoken = 0
    for round in range(ROUNDS):
        loop.receive(*(loop.message("person", f"{round}-{n}") for n in reversed(range(PERSONS))))
        await loop.work()
        found = talks(loop, team, chance, round)
        before = len(loop.rows())
        await interleave(loop, room, found, chance)
        spoken += sum(row.staff_id is None for row in loop.rows()[before:])
        races += sum(mark.leased for talk in found for mark in talk.given)
        assert too_much(loop, found) == []
        assert sum(bool(talk.given) for talk in found) == PERSONS
    # A take-over in the middle of a turn is what this is about; a few rounds may have none.
    assert not THOROUGH or races > 10
    assert spoken > ROUNDS * PERSONS / 2
    statuses = loop.database.call(
        lambda conn: conn.execute(sa.select(inbox.c.status).distinct()).scalars().all()
    )
    assert statuses == [DONE]
    assert "failed" not in caplog.text  # nobody waited for each other in a circle


async def test_a_take_over_waits_for_the_turn_that_is_being_written_down(
    loop: Loop, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    talk = Talk("77", room.case().id, room.person(), [], [])
    decide, pool = turns.turn, ThreadPoolExecutor(1)
    taking: list[Future[Mark]] = []
    begun = threading.Event()

    def take() -> Mark:
        begun.set()
        return loop.database.call(marked(handoff.take, talk), ama, loop.clock())

    def turn(*args: Any) -> Any:
        if not taking:  # the batch holds the person and has read who has the conversation
            taking.append(pool.submit(take))
            begun.wait()
            waits(loop)
            assert not taking[0].done()
        return decide(*args)

    monkeypatch.setattr(turns, "turn", turn)
    loop.receive(loop.message("I lost my Ghana card"))
    worker = loop.worker()
    await worker.step()
    talk.given.append(await asyncio.wrap_future(taking[0]))
    pool.shutdown()
    assert talk.given[0].message == loop.rows()[-1].id
    assert "NIA" in loop.out()[-1]
    assert await loop.say("how much is a passport?") == [
        "Ama, a counsellor, now reads this conversation and will answer you. "
        "For the automatic answers write MENU."
    ]
    assert too_much(loop, [talk]) == []


def waits(loop: Loop) -> None:
    """Until PostgreSQL says that somebody waits for a lock. SQLite has one writer at a time."""
    if loop.database.single:
        return
    query = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(1000):
        if loop.database.call(lambda conn: conn.scalar(query)):
            return
    raise AssertionError("nobody waits")


async def test_a_turn_that_was_claimed_before_the_take_over_says_nothing(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    case = room.case().id
    worker = loop.worker()
    read = worker._read

    async def taken_meanwhile(claims: Any) -> Any:
        await loop.database.run(handoff.take, case, ama, loop.clock())
        return await read(claims)

    worker._read = taken_meanwhile  # type: ignore[method-assign]
    loop.receive(loop.message("I lost my Ghana card"), loop.message(DANGER), loop.message("menu"))
    before = len(loop.out())
    await worker.step()
    assert loop.out()[before:] == []
    assert loop.database.call(cases.of, case).priority == 0
