"""Telegram without a public address: long polling, for a laptop.

The offset moves only after the updates are stored, so that a crash loses nothing; an update that
comes twice is known by its id.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import error

from bot.channels.base import BadPayload
from bot.channels.telegram import UPDATES, Telegram
from bot.events import Incoming
from bot.intake import Intake

log = logging.getLogger(__name__)

LONG_POLL = 25  # seconds a request waits for something to happen


async def poll(channel: Telegram, intake: Intake) -> None:
    """Fetches updates until cancelled."""
    offset: int | None = None
    while True:
        try:
            found = await channel.bot.get_updates(
                offset=offset, timeout=LONG_POLL, allowed_updates=UPDATES
            )
        except error.TelegramError as problem:
            log.warning("polling failed: %s", type(problem).__name__)
            await asyncio.sleep(3)
            continue
        arrivals: list[Incoming] = []
        for update in found:
            try:
                arrival = channel.parse(update.to_dict())
            except BadPayload as bad:
                log.warning("update %d skipped: %s", update.update_id, bad)
                continue
            arrivals += [arrival] if arrival else []
        await intake.put(arrivals)
        if found:
            offset = found[-1].update_id + 1
