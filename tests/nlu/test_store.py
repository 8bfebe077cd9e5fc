"""A model file holds what was saved, packed either way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu import store
from nlu.engine import Engine
from nlu.store import NotTrained, load, save


@pytest.mark.parametrize("small", [False, True])
def test_a_model_comes_back_as_it_was(engine: Engine, tmp_path: Path, small: bool) -> None:
    space = replace(engine.space, longest=5)
    kept = store.Stored(space, engine.blend, {"cries": {"help": "threats"}})
    save(tmp_path / "m.npz", kept, small=small)
    back = load(tmp_path / "m.npz")
    assert back.facts == kept.facts
    assert back.space.codes.tolist() == kept.space.codes.tolist()
    assert back.space.longest == kept.space.longest
    assert back.blend.heads == kept.blend.heads
    texts = ["I lost my passport", "they beat me now", "mpaboa"]
    before, after = (each.blend.judge(each.space.vectors(texts)) for each in (kept, back))
    assert before.scores == pytest.approx(after.scores, abs=1e-3)  # scales are rounded to half
    assert np.array_equal(before.speaks > 0.5, after.speaks > 0.5)


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("damage", [slice(0, 400), slice(400, None), slice(0, -400)])
def test_a_broken_file_says_what_to_do(
    engine: Engine, tmp_path: Path, small: bool, damage: slice
) -> None:
    path = tmp_path / "m.npz"
    save(path, store.Stored(engine.space, engine.blend), small=small)
    path.write_bytes(path.read_bytes()[damage])
    with pytest.raises(NotTrained, match="sankofa train"):
        load(path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotTrained, match="sankofa train"):
        Engine.load(tmp_path / "none.npz")


def test_a_flipped_byte_in_the_middle_is_noticed(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    save(path, store.Stored(engine.space, engine.blend), small=True)
    found = bytearray(path.read_bytes())
    found[len(found) // 2] ^= 0x55
    path.write_bytes(found)
    with pytest.raises(NotTrained, match="sankofa train"):
        load(path)
