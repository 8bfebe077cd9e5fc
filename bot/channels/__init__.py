"""Channels: one small file each, with the same members, and this registry."""

from __future__ import annotations

from bot.channels.base import Channel
from bot.channels.email import Email
from bot.channels.sms import Sms
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.events import SendError
from bot.rendering import Limits
from bot.settings import Settings

CHANNELS: dict[str, type[Channel]] = {c.name: c for c in (Telegram, WhatsApp, Sms, Email)}


def limits(channel: str) -> Limits:
    """The limits of a channel by its name."""
    return CHANNELS[channel].limits


def undelivered(channel: str, code: str) -> SendError:
    """What it means that an accepted message did not arrive."""
    return CHANNELS[channel].undelivered(code)


def configured(settings: Settings) -> dict[str, Channel]:
    """The channels that have their settings, ready to send."""
    made = (kind.create(settings) for kind in CHANNELS.values())
    return {channel.name: channel for channel in made if channel is not None}
