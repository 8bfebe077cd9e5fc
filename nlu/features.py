"""Features of a folded text, in three blocks: words and neighbours, words one apart, characters.

The same functions serve training and serving, so that the two cannot drift.
"""

from __future__ import annotations

from itertools import pairwise

CHARS = (2, 5)  # lengths of the character n-grams, over words padded with a space on each side
# What a block weighs in the inner product of two texts; each block has length one before.
SHARES = (1.0, 0.4, 1.0)


def phrases(words: list[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [f"w:{word}" for word in words] + [f"w:{a} {b}" for a, b in pairwise(words)]


def skips(words: list[str]) -> list[str]:
    """Pairs of words with one word between them: "lost … card"."""
    return [f"s:{a} {b}" for a, b in zip(words, words[2:], strict=False)]


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


def blocks(folded: str) -> tuple[list[str], list[str], list[str]]:
    """The features of a text with repetitions; prefixes keep words and skips apart."""
    words = folded.split()
    return phrases(words), skips(words), [gram for word in words for gram in characters(word)]
