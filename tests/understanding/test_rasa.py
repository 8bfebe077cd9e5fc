"""Rasa over HTTP: its word on the intent counts; when it has none, only the metrics notice."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import Rasa as Account
from bot.understanding import Embedded, Rasa
from bot.understanding import rasa as module
from nlu.reading import Guess, Reading
from tests.understanding.conftest import PASSPORT, Clock, Peer, answering

Counted = Callable[[], dict[str, float]]
ASKED = "how do i renew my passport in Tamale"
DANGER = "my husband is beating me right now, he wants to kill me"


async def test_the_intent_is_rasas_and_everything_else_the_embedded_engines(
    rasa: Rasa, embedded: Embedded, fallbacks: Counted
) -> None:
    [found] = await rasa.read([ASKED])
    own = embedded.engine.read(ASKED)
    first = Guess("ask_passport", 0.9312)
    assert found == replace(
        own, intent=first, ranking=(first, Guess("ask_national_id", 0.05)), understood=True
    )
    assert own.entities
    assert fallbacks() == {}


async def test_danger_is_seen_whatever_rasa_says(rasa: Rasa, peer: Peer) -> None:
    peer.how = answering(intent={"name": "greet", "confidence": 1.0})
    [found] = await rasa.read([DANGER])
    assert found.intent.name == "greet"
    assert found.urgency.priority == 0


async def test_every_text_has_its_own_reading_in_order(rasa: Rasa, peer: Peer) -> None:
    async def by_text(request: httpx.Request) -> httpx.Response:
        name = "ask_taxes" if b"taxes" in request.content else "ask_passport"
        return answering(intent={"name": name, "confidence": 0.8})

    peer.how = by_text
    found = await rasa.read(["taxes for a shop", ASKED, "", "pay my taxes"])
    assert [r.intent.name for r in found] == [
        "ask_taxes", "ask_passport", "out_of_scope", "ask_taxes"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "confidence", "understood"),
    [
        ("ask_passport", 0.6, True), ("ask_passport", 0.59, False),
        ("out_of_scope", 0.99, False), ("ask_passport", 1, True), ("greet", 0, False),
    ],
)  # fmt: skip
async def test_understood_from_the_fitted_confidence_on(
    rasa: Rasa, peer: Peer, intent: str, confidence: float, understood: bool
) -> None:
    peer.how = answering(intent={"name": intent, "confidence": confidence})
    [found] = await rasa.read([ASKED])
    assert (found.intent.name, found.understood) == (intent, understood)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (httpx.Response(500, text="Traceback"), "status"),
        (httpx.Response(302, headers={"location": "http://elsewhere.test"}), "status"),
        (httpx.Response(401, json={"status": "failure"}), "refused"),
        (httpx.Response(403), "refused"),
        (httpx.Response(409, json={"reason": "Conflict"}), "no_model"),
        (httpx.Response(200, text="{"), "malformed"),
        (httpx.Response(200, text=""), "malformed"),
        (httpx.Response(200, text="[]"), "malformed"),
        (httpx.Response(200, text="null"), "malformed"),
        (httpx.Response(200, text="[" * 30000), "malformed"),
        (httpx.Response(200, content=b"\xff\xfe"), "malformed"),
        (httpx.Response(200, text="x" * 70_000), "malformed"),
        (httpx.Response(200, text='{"intent": {"name": "greet", "confidence": NaN}}'), "malformed"),
        (httpx.Response(200, text='{"intent": {"name": "greet", "confidence": 1e999}}'),
         "malformed"),
        (httpx.Response(200, text='{"intent": {"name": "greet", "confidence": 1%s}}' % ("0" * 900)),
         "malformed"),
        (answering(intent={"name": "greet"}), "malformed"),
        (answering(intent={"name": "greet", "confidence": "0.9"}), "malformed"),
        (answering(intent={"name": "greet", "confidence": True}), "malformed"),
        (answering(intent={"name": "greet", "confidence": -1}), "malformed"),
        (answering(intent={"name": ["greet"], "confidence": 1}), "malformed"),
        (answering(intent="greet"), "malformed"),
        (answering(intent_ranking=7), "malformed"),
        (answering(intent_ranking=None), "malformed"),
        (answering(intent_ranking=[{"name": "greet"}]), "malformed"),
        (answering(intent={"name": None, "confidence": 0.0}), "unknown_intent"),
        (answering(intent={"name": "violence_now", "confidence": 0.9}), "unknown_intent"),
        (answering(intent={"name": "nlu_fallback", "confidence": 0.9}), "unknown_intent"),
        (httpx.ConnectError("refused"), "unreachable"),
        (httpx.RemoteProtocolError("cut off"), "unreachable"),
        (httpx.ReadTimeout("slow"), "timeout"),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value)[:40],
)  # fmt: skip
async def test_without_a_usable_answer_the_embedded_engine_reads_and_it_is_counted(
    rasa: Rasa, peer: Peer, embedded: Embedded, fallbacks: Counted, how: Any, reason: str
) -> None:
    peer.how = how
    assert await rasa.read([ASKED]) == [embedded.engine.read(ASKED)]
    assert fallbacks() == {reason: 1}


async def test_who_never_answers_is_not_waited_for(
    rasa: Rasa, peer: Peer, fallbacks: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.05)
    never = asyncio.Event()

    async def hangs(_: httpx.Request) -> httpx.Response:
        await never.wait()
        raise AssertionError

    peer.how = hangs
    [found] = await rasa.read([ASKED])
    assert found.intent.name == "ask_passport"
    assert fallbacks() == {"timeout": 1}


async def test_an_answer_that_drips_is_not_waited_for_either(
    rasa: Rasa, peer: Peer, fallbacks: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.05)

    class Drips(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            while True:
                yield b""
                await asyncio.sleep(0)

    async def dripping(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Drips())

    peer.how = dripping
    await rasa.read([ASKED])
    assert fallbacks() == {"timeout": 1}


async def test_at_most_eight_requests_are_under_way(rasa: Rasa, peer: Peer) -> None:
    full, go = asyncio.Event(), asyncio.Event()
    now, most = 0, 0

    async def counting(_: httpx.Request) -> httpx.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == module.AT_ONCE:
            full.set()
        await go.wait()
        now -= 1
        return answering()

    peer.how = counting
    reading = asyncio.create_task(rasa.read([f"{ASKED} {n}" for n in range(40)]))
    await full.wait()
    go.set()
    assert len(await reading) == 40
    assert (most, len(peer.asked)) == (module.AT_ONCE, 40)


async def test_a_batch_that_takes_too_long_is_read_to_its_end_without_rasa(
    rasa: Rasa, peer: Peer, clock: Clock, fallbacks: Counted
) -> None:
    async def slow(_: httpx.Request) -> httpx.Response:
        clock.seconds += 1.4
        return answering()

    peer.how = slow
    assert len(await rasa.read([ASKED] * 64)) == 64
    assert len(peer.asked) < 64
    assert fallbacks() == {"late": 64 - len(peer.asked)}


async def test_after_some_failures_rasa_is_left_alone_and_then_tried_once(
    rasa: Rasa, peer: Peer, clock: Clock, fallbacks: Counted, caplog: pytest.LogCaptureFixture
) -> None:
    peer.how = httpx.Response(500)
    for _ in range(module.FAILURES + 3):
        await rasa.read([ASKED])
    assert len(peer.asked) == module.FAILURES
    assert fallbacks() == {"status": module.FAILURES, "resting": 3}
    assert [record.levelname for record in caplog.records if "Rasa" in record.message] == [
        "WARNING"
    ]
    clock.seconds += module.REST
    await rasa.read([ASKED, ASKED, ASKED])
    assert len(peer.asked) == module.FAILURES + 1
    clock.seconds += module.REST
    peer.how = answering()
    await rasa.read([ASKED])
    await rasa.read([ASKED, ASKED])
    assert len(peer.asked) == module.FAILURES + 4


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/restart", ["restart"]), ("  //greet my passport", ["greet my passport"]),
        ("\u00a0/\u2003/passport", ["passport"]), ("my passport/visa", ["my passport/visa"]),
        ("passport \ud83d", ["passport ?"]),
        ("passport " * 500, [("passport " * 500)[:1000].strip()]),
        ("", []), ("/", []), ("  ", []), ("今天天气怎么样", []), ("???", []),
    ],
)  # fmt: skip
async def test_what_rasa_is_asked(
    rasa: Rasa, peer: Peer, fallbacks: Counted, written: str, asked: list[str]
) -> None:
    [found] = await rasa.read([written])
    assert peer.texts() == asked
    assert found.text == written
    assert fallbacks() == {}


async def test_the_token_goes_to_rasa_and_into_no_log(
    rasa: Rasa, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await rasa.read([ASKED])
    [request] = peer.asked
    assert request.url.params["token"] == "s3cret&="
    assert (request.url.host, request.url.path) == ("rasa.test", "/nlu/model/parse")
    assert "model/parse" in caplog.text
    assert "s3cret" not in caplog.text
    assert "passport" not in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(), max_size=60),
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(sorted(PASSPORT | PASSPORT["intent"])), inner)
            ),
        ),
    ),
    status=st.sampled_from([200, 200, 200, 204, 400, 500]),
)
def test_any_text_and_any_answer_give_a_valid_reading(
    embedded: Embedded, names: frozenset[str], text: str, body: Any, status: int
) -> None:
    async def read() -> Reading:
        content = {"content": body} if isinstance(body, bytes) else {"text": json.dumps(body)}
        peer = Peer(how=httpx.Response(status, **content))
        rasa = Rasa(embedded, Account(), names, base=httpx.MockTransport(peer))
        [found] = await rasa.read([text])
        await rasa.close()
        return found

    found = asyncio.run(read())
    own = embedded.engine.read(text)
    assert replace(found, intent=own.intent, ranking=own.ranking, understood=own.understood) == own
    assert found.intent.name in names
    assert found.ranking[0] == found.intent
    assert 0 <= found.intent.confidence <= 1
