"""How many questions the bot answered, by day, and how its answers were rated."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import handoff, period, questions, ratings
from bot.cases import cases
from bot.db import Database
from bot.library import Library
from tests.conftest import NOON
from tests.engine.conftest import Loop
from tests.engine.stories import Stories

ANSWERED, LOST = "how do I get a Ghana card", "xyzzy plugh qwrtp"


def by_day(loop: Loop, days: int = 3) -> list[tuple[int, int]]:
    week = period.last(7, loop.clock(), loop.library.country.timezone)
    found = loop.database.call(questions.asked, week.slots)
    return [(day.answered, day.missed) for day in found[-days:]]


async def test_questions_are_counted_on_their_day(loop: Loop) -> None:
    await loop.say(ANSWERED, LOST)
    loop.clock.forward(days=1)
    await loop.say(ANSWERED, LOST, LOST, who="78")
    assert by_day(loop) == [(0, 0), (1, 1), (1, 2)]


async def test_greetings_and_cries_for_help_are_no_questions(loop: Loop) -> None:
    await loop.say("hello", "thank you", "my husband is beating me now, help me")
    assert by_day(loop) == [(0, 0), (0, 0), (0, 0)]


async def test_what_a_counsellor_hears_is_no_question_to_the_bot(
    loop: Loop, library: Library
) -> None:
    await loop.say(LOST)
    loop.clock.forward(minutes=1)
    await loop.say("I want to talk to a person")
    by = Stories(loop.database, library).by
    id = loop.database.call(lambda conn: conn.scalar(sa.select(cases.c.id)))
    loop.database.call(handoff.take, id, by, loop.clock())
    loop.clock.forward(minutes=1)
    await loop.say(LOST, "and " + LOST)
    loop.clock.forward(minutes=1)
    loop.database.call(handoff.close, id, by, loop.clock(), outcome="answered")
    await loop.work()
    loop.clock.forward(minutes=1)
    await loop.say(LOST)
    assert by_day(loop, 1) == [(0, 2)]


def test_nobody_asked(database: Database, library: Library) -> None:
    week = period.last(7, NOON, library.country.timezone)
    found = database.call(questions.asked, week.slots)
    assert [day.share for day in found] == [None] * 7


@pytest.mark.parametrize(("exact", "shown"), [
    (True, [("passport", "8", 0.75), ("housing_rent", "5", 1.0), ("debts", "1", 0.0)]),
    (False, [("passport", "5+", 0.75), ("housing_rent", "5+", 1.0), ("debts", "<5", None)]),
])  # fmt: skip
def test_ratings_by_topic(database: Database, exact: bool, shown: list[object]) -> None:
    def body(conn: sa.Connection) -> None:
        for topic, good, bad in (("passport", 6, 2), ("housing_rent", 5, 0), ("debts", 0, 1)):
            for n in range(good + bad):
                ratings.put(conn, key=f"{topic}{n}", topic=topic, language="en", channel="sms",
                            useful=n < good, now=NOON)  # fmt: skip
        ratings.put(conn, key="old", topic="debts", language="en", channel="sms", useful=True,
                    now=NOON - timedelta(days=8))  # fmt: skip

    database.call(body)
    found = database.call(questions.rated, NOON - timedelta(days=7), exact=exact)
    assert [(topic.topic, topic.ratings, topic.useful) for topic in found] == shown
