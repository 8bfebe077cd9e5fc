"""Files on the networks: what phones sent, and what they were sent."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from bot.simulator import samples

MEDIA = {"voice": "audio/ogg", "photo": "image/jpeg", "contact": "text/vcard"}
CONTACT = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Somebody\r\nTEL:+000\r\nEND:VCARD\r\n"


@dataclass(frozen=True)
class Stored:
    """One file under the id that the networks know it by."""

    id: str
    type: str
    content: bytes


class Files:
    """All of them, in memory."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._by_id: dict[str, Stored] = {}

    def put(self, type: str, content: bytes) -> Stored:
        """Keeps a file."""
        made = Stored(f"{next(self._numbers):08x}", type, content)
        self._by_id[made.id] = made
        return made

    def get(self, id: str) -> Stored | None:
        return self._by_id.get(id)

    def taken(self, kind: str) -> Stored:
        """What a phone's own camera, microphone or address book gives (`kind` of MEDIA)."""
        made = {"voice": samples.voice, "photo": samples.photo}.get(kind)
        return self.put(MEDIA[kind], made() if made else CONTACT)


def kind_of(type: str) -> str:
    """photo, voice or file."""
    return {"image": "photo", "audio": "voice"}.get(type.split("/")[0], "file")
