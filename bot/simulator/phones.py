"""The phones: people on three networks, their messages, and whoever watches them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.rendering import gsm7
from bot.simulator.stored import Files

NAMES = (
    "Ama", "Kofi", "Adjoa", "Yaw", "Mariam", "Ibrahim", "Efua", "Kwame", "Aïcha", "Sani",
    "Abena", "Moussa", "Esi", "Kojo", "Fatou", "Jean", "Akosua", "Musa", "Grace", "Paul",
)  # fmt: skip


@dataclass
class Bubble:
    """One message on a phone. `mine`: written by the phone's owner."""

    id: str
    phone: str
    mine: bool
    text: str
    kind: str = "text"
    file: str = ""  # its id, where the page can fetch it
    options: list[dict[str, str]] = field(default_factory=list)
    layout: str = "none"
    button: str = ""
    status: str = ""
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    provider_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the page is told."""
        encoding = "GSM-7" if gsm7.is_gsm7(self.text) else "UCS-2"
        return asdict(self) | {"segments": gsm7.segments(self.text), "encoding": encoding}


@dataclass
class Phone:
    """A person's app on one network. `heard_at`: when they last wrote (WhatsApp's 24 hours)."""

    id: str
    channel: str
    name: str
    address: str
    locale: str = "en"
    blocked: bool = False
    opted_out: bool = False
    hidden: bool = False  # WhatsApp without a phone number: only a business-scoped id
    heard_at: datetime | None = None
    messages: list[Bubble] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The phone with its messages, as the page draws it."""
        return {
            "id": self.id, "channel": self.channel, "name": self.name, "address": self.address,
            "blocked": self.blocked, "messages": [m.as_json() for m in self.messages],
        }  # fmt: skip


class Phones:
    """All phones, and the queues of those who watch."""

    def __init__(self) -> None:
        self.files = Files()
        self.by_id: dict[str, Phone] = {}
        self.by_address: dict[str, Phone] = {}
        self._numbers = itertools.count(1)
        self._bubbles = itertools.count(1)
        self._watchers: set[asyncio.Queue[tuple[str, dict[str, Any]]]] = set()

    def add(
        self, channel: str, name: str | None = None, locale: str = "en", *, hidden: bool = False
    ) -> Phone:
        """A new person on a network, under an address nobody has."""
        n = next(self._numbers)
        number = f"+23355{n:07d}"
        address = {
            "telegram": str(700_000_000 + n),
            "whatsapp": f"whatsapp:GH.{10_000_000 + n}" if hidden else f"whatsapp:{number}",
            "sms": number,
        }[channel]
        given = name or NAMES[(n - 1) % len(NAMES)]
        phone = Phone(f"p{n}", channel, given, address, locale, hidden=hidden)
        self.by_id[phone.id] = self.by_address[address] = phone
        self.tell("phone", phone.as_json())
        return phone

    def put(self, phone: Phone, *, mine: bool, text: str, **more: Any) -> Bubble:
        """A new message on the phone."""
        bubble = Bubble(f"m{next(self._bubbles)}", phone.id, mine, text, **more)
        phone.messages.append(bubble)
        if mine:
            phone.heard_at = datetime.now(UTC)
        self.tell("message", bubble.as_json())
        return bubble

    def update(self, bubble: Bubble, status: str) -> None:
        """A message fared on."""
        bubble.status = status
        self.tell("message", bubble.as_json())

    def watch(self) -> asyncio.Queue[tuple[str, dict[str, Any]]]:
        """A queue of (event, data) from now on."""
        queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(1000)
        self._watchers.add(queue)
        return queue

    def watched(self, queue: asyncio.Queue[tuple[str, dict[str, Any]]]) -> bool:
        """False once the watcher was too slow and has missed something."""
        return queue in self._watchers

    def unwatch(self, queue: asyncio.Queue[tuple[str, dict[str, Any]]]) -> None:
        """Nobody reads this queue any more."""
        self._watchers.discard(queue)

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Tells everybody who watches; a watcher that does not keep up starts anew."""
        for queue in list(self._watchers):
            try:
                queue.put_nowait((event, data))
            except asyncio.QueueFull:
                self._watchers.discard(queue)
