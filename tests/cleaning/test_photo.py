"""Photos: what comes out is a picture and nothing else, or a reason."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from bot.cleaning import MOST, clean
from bot.screening.rules import Finding
from bot.simulator import samples

TRACES = (b"Exif", b"GPS", b"ICC_PROFILE", b"http://ns.adobe.com", b"Photoshop", b"MARKER")


def encoded(
    kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#802010" if mode != "L" else 90).save(out, kind, **more)
    return out.getvalue()


def shown(content: bytes | Finding) -> Image.Image:
    assert isinstance(content, bytes), content
    made = Image.open(io.BytesIO(content))
    made.load()
    return made


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG up to the picture itself."""
    found, at = [], 2
    while content[at + 1] != 0xDA:
        found.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found


def test_the_cameras_notes_are_gone_and_the_picture_stands_upright() -> None:
    before = samples.photo()
    assert b"Exif" in before
    assert samples.OWNER.encode() in before
    after = clean("photo", before)
    made = shown(after)
    assert (made.format, made.size) == ("JPEG", (480, 640))
    assert made.getpixel((240, 20))[2] > 200  # type: ignore[index]  # the sky is above
    assert not made.getexif()
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert isinstance(after, bytes)
    assert samples.OWNER.encode() not in after
    assert 0xE1 not in segments(after)  # EXIF and XMP
    assert 0xE2 not in segments(after)  # ICC
    assert 0xFE not in segments(after)  # a comment


@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]), orientation=st.integers(0, 9),
    words=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=40),
    behind=st.binary(max_size=40), width=st.integers(1, 2000), height=st.integers(1, 90),
)  # fmt: skip
def test_no_byte_of_any_note_survives(
    kind: str, orientation: int, words: str, behind: bytes, width: int, height: int
) -> None:
    exif = Image.Exif()
    exif[samples.ORIENTATION], exif[samples.ARTIST] = orientation, "MARKER" + words
    exif.get_ifd(samples.GPS).update({1: "N", 2: (5.0, 36.0, 13.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"comment": b"MARKER"} if kind == "JPEG" else {}
    before = encoded(kind, (width, height), exif=exif, icc_profile=profile, **more)
    after = clean("photo", before + b"MARKER" + behind)
    assert isinstance(after, bytes)
    assert not [trace for trace in TRACES if trace in after]
    assert max(shown(after).size) <= 1280
    assert [m for m in segments(after) if 0xE1 <= m <= 0xEF or m == 0xFE] == []


def test_a_large_photo_becomes_small_and_a_see_through_one_gets_white_paper() -> None:
    assert shown(clean("photo", encoded("JPEG", (4000, 3000)))).size == (1280, 960)
    empty = io.BytesIO()
    Image.new("RGBA", (9, 9), (200, 0, 0, 0)).save(empty, "PNG")
    assert shown(clean("photo", empty.getvalue())).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_every_kind_of_jpeg_is_drawn(mode: str) -> None:
    assert shown(clean("photo", encoded("JPEG", mode=mode))).mode == "RGB"


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` pixels wide and high."""
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(
            ">I", zlib.crc32(name + body)
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", Finding.FORMAT),
        (b"\xff\xd8\xff", Finding.FORMAT),
        (b"<html><script>alert(1)</script>", Finding.FORMAT),
        (encoded("GIF"), Finding.FORMAT),
        (encoded("BMP"), Finding.FORMAT),
        (encoded("TIFF"), Finding.FORMAT),
        (b"GIF89a" + samples.photo(), Finding.FORMAT),
        (samples.voice(), Finding.FORMAT),
        (samples.photo()[:-900], Finding.BROKEN),
        (bomb(7000), Finding.HEAVY),
        (bomb(12000), Finding.HEAVY),
        (bomb(60000), Finding.HEAVY),
        (samples.photo() + bytes(MOST["photo"]), Finding.HEAVY),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, finding: Finding) -> None:
    assert clean("photo", content) is finding


@given(at=st.integers(0, 4000), flip=st.integers(1, 255), cut=st.integers(0, 4000))
def test_no_damage_whatsoever_raises(at: int, flip: int, cut: int) -> None:
    content = bytearray(samples.photo())
    content[at % len(content)] ^= flip
    for hostile in (bytes(content), bytes(content[: cut % len(content)])):
        after = clean("photo", hostile)
        assert isinstance(after, Finding) or after.startswith(b"\xff\xd8")
