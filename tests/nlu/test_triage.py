"""The alarm rings from its language's line on; whole cries and safe words ring in any case."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.triage import Triage, value

NAMES = ("none", "threats", "violence_now")
TRIAGE = Triage(
    classes=NAMES, priorities={"threats": 1, "violence_now": 0},
    rings_from={"en": 1.0, "ha": 0.0}, steepness=2.0, cries={"he beats me": "violence_now"},
)  # fmt: skip
SCORES = np.array([0.9, -0.5, -0.8], np.float32)


@pytest.mark.parametrize(
    ("urgent", "languages", "name"),
    [
        (1.1, {"en": 1.0}, "threats"), (0.9, {"en": 1.0}, None), (0.9, {"ha": 1.0}, "threats"),
        (0.6, {"en": 0.5, "ha": 0.5}, "threats"), (0.4, {"en": 0.5, "ha": 0.5}, None),
    ],
)  # fmt: skip
def test_the_line_is_the_languages(
    urgent: float, languages: dict[str, float], name: str | None
) -> None:
    found = TRIAGE.read("some text", urgent, SCORES, languages)
    assert found.name == name
    assert (found.confidence >= 0.5) == (name is not None)


def test_whole_cries_and_safe_words_ring_below_the_line() -> None:
    cry = TRIAGE.read("he beats me", -9.0, SCORES, {"en": 1.0})
    safe = TRIAGE.read("sos", -9.0, SCORES, {"en": 1.0})
    assert (cry.name, cry.priority, cry.confidence) == ("violence_now", 0, 1.0)
    assert (safe.priority, safe.confidence) == (0, 1.0)


def test_value_grows_with_the_alarm_and_with_any_danger_and_falls_with_none() -> None:
    base = value(np.array(0.0), SCORES, NAMES)
    assert value(np.array(1.0), SCORES, NAMES) == pytest.approx(base + 1)
    assert value(np.array(0.0), SCORES + np.array([0, 1, 0]), NAMES) > base
    assert value(np.array(0.0), SCORES + np.array([1, 0, 0]), NAMES) < base


def test_many_rows_are_read_as_one_by_one() -> None:
    rows = np.stack([SCORES, SCORES + 1, SCORES * 2])
    alarms = np.array([0.1, 0.2, 0.3])
    together = value(alarms, rows, NAMES)
    alone = [float(value(alarms[n], rows[n], NAMES)) for n in range(3)]
    assert together == pytest.approx(alone)
