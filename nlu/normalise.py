"""Folding: one plain spelling for matching, used when training and when serving.

What people type without special letters then costs nothing. Stored and shown text keeps its
letters. `3` and `)` stand for ɛ and ɔ only inside words ("m3p3", "d)k)n)").
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

LETTERS = {  # a letter or sign and what is typed for it on a plain keyboard
    
    "ɛ": "e", "ԑ": "e", "ε": "e", "є": "e", "∑": "e", "ǝ": "e", "ə": "e",
    "ɔ": "o", "ↄ": "o", "ͻ": "o", "כ": "o", "ɑ": "a", "ŋ": "n", "ɲ": "n", "ɖ": "d",
    "ƒ": "f", "ɣ": "g", "ʋ": "v", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɩ": "i",
    "ʊ": "u", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ı": "i", "ŀ": "l",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"',
    "–": "-", "—": "-", "…": " ", "🆘": " sos ",
}  # fmt: skip
LIMIT = 4000  # characters of a text that are read
_LETTERS = str.maketrans(LETTERS)
_TYPED_E = re.compile(r"(?<=[a-z])3|3(?=[a-z])")
_TYPED_O = re.compile(r"(?<=[a-z])\)(?=[a-z])")
_NOT_WORD = re.compile(r"[^\w']+|_")
_THRICE = re.compile(r"(.)\1\1")  # found faster than it is replaced, and rare
_LONG = re.compile(r"([a-z])\1{2,}")


def fold(text: str, *, limit: int = LIMIT) -> str:
    """Lower case words without marks, one space apart; at most `limit` characters are read."""
    text = text[:limit].lower()
    if not text.isascii():
        text = text.translate(_TYPED)
    if not text.isascii():  # other scripts, signs and letters in other shapes
        text = _plain(text)
    text = _letters_typed_as_signs(text)
    text = text.translate(_WORDS) if text.isascii() else _NOT_WORD.sub(" ", text)
    if "'" in text:
        text = text.replace(" '", " ").replace("' ", " ").strip("' ")
    text = " ".join(text.split())
    return _LONG.sub(r"\1\1", text) if _THRICE.search(text) else text


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    text = unicodedata.normalize("NFD", text)
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


def _letters_typed_as_signs(text: str) -> str:
    if "3" in text:
        text = _TYPED_E.sub("e", text)
    if ")" in text and "(" not in text:
        text = _TYPED_O.sub("o", text)
    return text


# The Latin letters with and without marks, and the marks alone; and what is between words.
_LATIN = (range(0x80, 0x370), range(0x1E00, 0x2100))
_TYPED = {n: plain for n in chain(*_LATIN) if (plain := _plain(chr(n))).isascii()}
_WORDS = {n: " " for n in range(128) if not (chr(n).isalnum() or chr(n) == "'")} | {96: "'"}
