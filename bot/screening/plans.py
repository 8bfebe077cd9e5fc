"""How phone numbers are made: ITU E.164 (up to 15 digits), and the national numbers of West Africa,
8 to 11 digits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

# ITU codes of the countries returnees here come from or go to.
CODES = ("220", "221", "223", "224", "225", "226", "227", "228", "229", "231", "232", "233", "234",
         "237", "241")  # fmt: skip


def grouped(groups: Sequence[str]) -> bool:
    """Whether a number without a leading zero is written as phones are in West Africa: eight
    digits in pairs, or nine that begin with 6 or 7. What rises step by step is sizes or prices, and
    so are round sums. `groups` are ASCII digits."""
    if any(len(group) >= 9 and not group.endswith("000") for group in groups):  # on a card
        return True
    if rises(groups) or all(len(group) > 2 and int(group) % 50 == 0 for group in groups):
        return False
    sizes = tuple(len(group) for group in groups)
    first = groups[0][0]
    if sum(sizes) == 8:
        return first in "2456789" and sizes in ((2, 2, 2, 2), (4, 4), (2, 3, 3), (2, 6))
    if sizes == (2, 2, 2, 2, 2):  # a fixed line in Côte d'Ivoire
        return first == "2"
    if sum(sizes) == 9:
        return first in "67" and max(sizes) <= 6 and sizes.count(1) <= 1
    return False


def rises(groups: Sequence[str]) -> bool:
    return all(int(a) < int(b) for a, b in pairwise(groups))
