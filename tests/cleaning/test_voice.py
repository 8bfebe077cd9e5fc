"""Voice notes: the sound stays as it is, the comments go, anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cleaning import MOST, clean, ogg
from bot.cleaning.ogg import CONTINUED, FIRST, LAST, Page
from bot.cleaning.voice import NO_TAGS, TAGS
from bot.screening.rules import Finding
from bot.simulator import samples

PAGES = ogg.read(samples.voice())
HEAD, SOUND = PAGES[0], PAGES[2:]


def laced(packet: bytes) -> list[tuple[bytes, bytes]]:
    """A packet as the laces and bodies of as many pages as it needs."""
    laces = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    rows = [laces[n : n + 255] for n in range(0, len(laces), 255)]
    found, at = [], 0
    for row in rows:
        found.append((row, packet[at : at + sum(row)]))
        at += sum(row)
    return found


def note(comments: bytes, stream: int = 77) -> bytes:
    """The sample with other comments."""
    tags = [
        Page(flags=CONTINUED if n else 0, granule=0, laces=laces, body=body)
        for n, (laces, body) in enumerate(laced(TAGS + comments))
    ]
    return ogg.write([HEAD, *tags, *SOUND], stream)


def test_the_sound_is_the_same_and_nobody_is_named() -> None:
    before = samples.voice()
    assert samples.OWNER.encode() in before
    after = clean("voice", before)
    assert isinstance(after, bytes)
    assert samples.OWNER.encode() not in after
    head, tags, *sound = ogg.read(after)
    assert (head.body, tags.body) == (HEAD.body, NO_TAGS)
    assert [(p.granule, p.laces, p.body) for p in sound] == [
        (p.granule, p.laces, p.body) for p in SOUND
    ]
    assert sound[-1].flags & LAST


@given(st.binary(max_size=140_000), st.integers(0, 2**32 - 1))
def test_no_byte_of_the_comments_and_no_number_of_the_stream_survives(
    comments: bytes, stream: int
) -> None:
    assert clean("voice", note(comments, stream)) == clean("voice", samples.voice())


def test_a_stream_that_ends_without_saying_so_is_accepted() -> None:
    open_end = [*PAGES[:-1], Page(flags=0, granule=SOUND[-1].granule, laces=SOUND[-1].laces,
                                  body=SOUND[-1].body)]  # fmt: skip
    assert clean("voice", ogg.write(open_end)) == clean("voice", samples.voice())


def other(**changed: object) -> Page:
    values = {"flags": HEAD.flags, "granule": 0, "laces": HEAD.laces, "body": HEAD.body}
    return Page(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", Finding.BROKEN),
        (b"OggS", Finding.BROKEN),
        (b"ID3\x04 an mp3", Finding.FORMAT),
        (b"RIFF....WAVE", Finding.FORMAT),
        (b"\x1aE\xdf\xa3 webm", Finding.FORMAT),
        (samples.photo(), Finding.FORMAT),
        (b"\xff\xd8" + samples.voice(), Finding.FORMAT),
        (ogg.write([other(body=b"\x01vorbis".ljust(19)), *PAGES[1:]]), Finding.FORMAT),
        (samples.voice()[:-1], Finding.BROKEN),
        (samples.voice()[:200], Finding.BROKEN),
        (samples.voice() + b"PK\x03\x04 a zip behind it", Finding.BROKEN),
        (samples.voice() + samples.voice(), Finding.BROKEN),
        (samples.voice().replace(b"Kofi", b"Ko-i"), Finding.BROKEN),  # the checksum
        (ogg.write(PAGES[:2]), Finding.BROKEN),
        (ogg.write([HEAD, *SOUND]), Finding.BROKEN),
        (ogg.write([HEAD, *PAGES]), Finding.BROKEN),
        (ogg.write([other(body=HEAD.body[:9] + b"\x09" + HEAD.body[10:]), *PAGES[1:]]),
         Finding.BROKEN),
        (ogg.write([other(flags=FIRST | LAST), *PAGES[1:]]), Finding.BROKEN),
        (samples.voice() + bytes(MOST["voice"]), Finding.HEAVY),
    ],
)  # fmt: skip
def test_what_is_no_voice_note_is_refused(content: bytes, finding: Finding) -> None:
    assert clean("voice", content) is finding


def test_two_streams_in_one_file_are_refused() -> None:
    first, second = ogg.write(PAGES[:2], 1), ogg.write(PAGES, 2)
    assert clean("voice", first + second[len(ogg.write(PAGES[:2], 2)) :]) is Finding.BROKEN


def test_a_gap_in_the_sound_is_refused() -> None:
    torn = Page(flags=CONTINUED, granule=0, laces=SOUND[0].laces, body=SOUND[0].body)
    assert clean("voice", ogg.write([*PAGES[:2], torn, *SOUND[1:]])) is Finding.BROKEN


@given(at=st.integers(0, 3000), flip=st.integers(1, 255))
def test_any_damage_is_noticed(at: int, flip: int) -> None:
    content = bytearray(samples.voice())
    content[at % len(content)] ^= flip
    assert isinstance(clean("voice", bytes(content)), Finding)
