"""Rasa over HTTP: only the intent is its word. Language, danger and places are always read by the
embedded engine, and so is everything else whenever Rasa gives no usable answer."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx

from bot import metrics
from bot.library.taxonomy import Taxonomy
from bot.settings import Rasa as Account
from bot.understanding.answer import Malformed, UnknownIntent, question, ranking
from bot.understanding.breaker import Breaker
from bot.understanding.embedded import Embedded
from nlu.engine import OUT
from nlu.reading import Guess, Reading

log = logging.getLogger(__name__)

TIMEOUT = 1.5  # seconds for one message
TOGETHER = 10.0  # seconds for one `read`: persons are leased meanwhile
AT_ONCE = 8  # requests under way; Rasa works on one at a time
FAILURES, REST = 5, 10.0  # so many in a row, so many seconds without Rasa
LARGEST = 64 * 1024  # bytes of an answer
NO_MODEL = {409: "no_model", 401: "refused", 403: "refused"}
NO_GUESS = (Guess(OUT, 1.0),)  # what the embedded engine says of a text without a known word


def intents(taxonomy: Taxonomy) -> frozenset[str]:
    """The names that Rasa may answer."""
    return frozenset({f"ask_{topic}" for topic in taxonomy.topics} | set(taxonomy.dialogue))


class Rasa:
    """Asks Rasa about each text, at most `AT_ONCE` at a time; never raises because of Rasa.

    `base` is the transport below the token; `clock` counts seconds.
    """

    def __init__(
        self, embedded: Embedded, account: Account, names: frozenset[str], *,
        base: httpx.AsyncBaseTransport | None = None, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._embedded = embedded
        self._account = account
        self._names = names
        self._clock = clock
        self._breaker = Breaker(failures=FAILURES, rest=REST, clock=clock)
        self._free = asyncio.Semaphore(AT_ONCE)
        below = base or httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=AT_ONCE), trust_env=False
        )
        self._client = httpx.AsyncClient(
            transport=_WithToken(below, account.token), timeout=TIMEOUT, trust_env=False,
            headers={"Content-Type": "application/json", "Accept-Encoding": "identity"},
        )  # fmt: skip

    async def read(self, texts: Sequence[str]) -> list[Reading]:
        until = self._clock() + TOGETHER
        readings = await self._embedded.read(texts)
        return list(await asyncio.gather(*(self._refined(each, until) for each in readings)))

    async def close(self) -> None:
        """Ends the connections; nothing can be read afterwards."""
        await self._client.aclose()

    async def _refined(self, own: Reading, until: float) -> Reading:
        """The embedded reading with Rasa's intent, or as it is."""
        text = question(own.text)
        if not text or own.ranking == NO_GUESS:
            return own  # Rasa would answer with confidence what it cannot read
        async with self._free:
            if self._clock() > until:
                found: tuple[Guess, ...] | str = "late"
            elif not self._breaker.allows():
                found = "resting"
            else:
                found = await self._ask(text)
        if isinstance(found, str):
            metrics.RASA_FALLBACKS.labels(found).inc()
            return own
        sure = found[0].confidence >= self._account.understood_from
        return replace(
            own, intent=found[0], ranking=found, understood=sure and found[0].name != OUT
        )

    async def _ask(self, text: str) -> tuple[Guess, ...] | str:
        """The ranking, or in one word why there is none."""
        try:
            async with asyncio.timeout(TIMEOUT):  # of the whole answer, however slowly it drips
                status, body = await self._post(text)
            if status == 200:
                found = ranking(body, self._names)
                self._breaker.succeeded()
                return found
            reason = NO_MODEL.get(status, "status")
        except (TimeoutError, httpx.TimeoutException):
            reason = "timeout"
        except (httpx.HTTPError, httpx.InvalidURL):
            reason = "unreachable"
        except Malformed:
            reason = "malformed"
        except UnknownIntent:
            self._breaker.succeeded()  # it answers, and in time
            return "unknown_intent"
        if self._breaker.failed():
            log.warning("Rasa gives no answer (%s): the embedded engine reads alone", reason)
        return reason

    async def _post(self, text: str) -> tuple[int, bytes]:
        body = b""
        content = json.dumps({"text": text}).encode()
        url = f"{self._account.url}/model/parse"
        async with self._client.stream("POST", url, content=content) as answer:
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise Malformed
        return answer.status_code, body


class _WithToken(httpx.AsyncBaseTransport):
    """Adds the token below everything that logs: Rasa takes it in the address only."""

    def __init__(self, base: httpx.AsyncBaseTransport, token: str) -> None:
        self._base = base
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # Not into the request itself: its address is what httpx logs.
        url = request.url.copy_set_param("token", self._token) if self._token else request.url
        signed = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream,
            extensions=request.extensions,
        )  # fmt: skip
        return await self._base.handle_async_request(signed)

    async def aclose(self) -> None:
        await self._base.aclose()
