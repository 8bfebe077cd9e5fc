"""From the phone to the open console, while many consoles are open.

Each console is one page with a live stream, as in a browser: half of them show a case and fetch its
newest lines when it changed, half show the inbox and fetch the list, one request at a time.
Measured: webhook posted → the words are in what a console fetched.
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
    waiting: list[Sent] = field(default_factory=list)
    fetched: int = 0

    async def console(self, token: str, case: int | None) -> None:
        """One counsellor's browser: with a case on the screen, or with the inbox."""
        path = f"/console/cases/{case}?part=lines" if case else "/console/inbox"
        wanted = f"event: case-{case}" if case else "event: inbox"
        news = asyncio.Event()
        async with httpx.AsyncClient(
            base_url=self.root, cookies={"sankofa": token}, timeout=30, trust_env=False,
            headers={"HX-Request": "true"},
        ) as client:  # fmt: skip
            fetching = asyncio.create_task(self._fetch(client, path, news, token))
            try:
                url = f"/console/events?case={case}" if case else "/console/events"
                async with client.stream("GET", url) as stream:
                    async for line in stream.aiter_lines():
                        if line == wanted:
                            news.set()
            finally:
                fetching.cancel()

    async def _fetch(
        self, client: httpx.AsyncClient, path: str, news: asyncio.Event, console: str
    ) -> None:
        while await news.wait():
            news.clear()
            page = await client.get(path)
            assert page.status_code == 200
            self.fetched += 1
            shown = time.perf_counter()
            for sent in self.waiting:
                if sent.text in page.text:
                    sent.seen.setdefault(console, shown - sent.at)


async def run(
    root: str, tokens: list[str], messages: int
) -> tuple[list[float], list[float], int]:
    """Delays on consoles with the case open, on those with the inbox, and how many fetches."""
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
        cases = [n // 2 % PEOPLE + 1 if n % 2 else None for n in range(len(tokens))]
        consoles = [asyncio.create_task(office.console(token, case))
                    for token, case in zip(tokens, cases, strict=True)]  # fmt: skip
        await asyncio.sleep(3)
        for n in range(messages):
            # The list shows the last words of each person: the next ones come a round later.
            sent = Sent(f"message number {n} of the bench", time.perf_counter())
            office.waiting.append(sent)
            await post(n % PEOPLE, sent.text)
            await asyncio.sleep(0.4)
        await asyncio.sleep(3)
        for console in consoles:
            console.cancel()
        await asyncio.gather(*consoles, return_exceptions=True)
    looks = dict(zip(tokens, cases, strict=True))
    seen = [(looks[token], delay) for sent in office.waiting for token, delay in sent.seen.items()]
    return [d for case, d in seen if case], [d for case, d in seen if not case], office.fetched


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
                in_case, in_list, fetched = asyncio.run(run(root, tokens, args.messages))
            print(f"{engine}, {args.consoles} consoles, {fetched} fetches: "
                  f"{_line('case', in_case)}; {_line('inbox', in_list)}", flush=True)  # fmt: skip


def _line(name: str, delays: list[float]) -> str:
    median, late = statistics.median(delays), statistics.quantiles(delays, n=20)[-1]
    return f"{name} {1000 * median:.0f} ms median, {1000 * late:.0f} ms p95 of {len(delays)}"


if __name__ == "__main__":
    main()
