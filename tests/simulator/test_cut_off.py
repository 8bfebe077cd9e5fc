"""A call that was cut off after the provider had accepted the message, with the real clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels import telegram, twilio
from tests.simulator.conftest import Town, opened

CHANNELS = ("telegram", "whatsapp", "sms")


@pytest.fixture
def hasty_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Clients that wait a second, on networks that answer later than that when they hang."""
    monkeypatch.setattr(telegram, "TIMEOUT", 1.0)
    monkeypatch.setattr(twilio, "TIMEOUT", 1.0)
    with opened(tmp_path) as town:
        town.networks.weather.hang = 2.0
        yield town


def test_what_was_accepted_is_found_again_or_repeated_but_never_lost(hasty_town: Town) -> None:
    town = hasty_town
    phones = {channel: town.phone(channel) for channel in CHANNELS}
    town.faults(timeouts=1.0, lost_callbacks=1.0)  # no receipt tells what became of it either
    for phone in phones.values():
        town.send(phone, "menu")
    for phone in phones.values():
        town.said(phone, 1)
    town.wait(lambda: "in_doubt" in [status for status, *_ in town.fates()])
    town.faults(timeouts=0.0)
    town.wait(lambda: all(status in ("sent", "delivered", "read") for status, *_ in town.fates()))
    # Twilio can be asked, so nothing goes twice; Telegram cannot, and twice is better than never.
    copies = {channel: len(town.said(phone, 1)) for channel, phone in phones.items()}
    assert (copies["whatsapp"], copies["sms"]) == (1, 1)
    assert copies["telegram"] >= 2
    # The talk goes on in order.
    for phone in phones.values():
        town.send(phone, "help")
        town.wait(lambda phone=phone: "in your own words" in town.said(phone, 2)[-1].text)
