"""A look-alike is set against the danger whose words it uses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from nlu import contrast, data
from nlu.contrast import paired
from nlu.corpus import Sample, corpus
from nlu.lessons import lessons
from tests.nlu.conftest import PRIORITIES, write


def urgency(folder: Path, dangers: Collection[str]) -> Sample:
    return dict(lessons(corpus(data.read(folder)), dangers))["urgency"]


def test_look_alikes_are_paired_with_their_danger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contrast, "SORTER", replace(contrast.SORTER, near=1.0))  # of few phrases
    write(tmp_path)
    sample = urgency(tmp_path, PRIORITIES)
    labels = dict(zip(sample.texts, paired(sample.matrix, sample.labels).tolist(), strict=True))
    assert labels["he is beating me now"] == "violence_now"
    assert labels["beating the drum is my work"] == "~violence_now"
    assert labels["what food do you like"] == "~no_food_or_medicine"
    assert labels["hello"] == "none"


def test_without_dangers_to_compare_there_is_only_none(tmp_path: Path) -> None:
    write(tmp_path)
    sample = urgency(tmp_path, ())
    assert set(paired(sample.matrix, sample.labels)) == {"none"}
