"""Slips of the finger: an unknown word is read as the known word one slip away, if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from math import log
from zlib import crc32

import numpy as np

SHORTEST = 4  # letters; shorter words have too many neighbours to be meant by another letter
LONGEST = 18
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# How much rarer than a slip of the finger, as logarithms; chosen on the tuning messages.
_LETTER, _OTHER = 1.5, 3.0  # a letter left out or added, another letter
_ROWS = {letter: (row, place) for row, keys in enumerate(KEYS) for place, letter in enumerate(keys)}


def spellable(word: str) -> bool:
    """Whether a word may be what was meant: letters, perhaps with one apostrophe in them."""
    return 1 < len(word) <= LONGEST and word.replace("'", "", 1).isalpha()


class Speller:
    """Knows the words given, the most usual first: the n-th counts as n times rarer than the first.

    Kept are codes of what is left of a word without one letter, sorted: a fifth of the memory of
    the words' letters.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if spellable(word)]
        codes, owners = [], []
        for n, word in enumerate(self._words):
            mine = _codes(word)
            codes += mine
            owners += [n] * len(mine)
        known = np.array(codes, np.uint32)
        order = np.argsort(known, kind="stable")
        self._codes, self._owners = known[order], np.array(owners, np.int32)[order]

    def read(self, words: Sequence[str]) -> list[str]:
        """For each word the likeliest known one that one letter left out, added, changed or swapped
        with its neighbour makes of it; the word itself if there is none."""
        wanted = [_codes(word) if spellable(word) else [] for word in words]
        codes = np.array(list(chain.from_iterable(wanted)), np.uint32)
        starts, ends = (np.searchsorted(self._codes, codes, side) for side in ("left", "right"))
        places = zip(starts.tolist(), ends.tolist(), strict=True)
        return [self._likeliest(word, list(islice(places, len(own))))
                for word, own in zip(words, wanted, strict=True)]  # fmt: skip

    def _likeliest(self, word: str, places: Sequence[tuple[int, int]]) -> str:
        """Of the words of which something is left at these places."""
        found = {n for start, end in places if end > start
                 for n in self._owners[start:end].tolist()}  # fmt: skip
        slips = ((_unlikely(word, self._words[n]), n) for n in found)
        best = min(((slip + log(n + 1), n) for slip, n in slips if slip is not None), default=None)
        return word if best is None else self._words[best[1]]


def _codes(word: str) -> list[int]:
    """Of the word and of what is left of it without one letter."""
    rests = (word[:n] + word[n + 1 :] for n in range(len(word)))
    return [crc32(letters.encode()) for letters in (word, *rests)]


def _unlikely(typed: str, meant: str) -> float | None:
    """How unlikely this slip is: 0 for one of a finger (a letter twice or once for twice, two
    swapped, the next key), more for a letter left out or added, most for another letter; None if
    more than one slip, or an unlikely one of a short word or at the beginning, lies between."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    short = min(len(typed), len(meant)) < SHORTEST
    if len(typed) != len(meant):
        longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
        if longer[start + 1 :] != shorter[start:]:
            return None
        if start and longer[start] == longer[start - 1]:
            return 0
        return None if short or not (start or longer is meant) else _LETTER
    if typed[start : start + 2] == meant[start : start + 2][::-1]:
        return 0 if typed[start + 2 :] == meant[start + 2 :] else None
    if short or typed[start + 1 :] != meant[start + 1 :]:
        return None
    if _beside(typed[start], meant[start]):
        return 0
    return _OTHER if start else None


def _beside(a: str, b: str) -> bool:
    """Whether two keys touch."""
    if a not in _ROWS or b not in _ROWS:
        return False
    (row, place), (other, there) = _ROWS[a], _ROWS[b]
    return abs(row - other) <= 1 and abs(place - there) <= 1
