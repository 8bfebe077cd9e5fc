"""Lines are drawn as low as they may be, and per language."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import thresholds
from nlu.engine import Engine
from nlu.store import load


def test_the_line_is_the_lowest_that_keeps_its_promise() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, True, False, False])
    inside = np.zeros(5, bool)
    assert thresholds._line(sure, right, inside, 1.0, 0) == 0.7
    assert thresholds._line(sure, right, inside, 0.75, 0) == 0.6
    assert thresholds._line(sure, right, inside, 0.5, 0) == 0.5


def test_no_promise_kept_means_no_answer() -> None:
    sure, wrong = np.array([0.9, 0.8]), np.array([False, False])
    assert thresholds._line(sure, wrong, wrong, 0.9, 0) == 1.0


def test_what_is_out_of_scope_raises_the_line() -> None:
    sure = np.array([0.9, 0.8, 0.7])
    right, outside = np.array([True, True, True]), np.array([False, False, True])
    assert thresholds._line(sure, right, outside, 0.5, 10) == 0.8


def test_every_language_has_its_lines(engine: Engine, model: object) -> None:
    facts = load(model)[2]  # type: ignore[arg-type]
    assert set(facts["urgent_from"]) == set(facts["understood_from"]) == {"en", "fr"}
    assert facts["phrases"]["en"] == {"phrases": 42, "look_alikes": 6, "writers": 2}


@pytest.mark.parametrize("steep", [1.0, 4.0])
def test_steepness_follows_the_scores(steep: float) -> None:
    chance = np.random.default_rng(1)
    scores = chance.normal(size=4000)
    urgent = chance.random(4000) < 1 / (1 + np.exp(-steep * scores))
    assert thresholds._steepness(scores, urgent) == pytest.approx(steep, rel=0.35)
