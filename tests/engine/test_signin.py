"""Only the owner gets in by the password, and guessing meets a lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import argon2
import pytest

from bot import passwords, signin, staff
from bot.roles import Role
from bot.signin import Failure, WeakPassword
from tests.conftest import NOON
from tests.engine.desk import GOOD, HOSTILE, Counting, Desk

REAL = passwords.HASHER
WRONG = Failure.WRONG


def test_the_password_is_kept_by_argon2_with_the_defaults_of_the_library(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", REAL)
    desk.database.call(signin.set_password, desk.id, GOOD)
    parameters = argon2.extract_parameters(desk.row().password)
    assert parameters == argon2.profiles.get_default_parameters()
    assert desk.password() == desk.id
    assert desk.password(GOOD + ".") is WRONG


def test_a_hash_of_old_parameters_is_made_anew_when_the_password_is_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", today)
    assert desk.password("not hers at all") is WRONG
    assert today.check_needs_rehash(desk.row().password)
    assert desk.password() == desk.id
    assert not today.check_needs_rehash(desk.row().password)
    assert desk.password() == desk.id


def test_a_weak_password_leaves_the_old_one(desk: Desk) -> None:
    with pytest.raises(WeakPassword, match="not your e-mail"):
        desk.database.call(signin.set_password, desk.id, "ama@example.org")
    assert desk.password() == desk.id
    desk.database.call(signin.set_password, desk.id, "the cows came too")
    assert desk.password() is WRONG
    assert desk.password("the cows came too") == desk.id


def test_a_password_that_is_changed_while_it_is_compared_is_the_old_one(desk: Desk) -> None:
    stored = desk.database.call(signin.stored, "ama@example.org")
    attempt = signin.compare("ama@example.org", GOOD, stored)
    desk.database.call(signin.set_password, desk.id, "the cows came too")
    assert desk.database.call(signin.settle, attempt, desk.clock()) is WRONG
    assert desk.password("the cows came too") == desk.id


def test_the_address_may_be_typed_in_any_case(desk: Desk) -> None:
    assert desk.password(email=" AMA@Example.org ") == desk.id


def test_neither_the_answer_nor_the_work_tells_who_has_an_account(
    desk: Desk, cheap: Counting
) -> None:
    def add(name: str, **columns: Any) -> None:
        new = staff.NewStaff(email=f"{name}@example.org", name=name, role=Role.ADMIN)
        id = desk.database.call(staff.add, new, NOON)
        if columns:
            desk.database.call(signin.set_password, id, GOOD)
            desk.database.call(staff.change, id, **columns)

    add("left", active=False)
    add("new")  # no password yet
    desk.password(email="nobody@example.org")  # the first one makes the hash that is nobody's
    for email in ["left@example.org", "new@example.org", "nobody@example.org", *HOSTILE]:
        before = cheap.verified
        assert desk.password(email=email) is WRONG, email
        assert cheap.verified == before + 1, email


def test_whatever_is_typed_is_only_wrong(desk: Desk) -> None:
    for typed in HOSTILE:
        assert desk.password(typed) is WRONG, typed[:20]
        desk.database.call(staff.change, desk.id, failures=0)


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.wrong(4)
    assert desk.password() == desk.id  # four are forgotten
    desk.wrong(5)
    assert desk.password() is Failure.LOCKED
    desk.clock.forward(minutes=14, seconds=59)
    assert desk.password() is Failure.LOCKED
    desk.clock.forward(seconds=1)
    assert desk.password() == desk.id
    assert (desk.row().failures, desk.row().locked_until) == (0, None)


def test_each_lock_is_twice_as_long_up_to_a_day(desk: Desk) -> None:
    locks = []
    for _ in range(9):
        desk.wrong(5)
        locks.append(desk.row().locked_until - desk.clock())
        desk.clock.now = desk.row().locked_until
    minutes = [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert locks == [timedelta(minutes=n) for n in minutes]
    assert desk.password() == desk.id
    desk.wrong(5)
    assert desk.row().locked_until == desk.clock() + timedelta(minutes=15)


def test_who_guesses_during_a_lock_learns_nothing_from_it(desk: Desk) -> None:
    desk.wrong(5)
    until = desk.row().locked_until
    desk.wrong(4)
    assert desk.password() is WRONG  # the guesses of this lock are used up
    desk.wrong(20)
    assert desk.row().locked_until == until  # nor can they make it longer
    desk.clock.now = until
    desk.wrong(1)
    assert desk.row().locked_until == until + timedelta(minutes=30)
    assert desk.password() is Failure.LOCKED


def test_parallel_guesses_are_all_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = argon2.PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", slow)
    desk.database.call(signin.set_password, desk.id, GOOD)
    together = Barrier(8)

    def guess(n: int) -> int | Failure:
        together.wait()
        return desk.password(f"not hers at all {n}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(guess, range(8))) == [WRONG] * 8
    assert desk.row().failures == 8
    assert desk.password() is Failure.LOCKED
