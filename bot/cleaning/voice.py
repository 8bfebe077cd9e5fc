"""Voice notes: Ogg Opus (RFC 7845) whose comments are emptied. The sound itself is not touched."""

from __future__ import annotations

from dataclasses import replace

from bot.cleaning import ogg
from bot.cleaning.ogg import CONTINUED, FIRST, LAST, NotOgg, Page
from bot.screening.rules import Finding

HEAD, TAGS = b"OpusHead", b"OpusTags"
HEAD_SIZE = 19  # of the only kind that voice notes are: one or two channels, no mapping table
NO_TAGS = TAGS + bytes(8)  # a vendor of no letters, and no comments


def clean_voice(content: bytes) -> bytes | Finding:
    """The same sound in a new container: no comments, no other stream, nothing behind it."""
    if not content:
        return Finding.BROKEN
    if not content.startswith(b"OggS"):
        return Finding.FORMAT
    try:
        pages = ogg.read(content)
        head = pages[0]
        if not head.body.startswith(HEAD):
            return Finding.FORMAT  # Vorbis, FLAC, a film
        _check_head(head)
        sound = pages[1 + _tags(pages[1:]) :]
        _check_sound(sound)
    except NotOgg:
        return Finding.BROKEN
    tags = Page(flags=0, granule=0, laces=bytes([len(NO_TAGS)]), body=NO_TAGS)
    return ogg.write([
        replace(head, flags=FIRST, granule=0), tags, *sound[:-1],
        replace(sound[-1], flags=sound[-1].flags | LAST),
    ])  # fmt: skip


def _check_head(page: Page) -> None:
    body = page.body
    if page.flags != FIRST or page.laces != bytes([HEAD_SIZE]):
        raise NotOgg("not an Opus head")
    version, channels, mapping = body[8], body[9], body[18]
    if version > 15 or channels not in (1, 2) or mapping:
        raise NotOgg("not a voice note")


def _tags(pages: list[Page]) -> int:
    """How many pages the comments fill: the packet ends a page, the sound begins the next."""
    for n, page in enumerate(pages):
        if page.flags != (CONTINUED if n else 0) or not page.laces:
            raise NotOgg("not comments")
        if n == 0 and not page.body.startswith(TAGS):
            raise NotOgg("no comments")
        if any(lace < 255 for lace in page.laces[:-1]):
            raise NotOgg("sound among the comments")
        if page.laces[-1] < 255:
            return n + 1
    raise NotOgg("comments without an end")


def _check_sound(pages: list[Page]) -> None:
    """Packets follow each other without a gap, up to the end of the last one."""
    under_way = False
    for page in pages:
        if bool(page.flags & CONTINUED) is not under_way or page.flags & FIRST:
            raise NotOgg("a gap")
        if page.laces:  # some writers end with a page that is empty
            under_way = page.laces[-1] == 255
    if under_way or not any(page.body for page in pages):
        raise NotOgg("cut off")
