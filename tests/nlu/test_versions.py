"""Candidate, present and previous model change places, each with its card."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu import versions
from nlu.case import Case
from nlu.reading import Guess, Reading, Urgency


def put(path: Path, text: str) -> None:
    path.write_text(text)
    versions.card(path).write_text(f"card of {text}")


def test_a_candidate_takes_the_models_place_and_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "sankofa.npz"
    for text in ("first", "second"):
        put(versions.candidate(path), text)
        versions.accept(path)
    assert path.read_text() == "second"
    assert versions.previous(path).read_text() == "first"
    assert versions.card(path).read_text() == "card of second"
    versions.roll_back(path)
    assert (path.read_text(), versions.previous(path).read_text()) == ("first", "second")
    assert versions.card(path).read_text() == "card of first"
    versions.roll_back(path)
    assert path.read_text() == "second"
    assert not versions.candidate(path).exists()


def test_what_does_not_exist_cannot_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "sankofa.npz"
    put(path, "only")
    with pytest.raises(versions.NoVersion, match="candidate"):
        versions.accept(path)
    with pytest.raises(versions.NoVersion, match="previous"):
        versions.roll_back(path)
    assert path.read_text() == "only"


def reading(intent: str, urgency: str | None) -> Reading:
    priority = None if urgency is None else 0
    return Reading(text="", language=Guess("en", 1.0), intent=Guess(intent, 1.0), ranking=(),
                   entities=(), urgency=Urgency(urgency, priority, 1.0),
                   understood=True)  # fmt: skip


def test_a_comparison_names_what_changed_and_the_worst_first() -> None:
    cases = [
        Case("en", "ask_passport", "-", "p1"), Case("en", "ask_passport", "-", "p2"),
        Case("en", "ask_debts", "-", "d"), Case("fr", "-", "threats", "t"),
        Case("fr", "-", "~", "film"), Case("en", "greet", "-", "hello"),
        Case("fr", "menu", "-", "carte"),
    ]  # fmt: skip
    old = {
        "p1": ("ask_passport", None),
        "p2": ("ask_passport", None),
        "d": ("ask_taxes", None),
        "t": ("menu", "threats"),
        "film": ("menu", "threats"),
        "hello": ("greet", None),
        "carte": ("menu", None),
    }
    new = {"p1": ("ask_passport", None), "p2": ("ask_debts", None), "d": ("ask_debts", None),
           "t": ("menu", None), "film": ("menu", None), "hello": ("greet", None),
           "carte": ("menu", "threats")}  # fmt: skip
    found = versions.compare(lambda texts: [reading(*old[t]) for t in texts],
                             lambda texts: [reading(*new[t]) for t in texts], cases)  # fmt: skip
    assert [(c.language, c.name, c.before, c.after, c.of) for c in found] == [
        ("fr", "plain messages", 1, 0, 1), ("fr", "threats", 1, 0, 1),
        ("en", "ask_passport", 2, 1, 2),
        ("en", "ask_debts", 0, 1, 1), ("fr", "look-alikes", 0, 1, 1),
    ]  # fmt: skip
    assert found[0].line().startswith("- fr")


def test_more_harmless_messages_that_ring_count_against_a_candidate_beyond_chance() -> None:
    def objections(*counts: tuple[str, int, int]) -> list[str]:
        changes = [versions.Change("en", name, before, after, 40) for name, before, after in counts]
        return versions.objections(changes, {"threats"})

    assert objections((versions.PLAIN, 40, 30)) == ["10 harmless messages ring now, 0 no more"]
    assert objections((versions.LOOKALIKES, 36, 35)) == []  # one message is chance
    assert objections((versions.LOOKALIKES, 30, 40), (versions.PLAIN, 40, 38)) == []
