"""The joint model and the language's own: an average, by the languages a text may be in."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.blend import Blend, Head
from nlu.linear import Linear
from nlu.space import Vectors

ONE = Vectors(np.array([0]), np.array([1.0], np.float32), np.array([0, 1]), (1,),
              np.ones(1, np.float32))
CERTAIN = {"ee": (30.0, 0.0), "yo": (0.0, 30.0), "both": (10.0, 10.0)}


def model(*weights: float) -> Linear:
    names = [str(n) for n in range(len(weights))]
    return Linear.of(names, np.array([weights], np.float32), np.zeros(len(weights), np.float32))


def blend(speaks: str, joint: float, **own: float) -> Blend:
    """Two languages, then one blended column."""
    heads = {"language": Head(("ee", "yo"), 0), "intent": Head(("a",), 2)}
    return Blend(heads, model(*CERTAIN[speaks], joint), {k: model(v) for k, v in own.items()})


def value(of: Blend) -> float:
    return float(of.judge(ONE).of("intent")[0, 0])


def test_half_and_half() -> None:
    assert value(blend("ee", 1.0, ee=3.0)) == pytest.approx(2.0, abs=0.5)


def test_a_language_without_a_model_is_left_to_the_joint_one() -> None:
    assert value(blend("yo", 1.0, ee=3.0)) == pytest.approx(value(blend("yo", 1.0)))


def test_two_possible_languages_share_the_half() -> None:
    assert value(blend("both", 0.0, ee=4.0, yo=0.0)) == pytest.approx(1.0, abs=0.2)


def test_unlikely_languages_do_not_count() -> None:
    found = blend("ee", 1.0).judge(ONE)
    codes = found.heads["language"].classes
    assert found.spoken.tolist() == [[float(code == "ee") for code in codes]]
    assert found.speaks[0].sum() == pytest.approx(1.0)


def test_texts_do_not_disturb_each_other() -> None:
    both = Vectors(np.array([0, 0]), np.array([1.0, 2.0], np.float32), np.array([0, 1, 1, 2]),
                   (1, 0, 1), np.ones(3, np.float32))  # fmt: skip
    mixed = blend("ee", 1.0, ee=3.0)
    said = mixed.judge(both)
    assert said.scores[0] == pytest.approx(mixed.judge(ONE).scores[0])
    assert said.of("intent")[1, 0] == 0  # no feature, no bias
    assert said.of("intent")[2, 0] == pytest.approx(2 * said.of("intent")[0, 0])
