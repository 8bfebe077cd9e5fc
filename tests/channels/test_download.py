"""Fetching a provider's file: from nowhere else, and never more than agreed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.channels import download as module
from bot.channels.base import TOO_LARGE
from bot.channels.download import below, download
from bot.events import Reason, SendError


@dataclass
class Server:
    """Answers each path with the bytes it is told; remembers the heads of requests."""

    answers: dict[str, bytes] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    base: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        writer.write(self.answers[head.split()[1]])
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    def moved(self, where: str) -> bytes:
        return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()


def said(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + body


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    running = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    port = running.sockets[0].getsockname()[1]
    made.base = f"http://127.0.0.1:{port}/api/"
    yield made
    running.close()
    await running.wait_closed()


async def fetch(server: Server, most: int = 100, path: str = "a") -> bytes | SendError:
    return await download(server.base + path, server.base, most=most, login=("AC0", "token"))


async def test_the_login_goes_to_the_first_address_only(server: Server) -> None:
    server.answers = {"/api/a": server.moved("/api/b?signed=1"), "/api/b?signed=1": said(b"file")}
    assert await fetch(server) == b"file"
    assert ["authorization" in head.lower() for head in server.heads] == [True, False]


@pytest.mark.parametrize(
    "where",
    ["http://127.0.0.1:1/api/b", "https://evil.example/", "/outside", "//evil.example/api/b",
     "/api/../outside", "file:///etc/passwd"],
)  # fmt: skip
async def test_no_redirect_leads_anywhere_else(server: Server, where: str) -> None:
    server.answers = {"/api/a": server.moved(where)}
    found = await fetch(server)
    assert isinstance(found, SendError)
    assert (found.reason, found.retry, len(server.heads)) == (Reason.REFUSED, None, 1)


async def test_a_circle_of_redirects_ends(server: Server) -> None:
    server.answers = {"/api/a": server.moved("/api/a")}
    assert await fetch(server) == SendError(Reason.REFUSED, code="too many redirects")
    assert len(server.heads) == module.HOPS


async def test_more_than_agreed_is_not_read(server: Server) -> None:
    server.answers = {"/api/a": said(bytes(100)), "/api/b": said(bytes(101)),
                      "/api/c": b"HTTP/1.1 200 OK\r\n\r\n" + bytes(9_000_000)}  # fmt: skip
    assert await fetch(server) == bytes(100)
    assert await fetch(server, path="b") is TOO_LARGE
    assert await fetch(server, path="c") is TOO_LARGE


async def test_packed_bytes_are_not_unpacked(server: Server) -> None:
    server.answers = {"/api/a": said(b"\x1f\x8b packed", more="Content-Encoding: gzip\r\n")}
    assert await fetch(server) == b"\x1f\x8b packed"


@pytest.mark.parametrize(
    ("status", "reason", "again"),
    [("404 Not Found", Reason.PROVIDER, True), ("503 Busy", Reason.PROVIDER, True),
     ("429 Slow down", Reason.RATE, True), ("401 Who", Reason.ACCOUNT, True),
     ("410 Gone", Reason.REFUSED, False)],
)  # fmt: skip
async def test_an_error_says_whether_to_try_again(
    server: Server, status: str, reason: Reason, again: bool
) -> None:
    server.answers = {"/api/a": said(b"", status)}
    found = await fetch(server)
    assert isinstance(found, SendError)
    assert (found.reason, found.retry is not None) == (reason, again)


async def test_a_file_that_never_ends_and_a_server_that_is_away_come_later(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.2)
    server.answers = {"/api/a": b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nbut no more"}
    for base in (server.base, "http://127.0.0.1:1/api/"):
        found = await download(f"{base}a", base, most=100)
        assert isinstance(found, SendError)
        assert found.reason is Reason.PROVIDER
        assert found.retry


def test_below_means_the_same_server_and_path() -> None:
    base = "https://api.twilio.com/"
    assert below("https://api.twilio.com/2010/x", base)
    for other in ("http://api.twilio.com/x", "https://api.twilio.com.evil.example/x",
                  "https://api.twilio.com@evil.example/x", "https://u:p@api.twilio.com/x",
                  "https://api.twilio.com:444/x"):  # fmt: skip
        assert not below(other, base)
