"""Lines are drawn as low as they may be, and per language."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import thresholds
from nlu.case import Case
from nlu.engine import Engine
from nlu.store import load


def answers(sure: list[float], right: list[bool], outside: list[bool]) -> thresholds.Answers:
    out = np.array(outside, bool)
    return thresholds.Answers(np.array(sure), np.array(right, bool), ~out, out)


def test_the_line_parts_right_answers_from_the_rest() -> None:
    found = answers([1.1, 1.0, 0.9, 0.3, 0.2], [True, True, True, False, False], [False] * 5)
    assert 0.3 < found.line(0.93) <= 0.9


def test_what_is_out_of_scope_raises_the_line() -> None:
    sure, right = [1.0] * 8 + [0.8] * 2, [True] * 8 + [False] * 2
    assert 0.8 < answers(sure, right, [False] * 8 + [True] * 2).line(0.93) <= 1.0


def test_where_the_aims_conflict_the_worst_missed_decides() -> None:
    """Refusing everything would miss the aim of answers by far."""
    asked = [0.9] * 50 + [0.5] * 46
    outside = [0.5] * 5 + [0.1] * 35
    mixed = answers(asked + outside, [True] * 96 + [False] * 40, [False] * 96 + [True] * 40)
    assert 0.1 < mixed.line(0.93) <= 0.5


def test_slack_is_negative_when_an_aim_is_missed() -> None:
    sure, outside = [1.0, 1.0, 0.1], [False, False, True]
    assert answers(sure, [True, False, False], outside).slack(0.5, 0.93) < 0
    assert answers(sure, [True, True, False], outside).slack(0.5, 0.93) > 0


def test_no_messages_no_line() -> None:
    assert answers([], [], []).line(0.93) == 0.0


def test_every_language_has_its_lines(engine: Engine, model: object) -> None:
    facts = load(model).facts  # type: ignore[arg-type]
    assert set(facts["urgent_from"]) == set(facts["understood_from"]) == {"en", "fr"}
    assert facts["phrases"]["en"] == {"phrases": 42, "look_alikes": 6, "writers": 2}


@pytest.mark.parametrize("steep", [1.0, 4.0])
def test_steepness_follows_the_scores(steep: float) -> None:
    chance = np.random.default_rng(1)
    scores = chance.normal(size=4000)
    urgent = chance.random(4000) < 1 / (1 + np.exp(-steep * scores))
    assert thresholds._steepness(scores, urgent) == pytest.approx(steep, rel=0.35)


@pytest.mark.parametrize(
    ("alike", "line"),
    [
        ([0.0] * 100, 0.1),  # nothing that looks like a cry is near: nearly every cry rings
        ([0.5] * 100, 0.5),  # many are: only as many cries ring as must
        ([0.5] * 2 + [0.0] * 98, 0.1),  # a few may ring, too
    ],
)
def test_the_alarm_rings_as_often_as_look_alikes_allow(alike: list[float], line: float) -> None:
    cries = np.array([0.1] * 4 + [0.5] * 4 + [1.0] * 92)
    none = np.array([])
    for kinds in ([np.array(alike), none], [none, np.array(alike)]):  # look-alikes, plain messages
        assert thresholds._line(cries, kinds, 0.955) == pytest.approx(line, abs=0.02)


def test_a_language_s_alarm_leans_to_the_mean_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Low cries and high ones: each line leans towards the other's; a language without messages
    has the mean."""
    monkeypatch.setattr(thresholds, "PULL", 0.5)
    cases, urgent = [], []
    for code, level in (("en", 0.0), ("fr", 1.0)):
        cases += [Case(code, "-", "threats", f"{code} {n}") for n in range(100)]
        urgent += [level] * 100
    heard = thresholds.Heard(cases, np.array([""] * 200), np.zeros(200), np.array(urgent))
    found = thresholds.rings(heard, ["en", "fr", "ha"])
    assert found == {"en": pytest.approx(0.25), "fr": pytest.approx(0.75), "ha": pytest.approx(0.5)}
