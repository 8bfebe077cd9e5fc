"""Many members at once, and providers that fail in every way they can."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from bot import people
from bot.channels import CHANNELS
from bot.channels.base import Channel, Pace
from bot.events import Incoming, Kind, Part, Reason, SendError, Sent
from bot.peers import members
from tests.networks.conftest import Network

FAULTS = ("429", "500", "lost", "timeout")


def addresses_of(channel: str, count: int) -> list[str]:
    """Addresses as they look on the channel."""
    form = {"telegram": "7000{:05d}", "whatsapp": "whatsapp:+2332000{:05d}",
            "sms": "+2335000{:05d}"}  # fmt: skip
    return [form[channel].format(n) for n in range(count)]


def fill(network: Network, **counts: int) -> dict[str, list[str]]:
    """So many members on each channel, all of whom have just written; addresses by channel."""
    who = {channel: addresses_of(channel, count) for channel, count in counts.items()}

    def body(conn: sa.Connection) -> None:
        now = network.clock()
        arrivals = [
            Incoming(channel=channel, external_id=address, kind=Kind.MESSAGE,
                     addresses=(address,))
            for channel, found in who.items() for address in found
        ]  # fmt: skip
        met = [one for one in people.meet(conn, network.loop.vault, arrivals, now) if one]
        people.heard_from(conn, {one.person_id: one.address_id for one in met}, now)
        for n, one in enumerate(met):
            name = f"Member {chr(65 + n // 676)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}"
            assert members.enter(conn, network.group, one.person_id, name, "25-34", now)

    network.loop.database.call(body)
    return who


@dataclass
class Stormy(Channel):
    """Accepts, refuses, is full, or is cut off before or after it has accepted: each of them once
    at first, then as a seeded die decides. `faults` counts what happened."""

    name: str  # type: ignore[misc]
    dice: random.Random
    answers_lookups: bool  # type: ignore[misc]
    calm: bool = False
    accepted: list[tuple[str, str]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    pace = Pace(per_second=100_000, pause=0, calls=16)

    def __post_init__(self) -> None:
        self.limits = CHANNELS[self.name].limits  # type: ignore[misc]

    @classmethod
    def create(cls, settings: object) -> None:  # type: ignore[override]
        return None

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        fate = "" if self.calm else self._fate()
        self.faults[fate] += 1
        match fate:
            case "429":
                return SendError(Reason.RATE, retry=3, code="429")
            case "500":
                return SendError(Reason.PROVIDER, retry=10, code="500")
            case "lost":  # the request never arrived
                return SendError(Reason.IN_DOUBT, retry=10)
        self.accepted.append((address, part.text))
        if fate == "timeout":  # the request arrived, the answer was lost
            return SendError(Reason.IN_DOUBT, retry=10)
        return Sent(f"{self.name}{row}")

    def _fate(self) -> str:
        first = next((fault for fault in FAULTS if not self.faults[fault]), None)
        return first or self.dice.choices((*FAULTS, ""), (6, 6, 4, 6, 78))[0]

    async def find(self, address: str, part: Part, since: datetime) -> Sent | None:
        return Sent("found") if (address, part.text) in self.accepted else None
