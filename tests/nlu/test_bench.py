"""The benchmarks train by the shipped recipe, read as served, and report what they say they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.bench import injongo, outside
from nlu.engine import Engine

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


def test_ethiopic_is_spelt_and_everything_else_left_as_it_is() -> None:
    assert injongo.spelt("ሰላም, wake me at 9 ሰዓት!") == "salaame, wake me at 9 saaate!"
    assert injongo.spelt("Ɛyɛ dɛ") == "Ɛyɛ dɛ"


def test_sentences_from_outside_are_counted_by_language(engine: Engine) -> None:
    texts = ["how do i renew my passport", "he is beating me now", "who won the match"]
    rows = [injongo.Row("eng", "any", text) for text in texts]
    found = outside.run(engine, [*rows, injongo.Row("zul", "any", "ngicela usizo")])
    assert found == [outside.Outside("en", 3, known=1.0, answered=1 / 3, rings=1 / 3)]
    assert found[0].line().startswith("en      3 sentences  language 100.0%")
