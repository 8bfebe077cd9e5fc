"""A peer that answers like Rasa 3.6, and what a test does with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from bot.library import Library
from bot.settings import Rasa as Account
from bot.understanding import Embedded, Rasa
from bot.understanding.rasa import intents

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]
PASSPORT = {
    "text": "x", "entities": [], "text_tokens": [[0, 1]],
    "intent": {"name": "ask_passport", "confidence": 0.9312345},
    "intent_ranking": [
        {"name": "ask_passport", "confidence": 0.9312345},
        {"name": "ask_national_id", "confidence": 0.05},
    ],
}  # fmt: skip


@dataclass
class Peer:
    """Answers each request by `how`, and remembers what it was asked."""

    asked: list[httpx.Request] = field(default_factory=list)
    how: Handler | httpx.Response | Exception = field(
        default_factory=lambda: httpx.Response(200, json=PASSPORT)
    )

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self.how, Exception):
            raise self.how
        answer = self.how if isinstance(self.how, httpx.Response) else await self.how(request)
        if not answer.is_stream_consumed:
            return answer
        body = httpx.ByteStream(answer.content)  # unread, as from a network
        return httpx.Response(answer.status_code, stream=body)

    def texts(self) -> list[str]:
        return [json.loads(request.content)["text"] for request in self.asked]


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def names(library: Library) -> frozenset[str]:
    return intents(library.taxonomy)


@pytest.fixture
async def rasa(
    embedded: Embedded, names: frozenset[str], peer: Peer, clock: Clock
) -> AsyncIterator[Rasa]:
    """The engine, connected to the peer."""
    account = Account(url="http://rasa.test/nlu", token="s3cret&=", understood_from=0.6)
    made = Rasa(embedded, account, names, base=httpx.MockTransport(peer), clock=clock)
    yield made
    await made.close()


@pytest.fixture
def fallbacks() -> Callable[[], dict[str, float]]:
    """What the metric has counted since the test began, by reason."""

    def counted() -> dict[str, float]:
        return {
            sample.labels["reason"]: sample.value
            for metric in REGISTRY.collect() if metric.name == "sankofa_rasa_fallbacks"
            for sample in metric.samples if sample.name.endswith("_total")
        }  # fmt: skip

    before = counted()

    def since() -> dict[str, float]:
        grown = {reason: n - before.get(reason, 0.0) for reason, n in counted().items()}
        return {reason: n for reason, n in grown.items() if n}

    return since


def answering(**changed: Any) -> httpx.Response:
    """Rasa's answer with some members changed."""
    return httpx.Response(200, json=PASSPORT | changed)
