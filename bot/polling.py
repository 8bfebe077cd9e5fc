"""Telegram without a public address: long polling, for a laptop.

The offset moves only after the updates are stored, so that a crash loses nothing; an update that
comes twice is known by its id. Updates are taken raw and parsed one by one: one that the library
cannot read must not hold up the others, nor be written to a log.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from typing import Any

from telegram import error

from bot.channels.base import BadPayload
from bot.channels.telegram import UPDATES, Telegram
from bot.events import Incoming
from bot.intake import Intake

log = logging.getLogger(__name__)

LONG_POLL = 25  # seconds a request waits for something to happen


async def poll(channel: Telegram, intake: Intake) -> None:
    """Fetches updates until cancelled."""
    offset = 0
    while True:
        try:
            found = await fetch(channel, offset)
        except error.TelegramError as problem:
            log.warning("polling failed: %s", type(problem).__name__)
            await asyncio.sleep(3)
            continue
        arrivals: list[Incoming] = []
        for update in found:
            try:
                arrival = channel.parse(update)
            except BadPayload as bad:
                log.warning("an update was skipped: %s", bad)
                continue
            arrivals += [arrival] if arrival else []
        await intake.put(arrivals)
        offset = max([offset, *(update["update_id"] + 1 for update in found)])


async def fetch(channel: Telegram, offset: int) -> list[dict[str, Any]]:
    """The updates from `offset` on, as Telegram sent them."""
    wanted = {"offset": offset, "timeout": LONG_POLL, "allowed_updates": UPDATES}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library prefers get_updates, which parses at once
        found = await channel.bot.do_api_request(
            "getUpdates", api_kwargs=wanted, read_timeout=LONG_POLL + 10
        )
    return [update for update in found if isinstance(update.get("update_id"), int)]
