"""sankofa telegram set-webhook: tells Telegram where we are, with our secret."""

from __future__ import annotations

import argparse
import asyncio

from telegram import error

from bot import settings
from bot.channels.telegram import UPDATES, Telegram
from bot.settings import SettingsError


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa telegram", description=__doc__)
    parser.add_argument("action", choices=["set-webhook"])
    parser.parse_args(argv)
    chosen = settings.read()
    if chosen.telegram is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is missing")
    if not chosen.public_url:
        raise SettingsError("PUBLIC_URL is missing: Telegram must know where to post")
    url = f"{chosen.root}/hooks/telegram"
    try:
        asyncio.run(_set(Telegram(chosen.telegram), url))
    except error.TelegramError as problem:
        raise SettingsError(f"Telegram refused: {problem.message}") from problem
    print(f"Telegram posts to {url}")
    return 0


async def _set(channel: Telegram, url: str) -> None:
    try:
        await channel.bot.set_webhook(
            url, secret_token=channel.account.secret, allowed_updates=UPDATES
        )
    finally:
        await channel.close()
