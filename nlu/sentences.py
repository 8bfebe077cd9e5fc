"""The sentences of a message: a cry or a question may stand in one of many, and the others, as
neutral as they are, would drown it."""

from __future__ import annotations

import re

LONG = 24  # words; longer sentences, as of those who use no marks, are read through a window
WINDOW, STEP = 16, 8  # words
SHORT = 3  # words; shorter sentences belong to the next
MOST = 48  # of longer messages neighbours are read together
_ENDS = re.compile(r"(?<=[.!?;:…])(?=\s|[^\W\d_])|\n")


def sentences(text: str) -> list[str]:
    """In their order; none of a message that is one short sentence. Every word is in one of them,
    and in two where a window is moved by half its length."""
    found = [part for sentence in _joined(text) for part in _windows(sentence)]
    if len(found) > MOST:
        size = -(-len(found) // MOST)
        found = [" ".join(found[n : n + size]) for n in range(0, len(found), size)]
    return found if len(found) > 1 else []


def _joined(text: str) -> list[str]:
    """The sentences, those of one and two words with the next, at the end with the one before."""
    found: list[str] = []
    words: list[str] = []
    for piece in _ENDS.split(text):
        words += piece.split()
        if len(words) >= SHORT:
            found.append(" ".join(words))
            words = []
    if words:
        found[-1:] = [" ".join([*found[-1:], *words])]
    return found


def _windows(sentence: str) -> list[str]:
    words = sentence.split()
    if len(words) <= LONG:
        return [sentence]
    return [" ".join(words[n : n + WINDOW]) for n in range(0, len(words) - STEP, STEP)]
