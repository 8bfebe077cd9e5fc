"""What the peer tests run: node processes, our own application, and a front before several peers.

Everything listens on 127.0.0.1 only and is gone when its block ends. Nothing sleeps: `wait` polls.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

MODULES = Path(__file__).resolve().parents[2] / ".peers" / "node_modules"
SPECS = MODULES / "@twilio/cli-core/src/services/twilio-api"
PASSED_ON = ("authorization", "content-type", "accept")


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(until: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true value of `until`, asked again and again; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = Event()
    while not (found := until()):
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.03)
    return found


@contextmanager
def node(script: Path, *args: str | Path, port: int, log: Path, preload: Path | None = None
         ) -> Iterator[str]:  # fmt: skip
    """Runs a script of a peer until the block ends; yields its address once its port answers."""
    command = ["node", *(["-r", str(preload)] if preload else []), str(script), *map(str, args)]
    env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                         cwd=log.parent, env=env) as process,
    ):  # fmt: skip
        try:
            wait(lambda: process.poll() is not None or _answers(port), 60)
            assert process.poll() is None, f"the peer ended: {log.read_text()[-2000:]}"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def prism(spec: str, folder: Path) -> Iterator[str]:
    """Prism judging requests by one of Twilio's OpenAPI documents."""
    port = free_port()
    script = MODULES / "@stoplight/prism-cli/dist/index.js"
    args = ("mock", "-h", "127.0.0.1", "-p", str(port), SPECS / f"{spec}.json")
    with node(script, *args, port=port, log=folder / f"{spec}.log") as address:
        yield address


@contextmanager
def serving(app: ASGIApp, port: int) -> Iterator[str]:
    """Serves the application in a thread, with a loop of its own, until the block ends."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False,
                       timeout_graceful_shutdown=3)
    )  # fmt: skip

    def run() -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(server.serve())
        loop.close()

    thread = Thread(target=run)
    thread.start()
    try:
        wait(lambda: server.started or not thread.is_alive())
        assert thread.is_alive(), "the application did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Seen:
    """A request that went through a front, and how the peer answered."""

    method: str
    path: str
    sent: bytes
    status: int
    answer: bytes


@dataclass
class Front:
    """One address before several peers, as Twilio's products are behind our one base address.

    A path whose first folder is a product goes to that peer, without the folder; the rest to `api`.
    """

    api: str
    products: dict[str, str]
    address: str = ""
    seen: list[Seen] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Front]:
        app = Starlette(
            routes=[Route("/{path:path}", self._pass, methods=["GET", "POST"])],
            lifespan=self._lifespan,
        )
        with serving(app, free_port()) as self.address:
            yield self

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as app.state.client:
            yield

    async def _pass(self, request: Request) -> Response:
        path, sent = request.url.path, await request.body()
        product, _, rest = path.lstrip("/").partition("/")
        base = self.products.get(product)
        target = httpx.URL(f"{base}/{rest}" if base else self.api + path)
        answer = await request.app.state.client.request(
            request.method, target.copy_with(query=request.url.query.encode() or None),
            content=sent, headers={k: v for k, v in request.headers.items() if k in PASSED_ON},
        )  # fmt: skip
        self.seen.append(Seen(request.method, path, sent, answer.status_code, answer.content))
        return Response(
            answer.content, answer.status_code, media_type=answer.headers.get("content-type")
        )
