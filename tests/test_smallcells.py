"""No table of ours tells that there were one, two, three or four of something."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.smallcells import shown


@pytest.mark.parametrize(("counts", "texts"), [
    ([], []),
    ([0], ["0"]),
    ([4], ["<5"]),
    ([5, 900], ["5", "900"]),
    ([0, 7, 5], ["0", "7", "5"]),
    ([2, 3], ["<5", "<5"]),
    ([3, 20, 8], ["<5", "20", "5+"]),  # one alone is the sum less the others
    ([1, 1, 20, 8], ["<5", "<5", "20", "5+"]),  # a sum of 2 is 1 and 1
    ([4, 4, 20, 8], ["<5", "<5", "20", "5+"]),  # a sum of 8 is 4 and 4
    ([1, 5, 6, 30], ["<5", "5+", "5+", "30"]),  # 6 is 1 and 5
    ([0, 2, 0, 9], ["0", "<5", "0", "5+"]),
    ([1, 9], ["<5", "5+"]),
])  # fmt: skip
def test_small_numbers_are_hidden_and_cannot_be_calculated(
    counts: list[int], texts: list[str]
) -> None:
    assert shown(counts) == texts


@given(st.lists(st.integers(0, 12), max_size=5))
def test_whoever_knows_the_sum_still_cannot_fill_in_the_cells(counts: list[int]) -> None:
    texts = shown(counts)
    total = sum(counts)
    choices = [
        range(1, 5) if t == "<5" else range(5, total + 1) if t == "5+" else [int(t)] for t in texts
    ]
    ways = sum(sum(guess) == total for guess in product(*choices))
    assert ways >= 1
    assert all(text != str(n) for n, text in zip(counts, texts, strict=True) if 0 < n < 5)
    if "<5" in texts and any(t.isdecimal() and int(t) >= 5 for t in texts):
        assert ways > 1
