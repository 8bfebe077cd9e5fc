"""Features of a folded text, in three blocks: words and neighbours, words one apart, characters.

A feature is a number made of its letters, so that no list of all features need be kept or sent
along. The same functions serve training and serving, so that the two cannot drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from nlu.normalise import fold

CHARS = (2, 5)  # lengths of the character n-grams, over words padded with a space on each side
# What a block weighs in the inner product of two texts; each block has length one before.
SHARES = (1.0, 0.4, 1.0)
MARKS = ("?", "!")  # count as words, though folding drops them: a question is seldom a cry
START, END = "^", "$"  # neighbours of the first and the last word
BITS = 30  # of the letters; the two above are the block, so that sorted codes keep blocks apart
_MASK = (1 << BITS) - 1
_SKIPS, LETTERS = 1 << BITS, 2 << BITS  # where the second and the third block begin
GAP = " … "  # stands between the two words of a skip


def marked(text: str, folded: str | None = None) -> str:
    """The folded text, made here unless it is at hand, with the marks of the text at its end."""
    folded = fold(text) if folded is None else folded
    return " ".join([folded, *(mark for mark in MARKS if mark in text)])


def word_code(word: str) -> int:
    """The code of a word; of 600,000 features some hundred share theirs, which does no harm."""
    return crc32(word.encode()) & _MASK


def neighbour_codes(words: Sequence[str]) -> list[int]:
    """Codes of pairs of neighbours, then of pairs with one word between them: "lost … card". The
    text's edges are neighbours, too: n words have n + 1 pairs and n of the other kind."""
    edged = [START, *words, END] if words else []
    found = [word_code(f"{a} {b}") for a, b in pairwise(edged)]
    return found + [_SKIPS | word_code(f"{a} {b}") for a, b in zip(edged, edged[2:], strict=False)]


def letter_codes(word: str) -> list[int]:
    """Codes of the character n-grams of a word, with repetitions."""
    return [LETTERS | word_code(gram) for gram in characters(word)]


def characters(word: str, low: int = CHARS[0], high: int = CHARS[1]) -> list[str]:
    """Character n-grams of one word between two spaces; a short word counts once whole."""
    padded = f" {word} "
    size = len(padded)
    found = []
    for n in range(low, high + 1):
        if n >= size:
            found.append(padded)
            break
        found += [padded[i : i + n] for i in range(size - n + 1)]
    return found


def shown(words: Sequence[str]) -> dict[int, str]:
    """What stands behind the codes of a text, for people: "_" marks a word's edge in pieces."""
    found = {word_code(word): word for word in words}
    edged = [START, *words, END]
    found |= {word_code(f"{a} {b}"): f"{a} {b}" for a, b in pairwise(edged)}
    skips = zip(edged, edged[2:], strict=False)
    found |= {_SKIPS | word_code(f"{a} {b}"): f"{a}{GAP}{b}" for a, b in skips}
    return found | {LETTERS | word_code(gram): gram.replace(" ", "_")
                    for word in words for gram in characters(word)}  # fmt: skip
