"""Laying out the space of the training texts: which features there are, and what each weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from scipy import sparse

from nlu.features import LETTERS, LONGEST, Array, edged, letter_codes, neighbour_codes, word_code
from nlu.space import Space
from nlu.spelling import spellable

SEVERAL = 2  # texts: neighbours of one only would be two thirds of all features and help little
PORTION = 5000  # texts that are read at a time: more are slower, as they need more memory


def layout(texts: Sequence[str], least: int = SEVERAL, longest: int = LONGEST) -> Space:
    """The words and letters of the texts, also those of one text only: they soak up its
    peculiarities; and neighbours that stand in `least` texts."""
    typed = [text.split() for text in texts]
    whole = _words(list(dict.fromkeys(chain.from_iterable(typed))), longest)
    found = [*_letters(typed, whole), _neighbours(typed)]
    codes, often = np.unique(np.concatenate(found), return_counts=True)
    singles = np.array([each[0] for each in whole.values()], np.uint32)  # of the words
    kept = (often >= least) | np.isin(codes, singles) | (codes >= LETTERS)
    codes, often = codes[kept], often[kept]
    idf = np.log((1 + len(texts)) / (1 + often)) + 1
    counts = often[np.searchsorted(codes, singles)]
    usual = sorted((-int(n), word) for word, n in zip(whole, counts, strict=True)
                   if n > 1 and spellable(word))  # fmt: skip
    idf = idf.astype(np.float16).astype(np.float32)
    return Space(codes, idf, [word for _, word in usual], longest)


def _words(words: Sequence[str], longest: int) -> dict[str, Array]:
    """The code of each word, then those of its letters."""
    letters, owners = letter_codes(words, longest)
    ends = np.cumsum(np.bincount(owners, minlength=len(words)))
    parts = np.split(letters[np.argsort(owners, kind="stable")], ends[:-1])
    return {word: np.array([word_code(word), *part], np.uint32)
            for word, part in zip(words, parts, strict=True)}  # fmt: skip


def _letters(texts: Sequence[Sequence[str]], words: dict[str, Array]) -> Iterator[Array]:
    """The codes of words and their letters, once for each text in which they stand."""
    for start in range(0, len(texts), PORTION):
        portion = texts[start : start + PORTION]
        said = [words[word] for each in portion for word in each]
        codes = np.concatenate([*said, np.empty(0, np.uint32)])
        yield _once(codes, np.repeat(_owners(portion), [len(each) for each in said]))


def _neighbours(texts: Sequence[Sequence[str]]) -> Array:
    """The codes of neighbours, once for each text in which they stand."""
    whole = [edged(words) for words in texts]
    words = np.array([word_code(word) for word in chain.from_iterable(whole)], np.uint32)
    return _once(*neighbour_codes(words, _owners(whole)))


def _owners(texts: Sequence[Sequence[str]]) -> Array:
    """Of each word, the place of its text."""
    return np.repeat(np.arange(len(texts)), [len(words) for words in texts])


def _once(codes: Array, texts: Array) -> Array:
    """The codes, once for each text."""
    both = texts.astype(np.uint64) << np.uint64(32) | codes
    both.sort()
    first = np.ones(len(both), bool)
    np.not_equal(both[1:], both[:-1], out=first[1:])
    return both[first].astype(np.uint32)


def matrix(space: Space, texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, as the engine sees it."""
    found = [space.vectors(texts[n : n + PORTION]) for n in range(0, len(texts), PORTION)]
    size = len(space.codes)
    rows = [sparse.csr_matrix((each.values, each.rows, each.ends), (len(each.known), size))
            for each in found]  # fmt: skip
    return sparse.vstack(rows or [sparse.csr_matrix((0, size), dtype=np.float32)]).tocsr()
