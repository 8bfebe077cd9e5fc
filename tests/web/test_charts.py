"""Charts: what is drawn is what was counted, inside the frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.console.charts import HOUR, Piece, round_count, round_time, spans, stacked

COLUMNS = st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=1, max_size=60)


@pytest.mark.parametrize(("most", "top"), [
    (0, 4), (4, 4), (5, 10), (10, 10), (11, 20), (21, 50), (51, 100), (101, 200), (501, 1000),
])  # fmt: skip
def test_the_end_of_an_axis_is_a_round_number(most: int, top: int) -> None:
    assert round_count(most) == top


@pytest.mark.parametrize(("most", "top"), [
    (0, 60), (61, 300), (3 * HOUR, 4 * HOUR), (23 * HOUR, 24 * HOUR), (20 * 86400, 32 * 86400),
])  # fmt: skip
def test_times_end_at_a_round_time(most: float, top: float) -> None:
    assert round_time(most) == top


def test_pieces_stand_on_each_other() -> None:
    chart = stacked([[Piece(2, "k0"), Piece(0, "k1"), Piece(2, "k2")], [Piece(0, "k0")]])
    assert [(bar.kind, bar.y, bar.height) for bar in chart.bars] == [
        ("k0", 50, 50), ("k2", 0, 50),
    ]  # fmt: skip


@given(COLUMNS)
def test_every_bar_is_inside_and_as_high_as_its_number(columns: list[list[int]]) -> None:
    chart = stacked([[Piece(n, str(n)) for n in column] for column in columns])
    assert len(chart.bars) == sum(n > 0 for column in columns for n in column)
    for bar in chart.bars:
        assert -1e-6 <= bar.y <= bar.y + bar.height <= 100 + 1e-6
        assert 0 <= bar.x < bar.x + bar.width <= 100 + 1e-6
        assert bar.height * chart.top / 100 == pytest.approx(int(bar.kind))


def test_a_span_has_two_bars_and_what_is_hidden_none() -> None:
    chart = spans([None, (HOUR, 3 * HOUR), None])
    assert chart.top == 4 * HOUR
    assert [(bar.kind, bar.y, bar.height) for bar in chart.bars] == [
        ("ninth", 25, 50), ("median", 75, 25),
    ]  # fmt: skip
    assert spans([None]).bars == ()
