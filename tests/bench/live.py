"""From the phone to the open console, while many consoles are open.

Each console holds a live stream like a browser: it fetches the conversation when its case changed,
and the list at most every LIST_EVERY seconds. Measured: webhook posted → the words are in the
conversation that a console fetched.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from twilio.request_validator import RequestValidator

from bot import migrate, sessions, staff
from bot.db import Database, now
from bot.roles import Role
from bot.staff import NewStaff
from tests.bench.__main__ import databases, server

LIST_EVERY = 0.8  # seconds
PEOPLE = 10


@dataclass
class Sent:
    """A message on its way: when it was posted, and the delays of the consoles that showed it."""

    text: str
    at: float
    seen: dict[str, float] = field(default_factory=dict)  # by console


@dataclass
class Office:
    """All open consoles, and the messages that they wait for."""

    root: str
    waiting: dict[int, list[Sent]] = field(default_factory=dict)  # by case
    lists: int = 0

    async def console(self, token: str, case: int) -> None:
        """One counsellor's browser."""
        limits = httpx.Limits(max_connections=3)
        async with httpx.AsyncClient(
            base_url=self.root, cookies={"sankofa": token}, timeout=30, trust_env=False,
            limits=limits, headers={"HX-Request": "true"},
        ) as client:  # fmt: skip
            listed = time.perf_counter()
            async with client.stream("GET", f"/console/events?case={case}") as stream:
                async for line in stream.aiter_lines():
                    if line == f"event: case-{case}":
                        await self._look(client, case, token)
                    elif line == "event: inbox" and time.perf_counter() - listed > LIST_EVERY:
                        listed = time.perf_counter()
                        answer = await client.get("/console/inbox")
                        assert answer.status_code == 200
                        self.lists += 1

    async def _look(self, client: httpx.AsyncClient, case: int, console: str) -> None:
        page = await client.get(f"/console/cases/{case}?part=lines")
        assert page.status_code == 200
        shown = time.perf_counter()
        for sent in self.waiting.get(case, []):
            if sent.text in page.text:
                sent.seen.setdefault(console, shown - sent.at)


async def run(root: str, tokens: list[str], messages: int) -> tuple[list[float], int, int]:
    """Delays of every message on every console that had its case open; lists; how many missed."""
    office, signer, numbers = Office(root), RequestValidator("bench"), itertools.count(1)
    async with httpx.AsyncClient(timeout=30, trust_env=False) as phone:

        async def post(person: int, text: str) -> None:
            form = {"MessageSid": f"SM{next(numbers):032x}", "From": f"+23355{person:07d}",
                    "To": "+15550100", "Body": text, "NumMedia": "0"}  # fmt: skip
            url = f"{root}/hooks/twilio"
            headers = {"X-Twilio-Signature": signer.compute_signature(url, form)}
            assert (await phone.post(url, data=form, headers=headers)).status_code == 200

        for person in range(PEOPLE):  # one after the other: case n is person n's
            await post(person, "I want to talk to a person")
            await asyncio.sleep(0.3)
        cases = [n % PEOPLE + 1 for n in range(len(tokens))]
        consoles = [asyncio.create_task(office.console(token, case))
                    for token, case in zip(tokens, cases, strict=True)]  # fmt: skip
        await asyncio.sleep(3)
        everything = []
        for n in range(messages):
            case = n % PEOPLE + 1
            sent = Sent(f"message number {n} of the bench", time.perf_counter())
            office.waiting.setdefault(case, []).append(sent)
            everything.append((sent, cases.count(case)))
            await post(case - 1, sent.text)
            await asyncio.sleep(0.4)
        await asyncio.sleep(3)
        for console in consoles:
            console.cancel()
        await asyncio.gather(*consoles, return_exceptions=True)
    delays = [delay for sent, _ in everything for delay in sent.seen.values()]
    missed = sum(watching - len(sent.seen) for sent, watching in everything)
    return delays, office.lists, missed


def office(url: str, consoles: int) -> list[str]:
    """Counsellors in the database; returns the tokens of their sessions."""
    database = Database(url)
    migrate.upgrade(database)
    tokens = []
    for n in range(consoles):
        new = NewStaff(email=f"c{n}@bench.test", name=f"Counsellor {n}", role=Role.COUNSELLOR)
        member = database.call(staff.add, new, now())
        tokens.append(database.call(sessions.begin, member, now(), second=True))
    database.close()
    return tokens


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live")
    parser.add_argument("--consoles", type=int, default=50)
    parser.add_argument("--messages", type=int, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as engines:
        for engine, address in engines.items():
            url = address.format("a")
            tokens = office(url, args.consoles)
            with server(Path(name) / "home", url, 64, send=False, people=0) as root:
                delays, lists, missed = asyncio.run(run(root, tokens, args.messages))
            print(f"{engine}, {args.consoles} consoles: phone to console "
                  f"{1000 * statistics.median(delays):.0f} ms median, "
                  f"{1000 * statistics.quantiles(delays, n=20)[-1]:.0f} ms p95 "
                  f"of {len(delays)}, {missed} missed, {lists} lists",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
