"""Phone numbers, e-mail addresses, links and account names in a text, and the text without them.

A number is told from money, dates and years: those are what traders write to each other about.
Numbering plans: ITU E.164 (up to 15 digits); national lengths of 8 to 11 digits in West Africa.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.screening.rules import Finding

Span = tuple[int, int, Finding]

_MONEY = (
    r"(?:ghs|gh[₵¢c]?|₵|cedis?|cfa|fcfa|xof|xaf|francs?|f|naira|ngn|₦|dollars?|usd|\$|euros?|eur|€"
    r"|pounds?|£|dinars?|dirhams?|kg|kilos?|bags?|sacs?|pieces?|pi[eè]ces?|birds|poules?|%)"
)
_AFTER = re.compile(rf"\s?{_MONEY}\b|\s?[%$€£₵₦]", re.I)
_BEFORE = re.compile(rf"(?:\b{_MONEY}|[$€£₵₦])\s?$", re.I)
_DIGITS = re.compile(r"(?<![\w@.])\+?[(\doO][\doO(][\doO\s().\-–—/·•*_,]{4,40}[\doO](?!\w)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .,]000)+|\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?")
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}"
)
_RANGE = re.compile(r"\d{1,4}\s?[-–—/]\s?\d{1,4}(?:\s?[-–—/]\s?\d{1,4})?")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)+")

_EMAIL = re.compile(
    r"[\w.+%-]+\s?(?:@|\(at\)|\[at\]|\barobase\b)\s?[\w-]+"
    r"(?:\s?(?:\.|\(dot\)|\bpoint\b)\s?[a-z]{2,})+"
    r"|[\w.+-]+ at (?:gmail|yahoo|hotmail|outlook|live|icloud)"
    r"(?: ?(?:\.|dot|point) ?[a-z]{2,3})?\b",
    re.I,
)
_TLD = (
    "com|org|net|info|biz|io|me|ly|co|app|link|site|online|shop|store|xyz|top|club|live|tv|gl|gd|cc"
    "|page|dev|gh|ng|cm|ci|tg|bj|sn|ml|bf|ne|ma|dz|tn|fr|de|it|es|uk|us|eu|be|nl|ch|ca"
)
_LINK = re.compile(
    rf"(?:https?|hxxps?)\s?:\s?//\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:{_TLD})\b(?:/\S*)?"
    r"|\b(?:wa|t|m)\.me\b\S*|\b[\w-]+ (?:dot|point) (?:com|org|net|me)\b",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z][\w.]{3,}")

_SPOKEN = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "double": "", "triple": "",
    "zéro": "0", "un": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7",
    "huit": "8", "neuf": "9",
}  # fmt: skip
_SPOKEN_RUN = re.compile(rf"\b(?:(?:{'|'.join(_SPOKEN)}|\d)\b[\s,.\-]*){{7,}}", re.I)


def find(text: str) -> list[Span]:
    """Where such things stand, in order and without overlap."""
    plain = _plain(text)
    spans: list[Span] = []
    for found in (_emails(plain), _links(plain), _handles(plain), _numbers(plain)):
        for start, end, kind in found:
            if all(end <= a or start >= b for a, b, _ in spans):
                spans.append((start, end, kind))
    return sorted(spans)


def mask(text: str, spans: list[Span], word: dict[Finding, str]) -> str:
    """The text with each of these findings replaced by its word in brackets."""
    pieces, last = [], 0
    for start, end, kind in spans:
        pieces += [text[last:start], f"[{word[kind]}]"]
        last = end
    return "".join([*pieces, text[last:]])


def _plain(text: str) -> str:
    """Full-width and other digits as ordinary ones; the length stays the same."""
    return "".join(
        str(unicodedata.digit(c)) if unicodedata.digit(c, None) is not None and not c.isascii()
        else " " if unicodedata.category(c) == "Cf" else c
        for c in text
    )  # fmt: skip


def _emails(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), Finding.EMAIL) for m in _EMAIL.finditer(text))


def _links(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), Finding.LINK) for m in _LINK.finditer(text))


def _handles(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), Finding.HANDLE) for m in _HANDLE.finditer(text))


def _numbers(text: str) -> Iterator[Span]:
    for found in _DIGITS.finditer(text):
        for start, end in _apart(text, found.start(), found.end()):
            if _is_phone(text, start, end):
                yield start, end, Finding.NUMBER
    for found in _SPOKEN_RUN.finditer(text):
        words = re.findall(r"\w+", found[0].lower())
        if sum(bool(_SPOKEN.get(word, word)) for word in words) >= 7:
            yield found.start(), found.start() + len(found[0].rstrip(" ,.-")), Finding.NUMBER


def _apart(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Several numbers in a row, each by itself; one that is only written with slashes, whole."""
    parts = [(start + m.start(), start + m.end())
             for m in re.finditer(r"[^,;/·•]+", text[start:end])]  # fmt: skip
    long = [part for part in parts if len(_digits(text[slice(*part)])) >= 8]
    return long or [(start, end)]


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written.replace("o", "0").replace("O", "0"))


def _is_phone(text: str, start: int, end: int) -> bool:
    written, digits = text[start:end].strip(), _digits(text[start:end])
    if written.startswith("+") or digits.startswith("00"):
        return len(digits) >= 8
    if not 8 <= len(digits) <= 15 or (digits.endswith("000") and not digits.startswith("0")):
        return False
    if _AFTER.match(text, end) or _BEFORE.search(text[:start]):
        return False
    if digits.startswith("0") and len(digits) >= 9:  # longer than any date or range
        return True
    if any(pattern.fullmatch(written) for pattern in (_THOUSANDS, _DATE, _RANGE, _YEARS)):
        return False
    # Sums in a row ("1500, 2000, 2500"): separated by commas, none long enough for a phone.
    return not re.search(r"[,;]", written)
