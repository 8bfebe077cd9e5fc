"""The whole service against telegram-test-api, with both ways of hearing from Telegram.

Its shims are in telegram.cjs; it knows private text and buttons only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import settings
from bot.channels.base import Pace
from bot.channels.telegram import UPDATES, Telegram
from bot.events import Part, Sent
from bot.service import Service
from bot.settings import Settings
from bot.understanding import Embedded
from tests.peers.machines import MODULES, free_port, node, serving, wait

pytestmark = pytest.mark.peers

TOKEN = "4242:t"
AMA = {"id": 700000001, "is_bot": False, "first_name": "Ama", "language_code": "en"}
CHAT = {"id": AMA["id"], "first_name": "Ama", "type": "private"}
DATE = 1764072000
QUICK = {"telegram": Pace(per_second=50, pause=0)}


class Person:
    """Ama at her phone."""

    def __init__(self, peer: str) -> None:
        self._http = httpx.Client(base_url=peer, timeout=10, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._http.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def type(self, text: str) -> None:
        self._post("/sendMessage", {
            "botToken": TOKEN, "from": AMA, "chat": CHAT, "date": DATE, "text": text,
        })  # fmt: skip

    def tap(self, seen: dict[str, Any], label: str) -> None:
        """Taps a button of a message of the bot's."""
        data = next(b["callback_data"] for b in buttons(seen) if b["text"] == label)
        message = {
            "message_id": seen["messageId"], "chat": CHAT, "date": DATE, "text": seen["text"]
        }
        self._post("/sendCallback", {
            "botToken": TOKEN, "from": AMA, "message": message, "data": data,
        })  # fmt: skip

    def history(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._post("/getUpdatesHistory", {"token": TOKEN})
        return found

    def said(self, count: int) -> list[dict[str, Any]]:
        """The bot's messages, once there are `count`."""

        def enough() -> list[dict[str, Any]] | None:
            found = [m for m in self.history() if "chat_id" in m.get("message", {})]
            return found if len(found) >= count else None

        return [{**m["message"], "messageId": m["messageId"]} for m in wait(enough)]

    def hooked(self) -> list[int]:
        """What our webhook answered, in order."""
        return [m["webhookStatus"] for m in self.history() if "webhookStatus" in m]


def buttons(message: dict[str, Any]) -> list[dict[str, str]]:
    """The inline buttons, in order."""
    markup = message["reply_markup"]
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    return [button for row in rows for button in row]


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[str]:
    """A running telegram-test-api."""
    port = free_port()
    script = Path(__file__).with_name("telegram.cjs")
    package = MODULES / "telegram-test-api"
    with node(script, package, str(port), port=port, log=tmp_path / "peer.log") as address:
        yield address


@pytest.fixture
def ama(peer: str) -> Iterator[Person]:
    with closing(Person(peer)) as made:
        yield made


def chosen(peer: str, home: Path, mode: str) -> Settings:
    return settings.read({
        "SANKOFA_HOME": str(home), "SECRET_KEY": "k", "PORT": str(free_port()),
        "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": "hook", "TELEGRAM_MODE": mode,
        "TELEGRAM_API_BASE": peer,
    })  # fmt: skip


async def hook(found: Settings, secret: str) -> None:
    """Sets the webhook as an operator would."""
    assert found.telegram is not None
    channel = Telegram(found.telegram)
    await channel.bot.set_webhook(
        f"{found.root}/hooks/telegram", secret_token=secret, allowed_updates=UPDATES
    )
    await channel.close()


def talk(ama: Person) -> None:
    """A menu, and a tap in it."""
    ama.type("menu")
    [menu] = ama.said(1)
    assert len(buttons(menu)) > 3
    ama.tap(menu, "Papers")
    assert ama.said(2)[1]["text"].startswith("Papers:")


async def test_a_menu_and_a_tap_come_and_go_by_webhook(
    peer: str, ama: Person, tmp_path: Path, embedded: Embedded
) -> None:
    found = chosen(peer, tmp_path, "webhook")
    service = Service(found, paces=QUICK, understanding=embedded)
    await hook(found, "hook")
    with serving(service.app(), found.port):
        talk(ama)
    assert ama.hooked() == [200, 200]


async def test_a_webhook_with_another_secret_is_refused(
    peer: str, ama: Person, tmp_path: Path, embedded: Embedded
) -> None:
    found = chosen(peer, tmp_path, "webhook")
    service = Service(found, paces=QUICK, understanding=embedded)
    await hook(found, "another")
    with serving(service.app(), found.port):
        ama.type("menu")
        assert wait(ama.hooked) == [403]


def test_a_menu_and_a_tap_come_and_go_by_polling(
    peer: str, ama: Person, tmp_path: Path, embedded: Embedded
) -> None:
    found = chosen(peer, tmp_path, "polling")
    service = Service(found, paces=QUICK, understanding=embedded)
    with serving(service.app(), found.port):
        talk(ama)


async def test_an_accepted_message_comes_back_with_its_id(
    peer: str, ama: Person, tmp_path: Path
) -> None:
    account = chosen(peer, tmp_path, "webhook").telegram
    assert account is not None
    channel = Telegram(account)
    sent = await channel.send(str(AMA["id"]), Part(text="Akwaaba"), 1)
    await channel.close()
    [message] = ama.said(1)
    assert sent == Sent(str(message["messageId"]))
    assert message["text"] == "Akwaaba"
