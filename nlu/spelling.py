"""Slips of the finger: an unknown word is read as the known word one slip away, if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

import numpy as np

SHORTEST = 4  # letters; shorter words have too many neighbours
LONGEST = 18


def spellable(word: str) -> bool:
    """Whether slips in such a word are undone."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


class Speller:
    """Knows the words given, the most usual first: where two are one slip away, that one wins.

    Kept are codes of what is left of a word without one letter, sorted: a fifth of the memory of
    the words' letters.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if spellable(word)]
        codes, owners = [], []
        for n, word in enumerate(self._words):
            mine = [_code(word), *map(_code, _rests(word))]
            codes += mine
            owners += [n] * len(mine)
        self._codes, first = np.unique(np.array(codes, np.uint32), return_index=True)
        self._owners = np.array(owners, np.int32)[first]

    def read(self, word: str) -> str:
        """The known word that one letter left out, added, changed or swapped with its neighbour
        makes of this one; the word itself if there is none."""
        if not spellable(word) or not self._words:
            return word
        wanted = np.array([_code(word), *map(_code, _rests(word))], np.uint32)
        places = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        for place in places[self._codes[places] == wanted].tolist():
            found = self._words[int(self._owners[place])]
            left_out = len(found) > len(word)
            if (left_out or found[0] == word[0]) and _near(word, found):
                return found
        return word


def _code(letters: str) -> int:
    return crc32(letters.encode())


def _rests(word: str) -> Iterator[str]:
    return (word[:n] + word[n + 1 :] for n in range(len(word)))


def _near(a: str, b: str) -> bool:
    """Whether one change, one swap of neighbours or one letter more lies between the two."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[start + 1 :] == shorter[start:]
    if a[start + 1 :] == b[start + 1 :]:
        return True
    return a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
