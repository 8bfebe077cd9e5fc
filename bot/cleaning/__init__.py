"""Photos and voice notes made anew, so that only what is seen or heard is left of them. Pure."""

from __future__ import annotations

from bot.cleaning.photo import clean_photo
from bot.cleaning.voice import clean_voice
from bot.screening.rules import Finding

__all__ = ["MOST", "clean"]

MOST = {"photo": 5_000_000, "voice": 2_000_000}  # bytes


def clean(kind: str, content: bytes) -> bytes | Finding:
    """A `photo` as JPEG or a `voice` note as Ogg Opus without metadata, or why it cannot be one."""
    if len(content) > MOST[kind]:
        return Finding.HEAVY
    return clean_photo(content) if kind == "photo" else clean_voice(content)
