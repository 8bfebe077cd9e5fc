"""Phone numbers that are written so as not to look like one: any signs between the digits, letters
for digits. Times, dates and decimals are taken out first; what is left is judged by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.screening.plans import CODES, grouped, rises

Place = tuple[int, int]

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_NEITHER = re.compile(
    rf"(?<![\d:])(?:[01]?\d|2[0-4])(?::[0-5]\d){{1,2}}(?!:?\d)"  # 08:30
    rf"|(?<!\d){_DAY}([/.:_-]){_MONTH}\1(?:{_YEAR}|\d\d)(?!\1?\d)"  # 12/05/2026
    rf"|(?<!\d){_YEAR}([/._-]){_MONTH}\2{_DAY}(?!\2?\d)"  # 2026-05-12
    rf"|(?<![\d/]){_DAY}/{_MONTH}(?!/?\d)"  # 12/05
    r"|(?<![\d.,])\d{1,4}[.,]\d{1,2}(?![.,]?\d)"  # 0.75
)
# Digits, and letters that pass for them beside digits: but "20l" is litres.
_GROUP = re.compile(r"(?<![^\W_])[oOlI]?\d(?:[\doOlISsB]*[\doO])?(?![^\W_])")
_LETTERS = str.maketrans("oOlISsB", "0011558")
_BETWEEN = re.compile(r"[\W_]{1,4}")
_ORDINARY = frozenset(" ().-–—/·•*_|,")  # what stands between the digits of most numbers
_LISTS = frozenset(",;/|-– ")  # and between those of a list
_CROSSED = re.compile(r"(?<!\w)[0O](?:\s?[xX]\s?\d){8,11}(?!\w)")  # no size has nine sides


def evaded(text: str) -> Iterator[Place]:
    """Where such numbers stand."""
    plain = _NEITHER.sub(lambda found: "x" * len(found[0]), text)
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(plain):
        if run and not _BETWEEN.fullmatch(plain, run[-1].end(), group.start()):
            yield from _in_run(plain, run)
            run = []
        run.append(group)
    yield from _in_run(plain, run)
    for found in _CROSSED.finditer(plain):
        yield found.span()


def _in_run(text: str, run: list[re.Match[str]]) -> Iterator[Place]:
    """The numbers among groups of digits that follow each other, each by itself."""
    gaps = [text[a.end() : b.start()] for a, b in pairwise(run)]
    begin = 0
    while begin < len(run):
        end = _end(text, run, gaps, begin)
        if end:
            yield run[begin].start(), run[end - 1].end()
        begin = end or begin + 1


def _end(text: str, run: list[re.Match[str]], gaps: list[str], begin: int) -> int:
    """Behind the last group of the longest number that begins here; 0: none does."""
    if begin and begin < len(gaps) and gaps[begin - 1] == gaps[begin]:
        return 0  # in the middle of a list
    found, digits = 0, ""
    start = run[begin].start()
    called = text[max(start - 2, 0) : start].rstrip().endswith("+")
    for n in range(begin, len(run)):
        written = [one[0] for one in run[begin : n + 1]]
        groups = [one.translate(_LETTERS) for one in written]
        spelled = groups != written
        digits += groups[-1]
        if len(digits) > 15:
            break
        inner, whole = gaps[begin:n], begin == 0 and n == len(run) - 1
        if _even(inner, whole=whole, each=len(digits) / len(groups)) and (
            _number(digits, groups, inner, called=called, whole=whole, spelled=spelled)
        ):
            found = n + 1
    return found


def _even(inner: list[str], *, whole: bool, each: float) -> bool:
    """Whether the signs between belong to one number: everywhere the same, or nearly so."""
    kinds = {gap.strip() for gap in inner}
    return len(kinds) <= 1 or (whole and each >= 2 and len(kinds) <= 3)


def _number(
    digits: str, groups: list[str], inner: list[str], *, called: bool, whole: bool, spelled: bool
) -> bool:
    """`called`: behind a plus; `whole`: nothing stands beside it; `spelled`: with letters."""
    signs = set("".join(inner))
    if len(groups) > 3 and signs <= _LISTS and rises(groups):
        return False
    if called or digits.startswith("00"):
        return len(digits) >= (8 if called else 11)
    if digits.startswith("0"):
        if rises(groups) and groups[0] == "0":
            return False
        listed = signs & set(",;")
        return 9 <= len(digits) <= 11 and not (listed and len(digits) != 10)
    if digits.startswith(CODES) and len(groups) > 1:
        return 11 <= len(digits) <= 13
    if any(re.fullmatch(_YEAR, group) for group in groups):  # "ISO 9001:2015"
        return False
    return whole and (spelled or not signs <= _ORDINARY) and not signs & set(",;") and (
        grouped(groups)
    )
