"""sankofa train: taking a candidate, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.train import main
from bot.settings import SettingsError
from nlu import versions


@pytest.mark.parametrize(
    ("option", "what"), [("--roll-back", "previous"), ("--accept", "candidate")]
)
def test_without_such_a_model_one_line_says_so(tmp_path: Path, option: str, what: str) -> None:
    with pytest.raises(SettingsError, match=what):
        main([option, "--output", str(tmp_path / "m.npz")])


def test_a_candidate_is_taken_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.npz"
    path.write_text("old")
    versions.candidate(path).write_text("new")
    assert main(["--accept", "--output", str(path)]) == 0
    assert path.read_text() == "new"
    assert main(["--roll-back", "--output", str(path)]) == 0
    assert path.read_text() == "old"
    assert "--roll-back takes it back" in capsys.readouterr().out


def test_one_thing_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--accept", "--roll-back", "--output", str(tmp_path / "m.npz")])
