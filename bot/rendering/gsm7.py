"""SMS alphabets: one character outside GSM-7 shrinks a message from 160 to 70 characters.

Alphabet: 3GPP TS 23.038. Letters that carry meaning (ɛ ɔ ŋ ɖ ƙ …) are never replaced.
"""

from __future__ import annotations

import re
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two septets each
_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‑": "-", "…": "...", "•": "-", "\u00a0": " ", "\u202f": " ",
        "\u2009": " ", "\u200b": "", "\u2068": "", "\u2069": "", "₵": "S", "œ": "oe", "Œ": "OE",
        "ç": "c", "ê": "e", "ë": "e", "â": "a", "á": "a", "î": "i", "ï": "i", "í": "i",
        "ô": "o", "ó": "o", "û": "u", "ú": "u", "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E",
        "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U", "ã": "a", "õ": "o", "\t": " ",
    }
)  # fmt: skip
_QUOTE_GAP = re.compile(r"«\s|\s»")


def fold(text: str) -> str:
    """The text with look-alikes of GSM-7 for what has one; other letters stay."""
    text = unicodedata.normalize("NFC", text).replace("GH₵", "GHS")
    return _QUOTE_GAP.sub('"', text).translate(_SAME)


def is_gsm7(text: str) -> bool:
    """True when the text fits the 7-bit alphabet."""
    return all(c in BASIC or c in EXTENDED for c in text)


def segments(text: str) -> int:
    """How many SMS the text is: 160 or 153 septets each, or 70 or 67 UTF-16 units."""
    if is_gsm7(text):
        sizes = [2 if c in EXTENDED else 1 for c in text]
        single, joined = 160, 153
    else:
        sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]
        single, joined = 70, 67
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:  # a two-unit character is never torn apart
        if used + size > joined:
            count, used = count + 1, 0
        used += size
    return count
