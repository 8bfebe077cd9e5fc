"""Phone numbers, e-mail addresses, links and account names in a text, and the text without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.screening.numbers import numbers
from bot.screening.rules import Finding

Span = tuple[int, int, Finding]

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
    return ((start, end, Finding.NUMBER) for start, end in numbers(text))
