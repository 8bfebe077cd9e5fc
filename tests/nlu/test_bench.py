"""The benchmark trains by the shipped recipe and reports what it says it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.bench import injongo

ROWS = {
    "twi": {"alarm": ["bɔ me alarm", "nyane me anɔpa", "alarm a ɛyɛ den"],
            "music": ["bɔ dwom ma me", "me pɛ dwom", "dwom foforɔ"]},
    "eng": {"alarm": ["wake me at six", "set an alarm", "alarm for tomorrow"],
            "music": ["play a song", "some music please", "play new music"]},
}  # fmt: skip


def table(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = ["lang\tintent\ttext", *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_accuracy_per_language_and_the_african_average(tmp_path: Path) -> None:
    train = table(tmp_path / "train.tsv", [(code, intent, text) for code, intents in ROWS.items()
                  for intent, texts in intents.items() for text in texts])  # fmt: skip
    test = table(tmp_path / "test.tsv", [
        ("twi", "music", "bɔ dwom foforɔ"), ("twi", "alarm", "bɔ dwom"),
        ("eng", "alarm", "an alarm at six"),
    ])  # fmt: skip
    result = injongo.run(train, test)
    assert result.right == {"twi": pytest.approx(0.5), "eng": pytest.approx(1.0)}
    assert result.average == pytest.approx(0.5)
    assert 0 < result.size < 100_000
    assert any("average of the 1 African languages: 50.00%" in line for line in result.lines())
