"""Webhooks from a network to the service: in the background, repeated, late, or twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.simulator.faults import Weather

log = logging.getLogger(__name__)

TRIES = 6
Post = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


class Delivery:
    """Posts to the service. `retry`: whether the network repeats what was not answered 2xx."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather
        self._client = httpx.AsyncClient(timeout=15, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, post: Post, *, retry: bool) -> None:
        """Starts a delivery; the weather may double it or let others overtake it."""
        faults = self._weather.faults
        for _ in range(2 if self._weather.strikes(faults.duplicates) else 1):
            wait = 0.3 if self._weather.strikes(faults.reorder) else 0.0
            task = asyncio.create_task(self._deliver(post, retry=retry, wait=wait))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, post: Post, *, retry: bool, wait: float) -> None:
        await asyncio.sleep(wait)
        for attempt in range(TRIES if retry else 1):
            try:
                response = await post(self._client)
                if response.is_success:
                    return
                log.warning("webhook answered %d", response.status_code)
            except httpx.HTTPError as error:
                log.warning("webhook failed: %s", type(error).__name__)
            await asyncio.sleep(0.2 * 2**attempt)

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()


def form(url: str, fields: dict[str, str], headers: dict[str, str]) -> Post:
    """A form post."""

    async def post(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(url, data=fields, headers=headers)

    return post


def json(url: str, body: dict[str, Any], headers: dict[str, str]) -> Post:
    """A JSON post."""

    async def post(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(url, json=body, headers=headers)

    return post
