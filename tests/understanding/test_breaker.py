"""The circuit breaker, second by second."""

from __future__ import annotations

import pytest

from bot.understanding.breaker import Breaker
from tests.understanding.conftest import Clock


@pytest.mark.parametrize(
    ("story", "allowed"),
    [
        # f: a failure, s: a success, ?: may we ask, digits: so many seconds pass
        ("?ff?", "yy"),
        ("fff?", "n"),
        ("ffsff?", "y"),
        ("fff9?1?", "ny"),
        ("fff91??", "yn"),
        ("fff91?f9?1?", "yny"),
        ("fff91?s??", "yyy"),
        ("fff91?5?5?", "yny"),
    ],
)
def test_after_three_failures_one_trial_every_ten_seconds(
    clock: Clock, story: str, allowed: str
) -> None:
    breaker, said = Breaker(failures=3, rest=10, clock=clock), ""
    for sign in story:
        if sign == "?":
            said += "y" if breaker.allows() else "n"
        elif sign == "f":
            breaker.failed()
        elif sign == "s":
            breaker.succeeded()
        else:
            clock.seconds += int(sign)
    assert said == allowed


def test_the_failure_that_opens_it_is_told_once(clock: Clock) -> None:
    breaker = Breaker(failures=2, rest=10, clock=clock)
    assert [breaker.failed() for _ in range(4)] == [False, True, False, False]
