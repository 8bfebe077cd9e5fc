"""Slips of the finger: an unknown word is read as the known word one slip away, if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, log

import numpy as np

from nlu.features import Codes, Places

SHORTEST = 4  # letters; shorter words have too many neighbours to be meant by another letter
LONGEST = 18
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# How much rarer than a slip of the finger, as logarithms; chosen on the tuning messages.
_LETTER, _OTHER = 1.5, 3.0  # a letter left out or added, another letter
_PRIME = 0x01000193  # of the FNV hash
_POWERS = np.array([pow(_PRIME, n, 1 << 32) for n in range(LONGEST + 1)], np.uint32)
_BACK = np.uint32(pow(_PRIME, -1, 1 << 32))
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
        codes, owners = _codes(self._words)
        order = np.argsort(codes, kind="stable")
        self._codes, self._owners = codes[order], owners[order].astype(np.int32)

    def read(self, words: Sequence[str]) -> list[str]:
        """For each word the likeliest known one that one letter left out, added, changed or swapped
        with its neighbour makes of it; the word itself if there is none."""
        spelt = list(words)
        for n, near in self._near(words).items():
            least = inf
            for m in sorted(near):
                if (rare := log(m + 1)) >= least:
                    break  # so are all others, with any slip
                slip = _unlikely(words[n], self._words[m])
                if slip is not None and slip + rare < least:
                    least, spelt[n] = slip + rare, self._words[m]
        return spelt

    def _near(self, words: Sequence[str]) -> dict[int, set[int]]:
        """Of the words that have some, by their places, the known ones of which something is left
        that is left of them, too."""
        places = np.array([n for n, word in enumerate(words) if spellable(word)], np.intp)
        codes, owners = _codes([words[n] for n in places.tolist()])
        starts, ends = (np.searchsorted(self._codes, codes, side) for side in ("left", "right"))
        found: dict[int, set[int]] = {}
        for n in np.flatnonzero(ends > starts).tolist():
            near = found.setdefault(int(places[owners[n]]), set())
            near.update(self._owners[starts[n] : ends[n]].tolist())
        return found


def _codes(words: Sequence[str]) -> tuple[Codes, Places]:
    """Of words, and of what is left of each without one of its letters; and the words they are of.

    A code is a sum of letters times powers of a prime, so that what is left is arithmetic, too.
    """
    letters = np.frombuffer("".join(words).encode("utf-32-le"), np.dtype("<u4"))
    lengths = np.array([len(word) for word in words], np.intp)
    owners = np.repeat(np.arange(len(words)), lengths)
    starts = np.cumsum(lengths) - lengths
    terms = letters * _POWERS[np.arange(len(letters)) - starts[owners]]
    sums = np.concatenate([[np.uint32(0)], np.cumsum(terms, dtype=np.uint32)])
    whole = sums[starts + lengths] - sums[starts]
    before = sums[:-1] - sums[starts][owners]
    rests = before + (whole[owners] - before - terms) * _BACK
    return np.concatenate([whole, rests]), np.concatenate([np.arange(len(words)), owners])


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
