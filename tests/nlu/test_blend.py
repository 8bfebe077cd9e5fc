"""The joint model and the language's own: an average, by the languages a text may be in."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.blend import Blend, likely
from nlu.linear import Linear, Vector

TEXT = Vector(np.array([0]), np.array([1.0], np.float32))


def model(weight: float, *classes: str) -> Linear:
    names = classes or ("a", "b")
    row = np.array([[weight, *[0.0] * (len(names) - 1)]], np.float32)
    return Linear.of(names, row, np.zeros(len(names), np.float32))


def test_half_and_half() -> None:
    blend = Blend(model(1.0), {"ee": model(3.0)})
    assert blend.scores(TEXT, {"ee": 1.0})[0] == pytest.approx(2.0, abs=0.01)


def test_a_language_without_a_model_is_left_to_the_joint_one() -> None:
    blend = Blend(model(1.0), {"ee": model(3.0)})
    assert blend.scores(TEXT, {"yo": 1.0})[0] == pytest.approx(1.0, abs=0.01)


def test_two_possible_languages_share_the_half() -> None:
    blend = Blend(model(0.0), {"en": model(4.0), "pcm": model(0.0)})
    assert blend.scores(TEXT, {"en": 0.5, "pcm": 0.5})[0] == pytest.approx(1.0, abs=0.01)


def test_parts_are_found_by_their_names() -> None:
    models = {"intent": model(1.0), "intent.ee": model(2.0), "alarm": model(3.0)}
    assert set(Blend.of(models, "intent").own) == {"ee"}


def test_unlikely_languages_do_not_count() -> None:
    language = model(1.0, "ak", "ee", "ha")
    found = likely(language, np.array([0.89, 0.1, 0.01], np.float32))
    assert set(found) == {"ak", "ee"}
    assert sum(found.values()) == pytest.approx(1.0)
