"""How else a text may be typed: without special letters or marks, with slips, with more around."""

from __future__ import annotations

import random
import re
import unicodedata

from nlu.normalise import LETTERS

SLIPS = 0.10  # of the letters
SEED = 7
_INSIDE = re.compile(r"(?<=\w)\)(?=\w)")
_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip


def plain(text: str) -> str:
    """As on a phone without special letters or accents; capitals and signs stay."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(
        LETTERS.get(c) or (LETTERS[c.lower()].upper() if c.lower() in LETTERS else c) for c in bare
    )


def unmarked(text: str) -> str:
    """In small letters and without any sign, as a voice note is written down; apostrophes stay, and
    what is typed for a letter is this letter ("k)k)")."""
    text = _INSIDE.sub("ɔ", unicodedata.normalize("NFC", text.lower()))
    kept = (c if c.isalnum() or c in "'’" or unicodedata.combining(c) else " " for c in text)
    return " ".join("".join(kept).split())


def around(
    text: str, *, opening: str = "", place: str = "", plea: str = "", comfort: str = ""
) -> str:
    """The text with what people put around it, in one sentence: the opening in front, the place,
    the plea and the comfort behind, instead of the marks at its end."""
    behind = [part for part in (place, plea, comfort) if part]
    parts = [opening, text.rstrip(" .!?…") if behind else text, *behind]
    return " ".join(part for part in parts if part)


def slips(text: str, share: float = SLIPS, seed: int = SEED) -> str:
    """Each letter with probability `share` left out, doubled, replaced by its neighbour on the
    keyboard or swapped with the next; the same text and seed give the same slips."""
    chance = random.Random(f"{seed}:{text}")  # noqa: S311  # not a secret
    draw, size = chance.random, len(text)
    found: list[str] = []
    n = 0
    while n < size:
        letter = text[n]
        if letter.isalpha() and draw() < share:
            kind = chance.randrange(4)
            if kind == 1:
                found += [letter, letter]
            elif kind == 2:
                found.append(chance.choice(_NEAR.get(letter.lower(), letter)))
            elif kind == 3 and n + 1 < size:
                found += [text[n + 1], letter]
                n += 1
        else:
            found.append(letter)
        n += 1
    return "".join(found)
