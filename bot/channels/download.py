"""Fetching a file from a provider: never from anywhere else, never more or longer than agreed."""

from __future__ import annotations

import asyncio
from urllib.parse import urljoin, urlsplit

import httpx

from bot.channels.base import TOO_LARGE
from bot.events import Reason, SendError

TIMEOUT = 10.0  # seconds to connect, and for each piece
LONGEST = 30.0  # seconds for the whole file
HOPS = 3
MINUTE = 60.0


async def download(
    url: str, base: str, *, most: int, login: tuple[str, str] | None = None,
    moves_to: str | None = None,
) -> bytes | SendError:  # fmt: skip
    """The bytes behind `url`, which lies below `base`; it may redirect to what lies there too, or
    below `moves_to`. The login goes with the first request only."""
    try:
        async with asyncio.timeout(LONGEST), httpx.AsyncClient(timeout=TIMEOUT) as client:
            allowed = [base]
            for _ in range(HOPS):
                if not any(below(url, root) for root in allowed):
                    return SendError(Reason.REFUSED, code="elsewhere")
                found = await _one(client, url, most, login)
                if not isinstance(found, str):
                    return found
                url, login = found, None
                allowed = [base, moves_to] if moves_to else [base]
            return SendError(Reason.REFUSED, code="too many redirects")
    except (httpx.InvalidURL, ValueError):
        return SendError(Reason.REFUSED, code="malformed")
    except (httpx.HTTPError, TimeoutError) as problem:
        return SendError(Reason.PROVIDER, retry=MINUTE / 6, code=type(problem).__name__)


async def _one(
    client: httpx.AsyncClient, url: str, most: int, login: tuple[str, str] | None
) -> bytes | str | SendError:
    """The body, where it has moved to, or how it failed."""
    # As it is: unpacking could make much out of little.
    plain = {"Accept-Encoding": "identity"}
    async with client.stream("GET", url, auth=login, headers=plain) as answer:
        if answer.has_redirect_location:
            return urljoin(url, answer.headers["location"])
        if answer.status_code != 200:
            return _failure(answer.status_code)
        body = bytearray()
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > most:
                return TOO_LARGE
        return bytes(body)


def below(url: str, base: str) -> bool:
    """Whether the address is on the same server as `base`, under its path."""
    parts, root = urlsplit(url), urlsplit(base)
    same = (parts.scheme, parts.netloc) == (root.scheme, root.netloc)
    return same and parts.path.startswith(root.path) and "/../" not in f"{parts.path}/"


def _failure(status: int) -> SendError:
    code = str(status)
    if status == 429:
        return SendError(Reason.RATE, retry=MINUTE / 6, code=code)
    if status in (401, 403):
        return SendError(Reason.ACCOUNT, retry=MINUTE, code=code)
    if status == 404 or status >= 500:  # Twilio lists a file a moment before it is there
        return SendError(Reason.PROVIDER, retry=MINUTE / 6, code=code)
    return SendError(Reason.REFUSED, code=code)
