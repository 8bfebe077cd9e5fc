"""Charts as rectangles in a square of 100 by 100, which the page stretches to its width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.2  # of a column's width
MINUTE, HOUR, DAY = 60, 3600, 86400
TIMES = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
         12 * HOUR, DAY, 2 * DAY, 4 * DAY, 8 * DAY, 16 * DAY)  # fmt: skip  # ends of a time axis


@dataclass(frozen=True)
class Bar:
    """A rectangle; `kind` says what it stands for. y grows downwards."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Chart:
    """`top` is the value at the upper edge."""

    bars: tuple[Bar, ...]
    top: float


@dataclass(frozen=True)
class Piece:
    """A part of a stacked column."""

    value: float
    kind: str


def stacked(columns: Sequence[Sequence[Piece]]) -> Chart:
    """One column a slot, its pieces on top of each other, the first at the bottom."""
    top = round_count(max((sum(p.value for p in column) for column in columns), default=0))
    bars: list[Bar] = []
    for i, column in enumerate(columns):
        x, width = _place(i, len(columns))
        y = 100.0
        for piece in column:
            height = piece.value / top * 100
            y -= height
            if height:
                bars.append(Bar(x, y, width, height, piece.kind))
    return Chart(tuple(bars), top)


def spans(columns: Sequence[tuple[float, float] | None]) -> Chart:
    """One column a slot: a bar up to the first value and a paler one from there to the second."""
    top = round_time(max((high for _, high in filter(None, columns)), default=0))
    bars: list[Bar] = []
    for i, column in enumerate(columns):
        if column is None:
            continue
        x, width = _place(i, len(columns))
        low, high = (value / top * 100 for value in column)
        bars.append(Bar(x, 100 - high, width, high - low, "ninth"))
        bars.append(Bar(x, 100 - low, width, low, "median"))
    return Chart(tuple(bars), top)


def round_count(most: float) -> int:
    """The end of an axis for this count: 4, 10, 20, 50, 100, 200 …, never below it."""
    if most <= 4:
        return 4
    step = 10
    while True:
        for times in (1, 2, 5):
            if most <= step * times:
                return step * times
        step *= 10


def round_time(most: float) -> float:
    """The end of an axis for this many seconds, never below it."""
    return next((time for time in TIMES if most <= time), -(-most // TIMES[-1]) * TIMES[-1])


def _place(i: int, columns: int) -> tuple[float, float]:
    step = 100 / columns
    return i * step + step * GAP / 2, step * (1 - GAP)
