"""A text without what tells who wrote it: names, numbers, addresses and ids become placeholders.

Too much taken out is the smaller harm: a phrase to learn from needs none of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from bot.screening import contacts
from bot.screening.rules import Finding
from nlu.normalise import fold

NAME, NUMBER, ID = "[name]", "[number]", "[id]"
PLACEHOLDER = re.compile(r"\[(?:name|number|id|email|link|account)\]")
_WORDS = {Finding.NUMBER: "number", Finding.EMAIL: "email", Finding.LINK: "link",
          Finding.HANDLE: "account"}  # fmt: skip
_DIGITS = re.compile(r"\+?\d(?:[\W_]*\d)*")  # whatever is between them
FEW = 3  # digits in a row that may stay: "2 years", "3 children", "125 cedis"
# Letters and digits together, as on papers and plates. "m3p3" is Twi: its 3 is a letter.
_MIXED = re.compile(r"(?<!\w)(?=[\w/-]*[^\W\d_])[\w/-]*\d[\w/-]*(?!\w)")
_LETTER = "3"
_CALLED = re.compile(
    r"\b(?:my (?:full |real )?name(?: is|'s|s)?|name is|(?:i am|i'm|am) called|they call me|call me"
    r"|je m'appelle|je me nomme|on m'appelle|mon nom(?: complet)?(?: est|,| c'est)?|mon prénom est"
    r"|my name na|dem dey call me|me ?din de|me ?frɛ me|yɛ ?frɛ me|ye ?fre me"
    r"|nye ŋkɔe? nye|ŋkɔnye enye|nkonye enye|suna ?na(?: shi ne)?"
    r"|mr|mrs|miss|madam|dr|pastor|alhaji|hajia|monsieur|madame|mme)\b[.:]?\s+",
    re.I,
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOT_NAMES = frozenset((
    "and", "et", "i", "je", "from", "de", "du", "des", "of", "the", "la", "le", "les", "not",
    "pas", "is", "est", "was", "in", "at", "a", "au", "aux", "en", "for", "pour", "please", "svp",
    "but", "mais", "with", "avec", "who", "qui", "that", "que", "my", "mon", "ma", "to", "na",
    "on", "back", "now", "when", "if", "sur", "quand",
))  # fmt: skip
MOST = 3  # words of a name


def pseudonymise(text: str, names: Collection[str]) -> str:
    """The text with placeholders; `names` are folded. Pure; also for text that means harm."""
    text = unicodedata.normalize("NFKC", text.replace("’", "'"))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    text = re.sub(r"[\[\]]", " ", text)  # nobody writes placeholders but us
    text = contacts.mask(text, contacts.find(text), _WORDS)
    text = _MIXED.sub(_id, text)
    text = _DIGITS.sub(_number, text)
    return re.sub(r"\s+", " ", _names(text, names)).strip()


def _number(found: re.Match[str]) -> str:
    return found[0] if sum(c.isdecimal() for c in found[0]) <= FEW else NUMBER


def _id(found: re.Match[str]) -> str:
    digits = [c for c in found[0] if c.isdecimal()]
    return ID if len(digits) > FEW and set(digits) != {_LETTER} else found[0]


def _names(text: str, names: Collection[str]) -> str:
    """What follows "my name is", and every known name with the capitalised words beside it."""
    spans: list[tuple[int, int]] = []
    held = [m.span() for m in PLACEHOLDER.finditer(text)]
    words = [m for m in _WORD.finditer(text)
             if not any(a <= m.start() < b for a, b in held)]  # fmt: skip
    called = {m.end() for m in _CALLED.finditer(text)}
    i = 0
    while i < len(words):
        word = words[i]
        introduced = word.start() in called and fold(word[0]) not in _NOT_NAMES
        if introduced or _is_name(word[0], names):
            size = 1
            while (
                size < MOST and i + size < len(words)
                and not text[words[i + size - 1].end() : words[i + size].start()].strip(" -.")
                and _goes_on(words[i + size][0], names)
            ):  # fmt: skip
                size += 1
            spans.append((word.start(), words[i + size - 1].end()))
            i += size
        else:
            i += 1
    for start, end in reversed(spans):
        text = f"{text[:start]}{NAME}{text[end:]}"
    return text


def _is_name(word: str, names: Collection[str]) -> bool:
    return any(fold(part) in names for part in (word, *re.split(r"['-]", word)) if part)


def _goes_on(word: str, names: Collection[str]) -> bool:
    return fold(word) not in _NOT_NAMES and (word[0].isupper() or _is_name(word, names))
