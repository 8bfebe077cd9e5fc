"""A look-alike is set against the danger whose words it uses."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from nlu import data
from nlu.contrast import paired
from nlu.corpus import Sample, corpus
from nlu.engine import Engine
from nlu.lessons import lessons
from tests.nlu.conftest import PRIORITIES, write


def urgency(folder: Path, dangers: Collection[str]) -> Sample:
    return dict(lessons(corpus(data.read(folder)), dangers))["urgency"]


def test_look_alikes_are_paired_with_their_danger(tmp_path: Path) -> None:
    write(tmp_path)
    sample = urgency(tmp_path, PRIORITIES)
    labels = dict(zip(sample.texts, paired(sample.matrix, sample.labels).tolist(), strict=True))
    assert labels["he is beating me now"] == "violence_now"
    assert labels["beating the drum is my work"] == "~violence_now"
    assert labels["what food do you like"] == "~no_food_or_medicine"
    assert labels["hello"] == "none"


def test_the_class_of_a_danger_is_fitted_against_its_look_alikes(engine: Engine) -> None:
    assert {"~violence_now", "violence_now", "none"} <= {*engine.blend.heads["urgency"].classes}


def test_without_dangers_to_compare_there_is_only_none(tmp_path: Path) -> None:
    write(tmp_path)
    sample = urgency(tmp_path, ())
    assert set(paired(sample.matrix, sample.labels)) == {"none"}
