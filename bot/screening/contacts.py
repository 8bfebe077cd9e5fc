"""Phone numbers, e-mail addresses, links and account names in a text, and the text without them.

A number is told from money, dates and years: those are what traders write to each other about.
Numbering plans: ITU E.164 (up to 15 digits); national lengths of 8 to 11 digits in West Africa.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from bot.screening.rules import Finding

Span = tuple[int, int, Finding]

_MONEY = (
    r"(?:ghs|gh[₵¢c]?|₵|cedis?|cfa|fcfa|xof|xaf|francs?|f|naira|ngn|₦|dollars?|usd|\$|euros?|eur|€"
    r"|pounds?|£|dinars?|dirhams?|kg|kilos?|bags?|sacs?|pieces?|pi[eè]ces?|birds|poules?|%)"
)
_AFTER = re.compile(rf"\s?{_MONEY}\b|\s?[%$€£₵₦]", re.I)
_BEFORE = re.compile(rf"(?:\b{_MONEY}|[$€£₵₦])\s?$", re.I)
_DIGITS = re.compile(r"(?<![\w@.])(?:\+\s?)?[(\doO][\doO(][\doO\s().\-–—/·•*_|,]{4,40}[\doO](?!\w)")
# A number nobody writes for a sum, also where letters or a currency are glued to it.
_GLUED = re.compile(r"(?<![\d.,])(?:0\d{8,11}|\+\d{8,15})(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .,]000)+|\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?")
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)+")

_AT, _DOT = r"(?:@|\(at\)|\[at\]|\barobase\b)", r"(?:\.|\(dot\)|\[dot\]|\b(?:point|dot)\b)"
_EMAIL = re.compile(
    rf"[\w.+%-]+(?:\s?[\[(]dot[\])]\s?[\w-]+)*\s?{_AT}\s?[\w-]+(?:\s?{_DOT}\s?[a-z]{{2,}})+"
    rf"|[\w.+-]+ at (?:gmail|yahoo|hotmail|outlook|live|icloud)(?: ?{_DOT} ?[a-z]{{2,3}})?\b",
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
_APP = r"(?:ig|insta(?:gram)?|fb|facebook|tik ?tok|snap(?:chat)?|telegram|twitter|skype|imo)"
_NAMED = r"(?:user ?name|handle|nom d['’]utilisateur|pseudo|identifiant)"
_LOOK = r"(?:as|under|search|tapez|cherchez|sous le nom(?: de)?|c['’]est|name is)"
_HANDLE = re.compile(
    rf"(?<![\w@])@[A-Za-z][\w.]{{3,}}"
    rf"|\b{_APP}\b(?:\s(?:is|id|name|page|account|compte|c'est))?\s?[:=@]\s?@?[\w.][\w. ]{{2,24}}"
    rf"|\b{_APP}\s@?(?=\w*[_\d])[A-Za-z][\w.]{{3,}}"
    rf"|\b{_APP}\b,?\s{_LOOK}\s[\w'’.-]+(?:\s[\w'’.-]+){{0,3}}"
    rf"|\b{_NAMED}\b(?:\s(?:is|est|c['’]est))?\s?:?\s[\w.-]{{4,}}"
    rf"|\b[\w.]+ (?:underscore|tiret bas) [\w.]+",
    re.I,
)

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
# ITU codes of the countries returnees here come from or go to.
_CODES = ("220", "221", "223", "224", "225", "226", "227", "228", "229", "231", "232", "233", "234",
          "237", "241")  # fmt: skip
SPOKEN = 7  # digits in words from which on it is a number to call
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing


def find(text: str) -> list[Span]:
    """Where such things stand, in order and without overlap."""
    plain, where = _plain(text)
    spans: list[Span] = []
    for found in (_emails(plain), _links(plain), _handles(plain), _numbers(plain)):
        for start, end, kind in found:
            if all(end <= a or start >= b for a, b, _ in spans):
                spans.append((start, end, kind))
    return sorted((where[start], where[end], kind) for start, end, kind in spans)


def mask(text: str, spans: list[Span], word: dict[Finding, str]) -> str:
    """The text with each of these findings replaced by its word in brackets."""
    pieces, last = [], 0
    for start, end, kind in spans:
        pieces += [text[last:start], f"[{word[kind]}]"]
        last = end
    return "".join([*pieces, text[last:]])


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as it is read: full-width and other letters and digits as ordinary ones, without
    the marks above them, a space for emoji and what shows nothing. And where each character of it
    stands in `text`, with one more for the end."""
    read, where = [], []
    for n, c in enumerate(text):
        kind = unicodedata.category(c)
        if kind in ("Mn", "Me"):
            continue
        where.append(n)
        read.append(c if c.isascii() else _ordinary(c, kind))
    return "".join(read), [*where, len(text)]


def _ordinary(c: str, kind: str) -> str:
    if (kind in ("Cf", "So", "Sk") and not c.isalnum()) or c in _BLANKS:
        return " "
    digit, same = unicodedata.digit(c, None), unicodedata.normalize("NFKC", c)
    return str(digit) if digit is not None else same if len(same) == 1 else c


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
    for found in _GLUED.finditer(text):
        yield found.start(), found.end(), Finding.NUMBER
    for found in _SPOKEN_RUN.finditer(text):
        words = re.findall(r"\w+", found[0].lower())
        if sum(_SAYS.get(word, word.isdigit()) for word in words) >= SPOKEN:
            yield found.start(), found.start() + len(found[0].rstrip(" ,.-")), Finding.NUMBER
    for found in _MIXED_RUN.finditer(text):  # "o24five55oh1two9"
        if len(_WORD.findall(found[0])) > 1 and any(c.isdigit() for c in found[0]):
            yield found.start(), found.start() + len(found[0].rstrip(" ,./-")), Finding.NUMBER


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
    if digits[:3] in _CODES and len(digits) in (11, 12, 13) and len(groups) > 1:
        return True
    if _AFTER.match(text, end) or _BEFORE.search(text[:start]):
        return False
    if len(groups) == 1:  # an unbroken sum ends with zeros, a phone number hardly ever does
        return not digits.endswith("000")
    if any(pattern.fullmatch(written) for pattern in (_THOUSANDS, _DATE, _YEARS)):
        return False
    return not digits.startswith("0") and _grouped(groups)


def _grouped(groups: list[str]) -> bool:
    """Whether a number without a leading zero is written as phones are in West Africa: eight
    digits in pairs, or nine that begin with 6 or 7. What rises step by step is sizes or prices."""
    if any(len(group) >= 9 and not group.endswith("000") for group in groups):  # on a card
        return True
    values = [int(_digits(group)) for group in groups]
    if all(a < b for a, b in pairwise(values)):
        return False
    sizes = tuple(len(group) for group in groups)
    first = groups[0][0]
    if sum(sizes) == 8:
        return first in "2456789" and sizes in ((2, 2, 2, 2), (4, 4), (2, 3, 3), (2, 6))
    if sizes == (2, 2, 2, 2, 2):  # a fixed line in Côte d'Ivoire
        return first == "2"
    if sum(sizes) == 9:
        return first in "67" and max(sizes) <= 6 and sizes.count(1) <= 1
    return False
