"""Features of a folded text, in three blocks: words and neighbours, words one apart, characters.

A feature is a number made of its letters, so that no list of all features need be kept or sent
along. The same functions serve training and serving, so that the two cannot drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlu.normalise import fold

# Character n-grams, over words with a space on each side. Pairs of letters stand in every text and
# tell nothing; five letters take a sixth of the time, which copies with slips use better (chosen on
# the tuning messages). A space may have longer ones: of few texts they tell something.
SHORTEST, LONGEST = 3, 4
# What a block weighs in the inner product of two texts (see `nlu.space`).
SHARES = (1.0, 0.2, 1.0)
BLOCKS = len(SHARES)
# Counts as a word, though folding drops it: a question is seldom a cry. An exclamation mark tells
# nothing: "help!" is as much of a cry as "help".
MARKS = ("?",)
START, END = "^", "$"  # neighbours of the first and the last word
BITS = 30  # of the letters; the two above are the block, so that sorted codes keep blocks apart
_MASK = (1 << BITS) - 1
_SKIPS, LETTERS = np.uint32(1 << BITS), np.uint32(2 << BITS)  # the second and third block begin
_PRIMES, _HALF = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], np.uint32), np.uint32(15)  # xxHash
Array = np.ndarray[Any, Any]
Codes = NDArray[np.uint32]
Places = NDArray[np.intp]
GAP = " … "  # stands between the two words of a skip


def marked(text: str, folded: str | None = None) -> str:
    """The folded text, made here unless it is at hand, with the marks of the text at its end."""
    folded = fold(text) if folded is None else folded
    return " ".join([folded, *(mark for mark in MARKS if mark in text)])


def word_code(word: str) -> int:
    """The code of a word; of 600,000 features some hundred share theirs, which does no harm."""
    return crc32(word.encode()) & _MASK


def edged(words: Sequence[str]) -> list[str]:
    """The words between the edges of their text, which count as neighbours; nothing of nothing."""
    return [START, *words, END] if words else []


def neighbour_codes(words: Codes, texts: Places) -> tuple[Codes, Places]:
    """Codes of pairs of neighbours, then of pairs with one word between them: "lost … card"; and
    the texts they are of. `words` are codes of edged words, text after text; `texts` says of which
    text each is. A text of n words has n + 1 pairs and n of the other kind."""
    first, second = np.concatenate([words[:-1], words[:-2]]), np.concatenate([words[1:], words[2:]])
    begin, owners = np.concatenate([texts[:-1], texts[:-2]]), np.concatenate([texts[1:], texts[2:]])
    codes, inside = _paired(first, second), begin == owners
    codes[len(words[1:]) :] |= _SKIPS
    return codes[inside], owners[inside]


def _paired(first: Codes, second: Codes) -> Codes:
    """One code of two, which are not the same the other way round."""
    mixed = first * _PRIMES[0] + (second ^ second >> _HALF) * _PRIMES[1]
    mixed = (mixed ^ mixed >> _HALF) * _PRIMES[2]
    return np.asarray((mixed ^ mixed >> _HALF) & _MASK, np.uint32)


def letter_codes(words: Sequence[str], longest: int = LONGEST) -> tuple[Codes, Places]:
    """Codes of the character n-grams of words between two spaces, up to the `longest`, with
    repetitions, the shortest first; and the words they are of."""
    padded = [f" {word} " for word in words]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), np.dtype("<u4"))
    owners = np.repeat(np.arange(len(padded)), [len(each) for each in padded])
    codes, found, of = letters, [], []  # codes: of the n-gram that begins at each letter
    for n in range(1, longest):
        codes = _paired(codes[:-1], letters[n:])
        if n + 1 >= SHORTEST:
            inside = owners[n:] == owners[: len(codes)]
            found.append(codes[inside] | LETTERS)
            of.append(owners[n:][inside])
    return np.concatenate(found), np.concatenate(of)


def shown(words: Sequence[str], longest: int = LONGEST) -> dict[int, str]:
    """What stands behind the codes of a text, for people: "_" marks a word's edge in pieces."""
    found = {word_code(word): word for word in words}
    whole = edged(words)
    codes = np.array([word_code(word) for word in whole], np.uint32)
    pairs, _ = neighbour_codes(codes, np.zeros(len(codes), np.intp))
    names = [f"{a} {b}" for a, b in pairwise(whole)]
    names += [f"{a}{GAP}{b}" for a, b in zip(whole, whole[2:], strict=False)]
    found |= zip(pairs.tolist(), names, strict=True)
    for word in words:
        grams, _ = letter_codes([word], longest)
        found |= zip(grams.tolist(), characters(word, longest), strict=True)
    return found


def characters(word: str, longest: int = LONGEST) -> list[str]:
    """The n-grams of a word as `letter_codes` has them, "_" for its edges."""
    padded = f"_{word}_"
    return [padded[i : i + n] for n in range(SHORTEST, longest + 1)
            for i in range(len(padded) - n + 1)]  # fmt: skip
