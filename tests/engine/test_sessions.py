"""A session ends by itself, and a token that somebody else may know is worth nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot import sessions, staff
from bot.db import Database
from bot.roles import Role
from bot.sessions import Session
from tests.conftest import NOON
from tests.engine.conftest import Clock


class Browser:
    """What the console does with sessions, and a clock to move."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, Clock()

    def joins(self, name: str) -> int:
        new = staff.NewStaff(email=f"{name}@example.org", name=name, role=Role.COUNSELLOR)
        return self.database.call(staff.add, new, NOON)

    def begin(self, who: int, *, second: bool = True) -> str:
        return self.database.call(sessions.begin, who, self.clock(), second=second)

    def find(self, token: str) -> Session | None:
        return self.database.call(sessions.find, token, self.clock())

    def click(self, token: str) -> bool:
        """Something is done with the session; False when it is over."""
        found = self.find(token)
        if found:
            self.database.call(sessions.touch, found, self.clock())
        return found is not None

    def renew(self, token: str, **more: Any) -> str | None:
        return self.database.call(sessions.renew, token, self.clock(), **more)

    def rows(self) -> list[Any]:
        return list(self.database.call(
            lambda conn: conn.execute(sa.select(sessions.sessions)).all()
        ))  # fmt: skip


@pytest.fixture
def browser(database: Database) -> Browser:
    return Browser(database)


def test_a_session_is_found_by_its_token_alone(browser: Browser) -> None:
    ama, kofi = browser.joins("ama"), browser.joins("kofi")
    hers, his = browser.begin(ama), browser.begin(kofi, second=False)
    found = browser.find(hers)
    assert found is not None
    assert (found.staff_id, found.second) == (ama, True)
    other = browser.find(his)
    assert other is not None
    assert (other.staff_id, other.second) == (kofi, False)
    assert found.csrf != other.csrf
    assert len(found.csrf) == 64


def test_a_token_that_nobody_gave_out_finds_nothing(browser: Browser) -> None:
    browser.begin(browser.joins("ama"))
    for token in ["", "\0", "\ud800", "x" * 100_000, "' OR 1=1 --"]:
        assert browser.find(token) is None
        assert browser.renew(token) is None
        browser.database.call(sessions.end, token)
    assert len(browser.rows()) == 1


def test_a_stolen_database_opens_no_console(browser: Browser) -> None:
    token = browser.begin(browser.joins("ama"))
    (row,) = browser.rows()
    assert token not in str(row)
    assert browser.find(row.token) is None


def test_two_hours_of_nothing_end_a_session(browser: Browser) -> None:
    token = browser.begin(browser.joins("ama"))
    browser.clock.forward(hours=1, minutes=59, seconds=59)
    assert browser.click(token)
    browser.clock.forward(hours=1, minutes=59, seconds=59)
    assert browser.click(token)
    browser.clock.forward(hours=2)
    assert not browser.click(token)


def test_twelve_hours_end_it_however_busy_it_is(browser: Browser) -> None:
    token = browser.begin(browser.joins("ama"))
    for _ in range(47):
        browser.clock.forward(minutes=15)
        assert browser.click(token)
    browser.clock.forward(minutes=14, seconds=59)
    assert browser.click(token)
    browser.clock.forward(seconds=1)
    assert not browser.click(token)


def test_clicks_within_a_minute_write_nothing(browser: Browser) -> None:
    token = browser.begin(browser.joins("ama"))
    written: list[str] = []

    @sa.event.listens_for(browser.database.engine, "before_cursor_execute")
    def see(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written.extend([statement] if statement.startswith("UPDATE") else [])

    for _ in range(6):
        browser.clock.forward(seconds=10)
        assert browser.click(token)
    assert written == []
    browser.clock.forward(seconds=1)
    assert browser.click(token)
    assert len(written) == 1


def test_the_second_factor_gives_a_new_token_and_voids_the_planted_one(browser: Browser) -> None:
    planted = browser.begin(browser.joins("ama"), second=False)
    before = browser.find(planted)
    browser.clock.forward(minutes=5)
    token = browser.renew(planted, second=True)
    assert token is not None
    after = browser.find(token)
    assert before is not None
    assert after is not None
    assert after.second
    assert after.csrf != before.csrf
    assert after.seen_at == browser.clock()
    assert after.until == before.until  # renewing is no way to stay for ever
    assert browser.find(planted) is None
    assert browser.renew(planted, second=True) is None


def test_a_new_password_gives_a_new_token_and_asks_for_no_second_code(browser: Browser) -> None:
    ama = browser.joins("ama")
    for second in (True, False):
        token = browser.renew(browser.begin(ama, second=second))
        assert token is not None
        found = browser.find(token)
        assert found is not None
        assert found.second is second


def test_a_session_that_is_over_cannot_be_renewed(browser: Browser) -> None:
    token = browser.begin(browser.joins("ama"))
    browser.clock.forward(hours=2)
    assert browser.renew(token) is None


def test_signing_out_here_and_everywhere(browser: Browser) -> None:
    ama, kofi = browser.joins("ama"), browser.joins("kofi")
    phone, desk, home, his = (browser.begin(who) for who in (ama, ama, ama, kofi))
    browser.database.call(sessions.end, phone)
    assert [bool(browser.find(t)) for t in (phone, desk, home, his)] == [False, True, True, True]
    browser.database.call(sessions.end_all, ama)
    assert [bool(browser.find(t)) for t in (phone, desk, home, his)] == [False, False, False, True]


def test_only_what_has_run_out_is_purged(browser: Browser) -> None:
    ama = browser.joins("ama")
    browser.begin(ama)  # and left open
    busy = browser.begin(ama)
    browser.clock.forward(minutes=119)
    assert browser.click(busy)
    for moved, left in [({"seconds": 59}, 2), ({"seconds": 1}, 1), ({"minutes": 119}, 0)]:
        browser.clock.forward(**moved)
        browser.database.call(sessions.purge, browser.clock())
        assert len(browser.rows()) == left
    long = browser.begin(ama)
    while browser.click(long):  # until the twelve hours end it
        browser.clock.forward(minutes=29)
    browser.database.call(sessions.purge, browser.clock())
    assert browser.rows() == []
