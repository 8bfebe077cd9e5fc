"""Ogg pages (RFC 3533): read strictly, written with a number and a checksum of their own."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

HEADER = struct.Struct("<4sBBqIIIB")  # mark, version, flags, granule, stream, number, sum, laces
CONTINUED, FIRST, LAST = 1, 2, 4
_MIRRORED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


class NotOgg(ValueError):
    """The bytes are not one whole Ogg stream."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """`laces` are the lengths of the segments of `body`; one below 255 ends a packet."""

    flags: int
    granule: int
    laces: bytes
    body: bytes


def read(content: bytes) -> list[Page]:
    """All pages of one stream and not a byte more; raises NotOgg."""
    pages: list[Page] = []
    streams = set()
    at = 0
    while at < len(content):
        if len(content) - at < HEADER.size:
            raise NotOgg("cut off")
        mark, version, flags, granule, stream, number, given, count = HEADER.unpack_from(
            content, at
        )
        laces = content[at + HEADER.size : at + HEADER.size + count]
        start = at + HEADER.size + count
        end = start + sum(laces)
        if mark != b"OggS" or version or flags > 7 or len(laces) < count or end > len(content):
            raise NotOgg("no page")
        if number != len(pages) or bool(flags & FIRST) is not (not pages):
            raise NotOgg("out of order")
        whole = content[at : at + 22] + bytes(4) + content[at + 26 : end]
        if checksum(whole) != given:
            raise NotOgg("wrong checksum")
        streams.add(stream)
        pages.append(Page(flags=flags, granule=granule, laces=laces, body=content[start:end]))
        at = end
        if flags & LAST:
            break
    if not pages or len(streams) > 1 or at != len(content):
        raise NotOgg("not one stream")
    return pages


def write(pages: Iterable[Page], stream: int = 1) -> bytes:
    """The pages as one stream."""
    out = bytearray()
    for number, page in enumerate(pages):
        head = HEADER.pack(b"OggS", 0, page.flags, page.granule, stream, number, 0, len(page.laces))
        whole = bytearray(head + page.laces + page.body)
        whole[22:26] = checksum(bytes(whole)).to_bytes(4, "little")
        out += whole
    return bytes(out)


def checksum(page: bytes) -> int:
    """Ogg's own CRC-32: zlib's with all bits in the other order, and nothing inverted."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
