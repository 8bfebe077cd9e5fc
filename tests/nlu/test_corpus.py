"""Training sees a text exactly as the engine will."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.corpus import layout, matrix

TEXTS = ["i lost my passport", "my passport my passport is lost", "where do i renew it"]


@pytest.mark.parametrize("text", [*TEXTS, "pasport lost xyzzy", "lost", "q"])
def test_many_at_once_are_weighed_like_one(text: str) -> None:
    space = layout(TEXTS)
    row = matrix(space, ["where", text])[1].toarray().ravel()
    vector = space.vector(text)
    alone = np.zeros(len(space.idf), np.float32)
    alone[vector.rows] = vector.values
    assert row == pytest.approx(alone, abs=1e-5)


def test_the_usual_features_come_first() -> None:
    space = layout(TEXTS)
    assert (np.diff(space.idf) >= 0).all()
    assert space.index["w:i"] < space.index["w:renew"]
