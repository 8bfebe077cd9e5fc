"""Weights are kept as bytes, equal rows once, some models side by side: the same decisions."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.linear import LEVELS, Linear
from nlu.packing import pack
from nlu.space import Vectors
from nlu.training import Fitted

CHANCE = np.random.default_rng(5)
WEIGHTS = CHANCE.normal(size=(40, 3)).astype(np.float32)
BIAS = np.array([0.1, -0.2, 0.0], np.float32)
ROWS = np.array([1, 4, 9, 4, 30, 39], np.int32)
TEXTS = Vectors(ROWS, CHANCE.random(6).astype(np.float32), np.array([0, 3, 3, 6]), (3, 0, 3),
                np.array([1.0, 1.0, 2.0], np.float32))


def wanted(weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    parts = [slice(0, 3), slice(3, 3), slice(3, 6)]
    return np.array([TEXTS.values[p] @ weights[TEXTS.rows[p]] + bias for p in parts])


def test_rounding_changes_little() -> None:
    found = Linear.of("abc", WEIGHTS, BIAS).scores(TEXTS)
    step = float(np.abs(WEIGHTS).max()) / LEVELS
    assert found == pytest.approx(wanted(WEIGHTS, BIAS), abs=3 * step)


def test_equal_rows_are_kept_once() -> None:
    twice = np.vstack([WEIGHTS, WEIGHTS * 2])  # twice as large is another scale, not another row
    assert len(Linear.of("abc", twice, BIAS).patterns) <= len(WEIGHTS)


def test_features_without_weights_add_nothing() -> None:
    known = np.array([4, 30], np.int32)
    some = np.zeros_like(WEIGHTS)
    some[known] = WEIGHTS[known]
    model = Linear.of("abc", WEIGHTS[known], BIAS, known)
    assert model.scores(TEXTS) == pytest.approx(wanted(some, BIAS), abs=0.2)
    assert model.scores(TEXTS)[1] == pytest.approx(BIAS)


def test_a_stretched_class_reads_a_text_as_if_all_of_it_were_known() -> None:
    one, other = (Linear.of("abc", WEIGHTS, BIAS, stretched=np.array([longer, False, False]))
                  for longer in (True, False))  # fmt: skip
    long, short = one.scores(TEXTS) - BIAS, other.scores(TEXTS) - BIAS
    assert long[2, 0] == pytest.approx(2 * short[2, 0])
    assert long[:, 1:] == pytest.approx(short[:, 1:])
    assert long[:2] == pytest.approx(short[:2])


def test_models_side_by_side_say_what_each_would_alone() -> None:
    """A model with small weights is not drowned by one with large ones beside it."""
    order = CHANCE.permutation(40)
    large = Fitted(("a", "b", "c"), WEIGHTS[order] * 100, BIAS * 100, order, 40)
    small = Fitted(("d",), WEIGHTS[order[:20], :1], BIAS[:1], order[:20], 40)
    blend = pack({"large": large, "small": small})
    found = blend.joint.scores(TEXTS)
    half = np.zeros_like(WEIGHTS[:, :1])
    half[order[:20]] = WEIGHTS[order[:20], :1]
    assert found[:, :3] / 100 == pytest.approx(wanted(WEIGHTS, BIAS), abs=0.25)
    assert found[:, 3:] == pytest.approx(wanted(half, BIAS[:1]), abs=0.25)
    assert blend.heads["small"].columns == slice(3, 4)


def test_a_languages_heads_must_be_the_last_ones() -> None:
    one = Fitted(("a", "b", "c"), WEIGHTS, BIAS, np.arange(40), 40)
    with pytest.raises(ValueError, match="not the last"):
        pack({"intent": one, "urgency": one}, {"ee": {"intent": one}})
