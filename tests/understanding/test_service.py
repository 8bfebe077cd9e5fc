"""The service with NLU_ENGINE=rasa: ready and answering whether Rasa is there or not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import settings
from bot.db import Database
from bot.library import Library
from bot.service import Service
from bot.understanding import Embedded, Rasa
from bot.vault import Vault
from nlu.baseline import free_port
from tests.engine.conftest import Loop
from tests.understanding.conftest import PASSPORT, Peer, answering

ROOT = Path(__file__).resolve().parents[2]
TAXES = {"name": "ask_taxes", "confidence": 0.9}


async def parse(request: Request) -> JSONResponse:
    """As the real one: the token in the address, else 401."""
    if request.query_params.get("token") != "t":
        return JSONResponse({"status": "failure", "reason": "NotAuthenticated"}, 401)
    assert (await request.json()).keys() == {"text"}
    return JSONResponse(PASSPORT | {"intent": TAXES})


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that answers every text with taxes."""
    app = Starlette(routes=[Route("/model/parse", parse, methods=["POST"])])
    port = free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    made = uvicorn.Server(config)
    thread = Thread(target=made.run)
    thread.start()
    while not made.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{port}"
    made.should_exit = True
    thread.join()


def understand(token: str, url: str, tmp_path: Path, text: str) -> tuple[str, str]:
    """The intent that the command prints for a text, and its stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "understand", "--engine", "rasa"], input=text + "\n",
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={"RASA_URL": url, "RASA_TOKEN": token, "SANKOFA_HOME": str(tmp_path)},
    )  # fmt: skip
    return json.loads(done.stdout)["intent"]["name"], done.stderr


def test_a_message_is_read_over_http(server: str, tmp_path: Path) -> None:
    assert understand("t", server, tmp_path, "how do i renew my passport") == ("ask_taxes", "")


def test_with_a_wrong_token_the_embedded_engine_reads(server: str, tmp_path: Path) -> None:
    assert understand("x", server, tmp_path, "how do i renew my passport")[0] == "ask_passport"


async def test_the_service_starts_and_is_ready_without_rasa(
    tmp_path: Path, library: Library, embedded: Embedded
) -> None:
    chosen = settings.read({
        "SANKOFA_HOME": str(tmp_path), "SECRET_KEY": "k", "NLU_ENGINE": "rasa",
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
    })  # fmt: skip
    service = Service(chosen, pack=library)
    assert isinstance(service.understanding, Rasa)
    async with service.running():
        ready = [await check() for check in service.checks().values()]
        [found] = await service.understanding.read(["how do i renew my passport"])
    assert all(ready)
    assert found == embedded.engine.read("how do i renew my passport")


@pytest.mark.parametrize(
    ("how", "topic"),
    [(answering(intent=TAXES), "tax office"),
     (httpx.ConnectError("down"), "assport")],
    ids=["with Rasa", "without"],
)  # fmt: skip
async def test_a_person_is_answered_with_and_without_rasa(
    database: Database, vault: Vault, library: Library, rasa: Rasa, peer: Peer, how: Any, topic: str
) -> None:
    peer.how = how
    answer = (await Loop(database, vault, rasa, library).say("how do i renew my passport"))[-1]
    assert topic in answer
