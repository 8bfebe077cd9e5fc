"""The local networks together: what a person does on a phone goes to the right one."""

from __future__ import annotations

from typing import Any

from starlette.routing import BaseRoute, Mount

from bot.settings import Settings
from bot.simulator.delivery import Delivery
from bot.simulator.faults import Weather
from bot.simulator.phones import Phone, Phones
from bot.simulator.stored import MEDIA
from bot.simulator.telegram import TelegramNetwork
from bot.simulator.twilio import TwilioNetwork

LONGEST = 5000  # characters that a person may type here


class Networks:
    """Made from the settings that the service itself uses; serves their API addresses."""

    def __init__(self, settings: Settings) -> None:
        if settings.telegram is None or settings.twilio is None:
            raise ValueError("the local networks need both accounts")
        self.phones = Phones()
        self.weather = Weather()
        self.delivery = Delivery(self.weather)
        hook = f"{settings.root}/hooks/twilio"
        self.telegram = TelegramNetwork(
            settings.telegram.token, self.phones, self.weather, self.delivery
        )
        self.twilio = TwilioNetwork(
            settings.twilio, hook, self.phones, self.weather, self.delivery
        )

    def routes(self) -> list[BaseRoute]:
        """The APIs under /networks/telegram and /networks/twilio."""
        return [
            Mount("/networks/telegram", routes=self.telegram.routes()),
            Mount("/networks/twilio", routes=self.twilio.routes()),
        ]

    def send(self, phone: Phone, what: dict[str, Any]) -> None:
        """A person writes text, taps an option, or sends something else; raises ValueError."""
        if token := what.get("tap"):
            label = str(what.get("label") or "")[:100]
            self._tap(phone, str(token)[:200], label, str(what.get("message") or ""))
            return
        kind, text = str(what.get("kind") or "text"), str(what.get("text") or "")[:LONGEST]
        if kind == "text":
            if not text.strip():
                raise ValueError("nothing to send")
            self.phones.put(phone, mine=True, text=text, status="sent")
            self._network_write(phone, text)
        elif kind == "location":
            place = {"latitude": float(what["latitude"]), "longitude": float(what["longitude"])}
            shown = f"{place['latitude']:.3f}, {place['longitude']:.3f}"
            self.phones.put(phone, mine=True, text=shown, kind=kind, status="sent")
            if phone.channel == "telegram":
                self.telegram.write(phone, "", location=place)
            else:
                fields = {"Latitude": str(place["latitude"]), "Longitude": str(place["longitude"])}
                self.twilio.write(phone, "", **fields)
        elif kind in MEDIA:
            file = self.phones.files.taken(kind)
            self.phones.put(phone, mine=True, text=text, kind=kind, status="sent", file=file.id)
            network = self.telegram if phone.channel == "telegram" else self.twilio
            network.attach(phone, file, text)
        else:
            raise ValueError("unknown kind")

    def block(self, phone: Phone, blocked: bool) -> None:
        """The person blocks or unblocks us."""
        phone.blocked = blocked
        if phone.channel == "telegram":
            self.telegram.block(phone, blocked)
        self.phones.tell("phone", phone.as_json())

    def _network_write(self, phone: Phone, text: str) -> None:
        if phone.channel == "telegram":
            self.telegram.write(phone, text)
        else:
            self.twilio.write(phone, text)

    def _tap(self, phone: Phone, token: str, label: str, message: str) -> None:
        found = next((m for m in phone.messages if m.id == message), None)
        if found is None or token not in [o["token"] for o in found.options]:
            raise ValueError("no such option")
        if phone.channel == "telegram":
            self.telegram.tap(phone, token, found.provider_id)
        else:
            self.phones.put(phone, mine=True, text=label, status="sent")
            self.twilio.tap(phone, token, label, found.layout)

    async def close(self) -> None:
        """Stops what is under way."""
        await self.twilio.close()
        await self.delivery.close()
