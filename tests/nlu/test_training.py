"""How near the optimum a model is fitted."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import training
from nlu.corpus import corpus
from nlu.data import Phrase
from nlu.training import NEAR, Recipe, fit
from tests.nlu.conftest import PHRASES

FAR = 300.0


def weights(near: float) -> np.ndarray:
    phrases = [Phrase(text, label, "en", 1) for label, of in PHRASES["en"].items() for text in of]
    sample = corpus(phrases).sample()
    return fit(sample.matrix, sample.labels, Recipe(near=near)).weights


def test_few_phrases_are_fitted_nearer_than_is_enough_for_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (weights(FAR) == weights(NEAR)).all()
    monkeypatch.setattr(training, "FEW", 0)
    assert (weights(FAR) != weights(NEAR)).any()
