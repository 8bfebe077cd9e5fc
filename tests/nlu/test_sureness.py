"""How sure an answer is: its lead over "out of scope" and over the next topic."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.linear import Floats
from nlu.sureness import sureness

OUT = 2  # the place of "out of scope"


def scores(*rows: tuple[float, ...]) -> Floats:
    return np.array(rows, np.float32)


def test_the_lead_over_out_of_scope_counts() -> None:
    assert sureness(scores((0.5, -1.0, -0.3)), OUT) == pytest.approx([0.8])


def test_two_neighbours_that_share_it_make_unsure() -> None:
    assert sureness(scores((0.5, 0.4, -1.0)), OUT) == pytest.approx([0.3])


def test_out_of_scope_is_never_sure() -> None:
    assert sureness(scores((0.5, 0.4, 0.6)), OUT)[0] < 0


def test_each_text_by_itself() -> None:
    found = sureness(scores((0.5, -1.0, -0.3), (0.5, 0.4, 0.6), (-1.0, 0.5, -0.3)), OUT)
    assert found == pytest.approx([0.8, -1.0, 0.8])
