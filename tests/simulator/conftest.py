"""The whole service over real HTTP, with real clients, against the local networks."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from bot import settings
from bot.commands import demo
from bot.outbox import outbox
from bot.settings import Settings
from bot.simulator.networks import Networks
from bot.simulator.phones import Bubble, Phone

STOPS = 30  # seconds until a server that does not end is an error that says what it waits for


class Town:
    """The running demo, and what a test does in it. Calls into it run on its own loop."""

    def __init__(self, chosen: Settings) -> None:
        self.settings = chosen
        self.app = demo.app(chosen)
        self.networks: Networks = self.app.state.networks
        config = uvicorn.Config(self.app, host=chosen.host, port=chosen.port, log_level="warning",
                                log_config=None, timeout_graceful_shutdown=3)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._serve, daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.http = httpx.Client(base_url=chosen.root, timeout=10, trust_env=False)

    def _serve(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._server.serve())
        self._loop.close()

    @contextmanager
    def open(self) -> Iterator[Town]:
        self._thread.start()
        try:
            self.wait(lambda: self._server.started)
            self.wait(lambda: self.networks.telegram.webhook is not None)
            yield self
        finally:
            self._server.should_exit = True
            self._thread.join(STOPS)
            self.http.close()
        assert not self._thread.is_alive(), f"still at work: {self._tasks()}"

    def _tasks(self) -> str:
        return "\n".join(map(str, asyncio.all_tasks(self._loop)))

    def wait(self, until: Callable[[], Any], seconds: float = 20) -> Any:
        """Polls for what must become true; fails with a picture of the phones."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := until():
                return found
            if not self._thread.is_alive() and self._server.started:
                break
            Thread.join(self._thread, 0.02)
        texts = [m.text[:60] for p in self.networks.phones.by_id.values() for m in p.messages]
        raise AssertionError(f"waited in vain; the phones show {texts}")

    def phone(self, channel: str, **how: Any) -> Phone:
        answer = self.http.post("/phones/people", json={"channel": channel, **how})
        return self.networks.phones.by_id[answer.json()["id"]]

    def send(self, phone: Phone, text: str = "", **what: Any) -> None:
        body = {"text": text, **what} if text else what
        answer = self.http.post(f"/phones/{phone.id}/send", json=body)
        assert answer.status_code == 200, answer.text

    def said(self, phone: Phone, count: int, seconds: float = 20) -> list[Bubble]:
        """The service's messages on the phone, as soon as there are `count`."""
        return list(self.wait(lambda: _enough(phone, count), seconds))

    def fates(self) -> list[tuple[str, str | None, str | None]]:
        """Status, reason and code of each outbox row, in order."""
        engine = sa.create_engine(self.settings.database_url)
        with engine.connect() as conn:
            query = sa.select(outbox.c.status, outbox.c.reason, outbox.c.code)
            rows = conn.execute(query.order_by(outbox.c.id)).all()
        engine.dispose()
        return [(row.status, row.reason, row.code) for row in rows]

    def faults(self, **rates: float) -> None:
        assert self.http.post("/phones/faults", json=rates).status_code == 200


def _enough(phone: Phone, count: int) -> list[Bubble] | None:
    found = [m for m in list(phone.messages) if not m.mine]
    return found if len(found) >= count else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def opened(home: Path) -> Iterator[Town]:
    """The demo on a free port."""
    env = {"SANKOFA_HOME": str(home), "SECRET_KEY": "k", "PORT": str(free_port())}
    with Town(demo.local(settings.read(env))).open() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with opened(tmp_path) as made:
        yield made
