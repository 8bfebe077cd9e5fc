"""What the evaluation counts, and what the model card says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu import card, evaluate
from nlu.case import Case, read_cases
from nlu.engine import Engine
from nlu.reading import Guess, Reading, Urgency


def reading(intent: str, *, urgency: str | None = None, understood: bool = True,
            language: str = "en") -> Reading:  # fmt: skip
    ranking = (Guess(intent, 0.9), Guess("ask_taxes", 0.1))
    priority = None if urgency is None else 0
    return Reading(text="", language=Guess(language, 0.9), intent=ranking[0], ranking=ranking,
                   entities=(), urgency=Urgency(urgency, priority, 0.9),
                   understood=understood)  # fmt: skip


CASES = {
    Case("en", "ask_taxes", "-", "what is the levy on a kiosk"): reading("ask_debts"),
    Case("en", "ask_passport", "-", "passport fee please"): reading("ask_passport"),
    Case("en", "ask_passport", "-", "passport"): reading("ask_passport", understood=False),
    Case("en", "out_of_scope", "-", "who won the match"): reading("greet", understood=False),
    Case("en", "greet", "-", "how far now"): reading("greet", language="pcm"),
    Case("en", "-", "threats", "they will burn us"): reading("menu", urgency="violence_now"),
    Case("en", "-", "threats", "he said he comes"): reading("menu", language="fr"),
    Case("en", "-", "~", "this heat kills me"): reading("menu", urgency="violence_now"),
}  # fmt: skip


def report() -> evaluate.Report:
    by_text = {case.text: found for case, found in CASES.items()}
    return evaluate.evaluate(lambda texts: [by_text[text] for text in texts], list(CASES))[0]


@pytest.mark.parametrize(
    ("figure", "share", "size"),
    [
        ("ask_* top-1", 2 / 3, 3), ("ask_* in the first three", 1.0, 3),
        ("ask_* answered", 2 / 3, 3), ("of what is answered, right", 2 / 3, 3),
        ("out of scope refused", 1.0, 1), ("urgent caught (any class)", 0.5, 2),
        ("urgent in the right class", 0.0, 2), ("look-alikes wrongly urgent", 1.0, 1),
        ("plain messages wrongly urgent", 0.0, 5), ("language right, 3 words and more", 6 / 7, 7),
    ],
)  # fmt: skip
def test_figures(figure: str, share: float, size: int) -> None:
    assert report().figures[figure] == (pytest.approx(share), size)


def test_a_stored_model_is_judged_on_all_cores_as_on_one(model: Path) -> None:
    of, short = list(CASES)[:4], list(CASES)[4:]
    assert evaluate.on_all_cores(model, of, short) == evaluate.conditions(
        Engine.load(model).read_all, of, short
    )


def test_mistakes_name_what_was_wanted() -> None:
    assert report().mistakes == (
        ("ask_taxes", "ask_debts", "what is the levy on a kiosk"),
        ("out_of_scope", "greet", "who won the match"),
        ("threats", "None", "he said he comes"),
        ("not urgent", "violence_now", "this heat kills me"),
    )


def test_the_card_counts_and_names_weaknesses() -> None:
    facts = {"phrases": {"en": {"phrases": 42, "look_alikes": 6, "writers": 2}}}
    text = card.write(facts, [report()])
    assert "| en | 42 | 6 | 2 |" in text
    assert "| ask_* top-1 | 66.7% (3) |" in text
    assert "- en: look-alikes wrongly urgent 100.0% of 1, the aim is 5%" in text
    assert "out of scope refused 100.0% of" not in text


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("intent\turgency\ttext\nmenu\t-\t\n")
    with pytest.raises(ValueError, match=r"en\.tsv"):
        read_cases(tmp_path)
