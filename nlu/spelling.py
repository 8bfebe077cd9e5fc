"""Slips of the finger: an unknown word is read as the known word one slip away, if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST = 4  # letters; shorter words have too many neighbours
LONGEST = 18


class Speller:
    """Knows the words given, the most usual first: where two are one slip away, that one wins."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_rest: dict[str, str] = {}  # a word less one letter, or whole: the word
        for word in words:
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                self._by_rest.setdefault(word, word)
                for rest in _rests(word):
                    self._by_rest.setdefault(rest, word)

    def read(self, word: str) -> str:
        """The known word that one letter left out, added, changed or swapped with its neighbour
        makes of this one; the word itself if there is none."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return word
        found = self._by_rest.get(word)  # a letter was left out
        if found:
            return found
        for rest in _rests(word):
            found = self._by_rest.get(rest)
            if found and found[0] == word[0] and _near(word, found):
                return found
        return word


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
