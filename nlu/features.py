"""Features of a folded text: words and word pairs, and character n-grams inside words.

The same function serves training and serving, so that the two cannot drift.
"""

from __future__ import annotations

from itertools import pairwise

CHARS = (2, 5)  # lengths of the character n-grams, over words padded with a space on each side


def grams(folded: str) -> tuple[list[str], list[str]]:
    """Word features and character features, with repetitions; prefixes keep the two apart."""
    words = folded.split()
    found = [f"w:{word}" for word in words]
    found += [f"w:{a} {b}" for a, b in pairwise(words)]
    return found, characters(words)


def characters(words: list[str], low: int = CHARS[0], high: int = CHARS[1]) -> list[str]:
    """Character n-grams of each word between two spaces; a short word counts once whole."""
    found = []
    for word in words:
        padded = f" {word} "
        size = len(padded)
        for n in range(low, high + 1):
            if n >= size:
                found.append(padded)
                break
            found += [padded[i : i + n] for i in range(size - n + 1)]
    return found
