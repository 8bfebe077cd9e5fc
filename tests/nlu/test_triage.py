"""The alarm rings from its language's line on; whole cries and safe words ring in any case."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.blend import Head, Judgements
from nlu.triage import Scales, Triage

DANGERS = ("threats", "violence_now")
TRIAGE = Triage(priorities={"threats": 1, "violence_now": 0}, rings_from=np.array([1.0, 0.0]),
                steepness=2.0, cries={"he beats me": "violence_now"})  # fmt: skip
HEADS = {"alarm": Head(("none", *DANGERS), 1), "urgency": Head(("none", *DANGERS, "~threats"), 4)}
ROWS = np.array([
    [7, -0.9, 0.5, -0.8, -0.7, 0.3, -0.9, -0.8],
    [7, 0.4, -0.5, -0.8, 0.6, -0.3, -0.9, -0.2],
    [7, -0.9, 0.5, -0.8, -0.7, 0.3, -0.9, 0.5],
], np.float32)  # fmt: skip


SCALES = Scales.of(HEADS, (*DANGERS, "detention"))


def said(rows: np.ndarray = ROWS) -> Judgements:
    return Judgements(HEADS, rows, rows[:, :1], rows[:, :1])


@pytest.mark.parametrize(
    ("urgent", "languages", "name"),
    [
        (1.1, [1.0, 0.0], "threats"), (0.9, [1.0, 0.0], None), (0.9, [0.0, 1.0], "threats"),
        (0.6, [0.5, 0.5], "threats"), (0.4, [0.5, 0.5], None),
    ],
)  # fmt: skip
def test_the_line_is_the_languages(urgent: float, languages: list[float], name: str | None) -> None:
    [over] = TRIAGE.over(np.array([urgent]), np.array([languages], np.float32)).tolist()
    found = TRIAGE.read("some text", over, "threats")
    assert found.name == name
    assert (found.confidence >= 0.5) == (name is not None)


def test_whole_cries_and_safe_words_ring_below_the_line() -> None:
    cry = TRIAGE.read("he beats me", -9.0, "threats")
    safe = TRIAGE.read("sos", -9.0, "threats")
    assert (cry.name, cry.priority, cry.confidence) == ("violence_now", 0, 1.0)
    assert (safe.priority, safe.confidence) == (0, 1.0)
    assert TRIAGE.known("some text") is None


def test_what_looks_like_a_danger_counts_against_it() -> None:
    plain_danger, no_danger, looks_like_one = SCALES.value(said())
    assert plain_danger > looks_like_one > no_danger
    assert plain_danger == pytest.approx(1.3 + 1.0, abs=0.1)


def test_each_danger_is_what_both_heads_say_of_it() -> None:
    assert SCALES.each(said().scores)[0] == pytest.approx([0.8, -1.7])


def test_a_pull_is_the_slope_of_the_value() -> None:
    slope, step = SCALES.pull(said()), 1e-3
    for column in range(ROWS.shape[1]):
        moved = ROWS[:1].astype(np.float64).copy()
        moved[0, column] += step
        change = SCALES.value(said(moved))[0] - SCALES.value(said(ROWS[:1].astype(float)))[0]
        assert change / step == pytest.approx(slope[column], abs=0.02)
