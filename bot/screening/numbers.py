"""Phone numbers in a text, told from money, dates and years: those are what traders write to each
other about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.screening.evasions import evaded
from bot.screening.plans import CODES, grouped

Place = tuple[int, int]

_MONEY = (
    r"(?:ghs|gh[₵¢c]?|₵|cedis?|cfa|fcfa|xof|xaf|francs?|f|naira|ngn|₦|dollars?|usd|\$|euros?|eur|€"
    r"|pounds?|£|dinars?|dirhams?|kg|kilos?|bags?|sacs?|pieces?|pi[eè]ces?|birds|poules?|%)"
)
_AFTER = re.compile(rf"\s?{_MONEY}\b|\s?[%$€£₵₦]", re.I)
_BEFORE = re.compile(rf"(?:\b{_MONEY}|[$€£₵₦])\s?$", re.I)
_DIGITS = re.compile(
    r"(?<![\w@.])(?<!\d:)(?:\+\s?)?[(\doO][\doO(][\doO\s().\-–—/·•*_|,]{4,40}[\doO](?!\w)"
)
# A number nobody writes for a sum, also where letters or a currency are glued to it.
_GLUED = re.compile(r"(?<![\d.,])(?:0\d{8,11}|\+\d{8,15})(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .,]000)+|\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?")
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)+|(?:19|20)\d\d/0\d{2,3}")  # and papers
_COMPACT = re.compile(r"20[12]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")  # 20261105

# How many digits a number word stands for; "quarante huit" and "forty eight" are two together.
_UNITS = ("zero|zéro|oh|one|two|three|four|five|six|seven|eight|nine"
          "|un|une|deux|trois|quatre|cinq|sept|huit|neuf|double|triple")  # fmt: skip
_TENS = ("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
         "|vingts?|trente|quarante|cinquante|soixante")  # fmt: skip
_TEENS = ("ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
          "|dix|onze|douze|treize|quatorze|quinze|seize")  # fmt: skip
_SAYS = dict.fromkeys(_UNITS.split("|"), 1) | dict.fromkeys(_TENS.split("|"), 1)
_SAYS |= dict.fromkeys(_TEENS.split("|"), 2)
_SPOKEN_RUN = re.compile(
    rf"\b(?:(?:{_UNITS}|{_TENS}|{_TEENS}|et|and|\d)\b[\s,.\-/*|]*){{5,}}", re.I
)
_MIXED_RUN = re.compile(rf"(?:(?:\d|o(?=\d)|{_UNITS}|{_TENS})[\s,./\-]*){{7,}}", re.I)
_WORD = re.compile(r"[^\W\d_]+")
SPOKEN = 7  # digits in words from which on it is a number to call


def numbers(text: str) -> Iterator[Place]:
    """Where phone numbers stand, however they are written; places may overlap."""
    for found in _DIGITS.finditer(text):
        for start, end in _apart(text, found.start(), found.end()):
            if _is_phone(text, start, end):
                yield start, end
    for found in _GLUED.finditer(text):
        yield found.start(), found.end()
    for found in _SPOKEN_RUN.finditer(text):
        words = re.findall(r"\w+", found[0].lower())
        if sum(_SAYS.get(word, word.isdigit()) for word in words) >= SPOKEN:
            yield found.start(), found.start() + len(found[0].rstrip(" ,.-"))
    for found in _MIXED_RUN.finditer(text):  # "o24five55oh1two9"
        if len(_WORD.findall(found[0])) > 1 and any(c.isdigit() for c in found[0]):
            yield found.start(), found.start() + len(found[0].rstrip(" ,./-"))
    yield from evaded(text)


def _apart(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Several numbers in a row, each by itself; one that is only written with slashes, whole."""
    parts = [(start + m.start(), start + m.end())
             for m in re.finditer(r"[^,;/·•]+", text[start:end])]  # fmt: skip
    long = [part for part in parts if len(_digits(text[slice(*part)])) >= 8]
    return long or [(start, end)]


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written.replace("o", "0").replace("O", "0"))


def _is_phone(text: str, start: int, end: int) -> bool:
    written, digits = text[start:end].strip(" .,-"), _digits(text[start:end])
    if written.startswith("+") or (digits.startswith("00") and len(digits) >= 11):
        return len(digits) >= 8
    groups = re.findall(r"[\doO]+", written)
    listed = re.search(r"[,;]", written) and not re.fullmatch(r"\d\d(?:,\d\d){3,4}", written)
    if not 8 <= len(digits) <= 15 or listed:
        return False
    if digits.startswith("0") and len(digits) >= 9:  # no sum begins so, whatever stands behind it
        return not re.match(r"[0O][.,]\d", written)
    if digits[:3] in CODES and len(digits) in (11, 12, 13) and len(groups) > 1:
        return True
    if _AFTER.match(text, end) or _BEFORE.search(text[:start]):
        return False
    if len(groups) == 1:  # an unbroken sum ends with zeros, a phone number hardly ever does
        return not digits.endswith("000") and not _COMPACT.fullmatch(digits)
    if any(pattern.fullmatch(written) for pattern in (_THOUSANDS, _DATE, _YEARS)):
        return False
    return not digits.startswith("0") and grouped([_digits(group) for group in groups])
