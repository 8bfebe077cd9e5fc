"""Who has waited longest, and in how many cases each of us answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import caselog, handoff, staff, team
from bot.caselog import caselog as log
from bot.cases import cases
from bot.db import Database
from bot.library import Library
from bot.roles import Role
from bot.staff import NewStaff
from tests.conftest import NOON
from tests.engine.stories import Stories

HOUR = timedelta(hours=1)


@pytest.fixture
def stories(database: Database, library: Library) -> Stories:
    return Stories(database, library)


def waiting(stories: Stories) -> list[tuple[int, int, datetime, int]]:
    queues = stories.database.call(team.queues)
    return [(q.priority, q.case_id, q.since, q.waiting) for q in queues]


def test_nobody_waits(stories: Stories) -> None:
    stories.need(NOON, answered=5)
    stories.need(NOON, answered=5, closed=9)
    assert waiting(stories) == []


def test_the_oldest_of_each_priority_and_how_many(stories: Stories) -> None:
    stories.need(NOON + HOUR, priority=2)
    old = stories.need(NOON, priority=2)
    stories.need(NOON + 2 * HOUR, priority=2)
    danger = stories.need(NOON + HOUR, priority=0, urgency="violence_now")
    assert waiting(stories) == [(0, danger, NOON + HOUR, 1), (2, old, NOON, 3)]


def test_a_case_on_somebody_s_desk_waits_until_they_take_it(stories: Stories) -> None:
    id = stories.need(NOON)
    stories.database.call(handoff.assign, id, stories.by, NOON + HOUR, stories.country)
    assert waiting(stories) == [(2, id, NOON, 1)]
    stories.database.call(handoff.take, id, stories.by, NOON + HOUR)
    assert waiting(stories) == []


def test_a_case_that_came_back_waits_from_then_on(stories: Stories) -> None:
    id = stories.need(NOON, answered=10, closed=60, again=24 * 60)
    assert waiting(stories) == [(2, id, NOON + 24 * HOUR, 1)]


def test_a_case_given_back_waits_since_the_person_last_wrote(stories: Stories) -> None:
    id = stories.need(NOON, answered=10, waits=20)
    give(stories, id, NOON + 5 * HOUR)
    assert waiting(stories) == [(2, id, NOON + timedelta(minutes=30), 1)]


def test_given_back_unanswered_it_has_waited_from_the_start(stories: Stories) -> None:
    id = stories.need(NOON)
    stories.database.call(handoff.take, id, stories.by, NOON + HOUR)
    give(stories, id, NOON + 2 * HOUR)
    assert waiting(stories) == [(2, id, NOON, 1)]


def test_a_case_from_before_the_log_waits_from_its_opening(stories: Stories) -> None:
    id = stories.need(NOON)
    stories.database.call(lambda conn: conn.execute(log.delete()))
    assert waiting(stories) == [(2, id, NOON, 1)]


def test_answers_are_counted_once_a_case_and_since_midnight(stories: Stories) -> None:
    new = NewStaff(email="kofi@example.org", name="Kofi", role=Role.COUNSELLOR)
    kofi: Any = stories.database.call(lambda conn: staff.one(conn, staff.add(conn, new, NOON)))
    first, second = stories.need(NOON, answered=5, waits=5), stories.need(NOON, answered=5)
    stories.database.call(handoff.reply, first, stories.by, "And this.", NOON + HOUR)
    stories.need(NOON - 24 * HOUR, answered=5)
    midnight = NOON - 12 * HOUR
    assert stories.database.call(team.answered, midnight) == {stories.by.id: 2}
    stories.database.call(handoff.take, second, kofi, NOON + HOUR, over=True)
    stories.database.call(handoff.reply, second, kofi, "Me now.", NOON + HOUR)
    assert stories.database.call(team.answered, midnight) == {stories.by.id: 2, kofi.id: 1}


def test_an_old_answer_in_a_case_of_today_is_not_today_s(stories: Stories) -> None:
    id = stories.need(NOON - 24 * HOUR, answered=5)

    def touch(conn: sa.Connection) -> None:
        caselog.note(conn, id, "labelled", NOON)
        conn.execute(cases.update().where(cases.c.id == id).values(touched_at=NOON))

    stories.database.call(touch)
    assert stories.database.call(team.answered, NOON - 12 * HOUR) == {}


def give(stories: Stories, id: int, at: datetime) -> None:
    """Back to the queue."""
    stories.database.call(handoff.give_back, id, at, stories.country, by=stories.by)
