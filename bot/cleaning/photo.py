"""Photos: decoded, made smaller, turned upright and drawn anew on an empty picture."""

from __future__ import annotations

import contextlib
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.screening.rules import Finding

FORMATS = ("JPEG", "PNG", "WEBP")
SIDE = 1280  # pixels of the longer one
PIXELS = 40_000_000  # a large phone camera; more of them are a bomb or a scan
QUALITY = 85


def clean_photo(content: bytes) -> bytes | Finding:
    """A JPEG of at most SIDE pixels that holds nothing but the picture; whatever else was in the
    file, before, inside or behind it, is gone."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS:
                return Finding.HEAVY
            return _drawn(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Finding.HEAVY
    except UnidentifiedImageError:
        return Finding.FORMAT
    except Exception:  # a decoder may raise anything about bytes that somebody made up
        return Finding.BROKEN


def _drawn(image: Image.Image) -> bytes:
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded no larger than needed
    image.load()
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = image
    with contextlib.suppress(Exception):  # an EXIF that cannot be read turns nothing
        upright = ImageOps.exif_transpose(image)
    # A picture of its own: a converted one would carry profile, EXIF and comment along.
    fresh = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        fresh.paste(layer, mask=layer)
    else:
        fresh.paste(upright.convert("RGB"))
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
