"""The benchmark of lines reads each file with lines drawn on the others only."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.case import Case
from nlu.thresholds import Heard
from tests.bench.lines import FIGURES, Left, figures, left_out

CASES = [Case("en", "ask_taxes", "-", "a"), Case("en", "ask_debts", "-", "b"),
         Case("en", "out_of_scope", "-", "c"), Case("en", "-", "threats", "d"),
         Case("en", "-", "~", "e")]  # fmt: skip


def heard(urgent: list[float], times: int = 1) -> Heard:
    asked = ["ask_taxes", "ask_taxes", "out_of_scope", "greet", "greet"]
    return Heard(CASES * times, np.array(asked * times), np.array([1.0] * 5 * times),
                 np.array(urgent * times))  # fmt: skip


def test_figures_are_those_of_these_lines() -> None:
    found = figures(heard([0.0, 0.6, 0.0, 0.4, 0.5]), sure=0.5, rings=0.5)
    assert list(found.values()) == pytest.approx([1.0, 0.5, 1.0, 0.0, 1.0, 1 / 3])


def test_a_file_is_read_with_the_lines_of_the_others() -> None:
    """The others' cries begin at one: this file's cries at a half are missed."""
    low, high = heard([0.0, 0.0, 0.0, 0.5, 0.1], 80), heard([0.0, 0.0, 0.0, 1.0, 0.1], 80)
    first, second = left_out({"en-1": low, "en-2": high})
    assert (first.name, first.figures["urgent caught (any class)"]) == ("en-1", 0.0)
    assert second.figures["urgent caught (any class)"] == 1.0


def test_a_file_without_every_kind_of_message_is_not_judged() -> None:
    some = heard([0.0] * 5).where(lambda case: case.urgency != "~")
    assert not list(left_out({"en-1": some, "en-2": some}))


def test_what_has_no_aim_is_not_missed() -> None:
    left = Left("en-1", "en", dict.fromkeys(FIGURES, 0.9))
    assert [name for name in FIGURES if left.missed(name)] == [
        "of what is answered, right", "out of scope refused", "urgent caught (any class)",
        "look-alikes wrongly urgent",
    ]  # fmt: skip
