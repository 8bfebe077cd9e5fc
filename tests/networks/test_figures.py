"""Figures of groups by week, and the queue's own mark, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import period
from bot.db import Database
from bot.library import Library
from bot.peers import appeals, figures, members, moderation, posts, queue, reports
from bot.peers.decisions import Act, By
from bot.peers.figures import Week
from bot.peers.posts import State
from bot.vault import Vault
from tests.conftest import NOON
from tests.web.console.village import Village

SPAN = 14  # days: two whole weeks and the Monday of NOON


@pytest.fixture
def village(database: Database, vault: Vault) -> Village:
    return Village(database.call, vault, NOON)


def weeks(database: Database, library: Library) -> dict[int, list[Week]]:
    span = period.last(SPAN, NOON, library.country.timezone)
    whole = period.Slot(span.slots[0].first, span.since, span.slots[-1].until)
    return database.call(figures.weekly, [*span.weeks, whole])


def test_posts_replies_answers_silence_and_reports_are_counted_by_week(
    database: Database, village: Village, library: Library
) -> None:
    group = village.group()
    ama, kofi, _ = (village.member(group, name, ago=30) for name in ("Ama", "Kofi", "Yaw"))
    village.member(group, "Esi", ago=3)
    village.post(group, ama, "who sells lining?", question=True, ago=9)
    village.post(group, kofi, "at Makola", reply_to=1, ago=8)
    village.post(group, ama, "and buttons?", question=True, ago=8)
    bad = village.post(group, ama, "pay me", ago=2)
    village.report(bad, kofi)
    village.post(group, ama, "held", state=State.HELD, ago=2)  # went out to nobody
    village.post(group, None, "from the team", ago=2)
    village.post(group, ama, "long ago", ago=25)
    found = weeks(database, library)[group]
    assert [(w.posts, w.replies, w.questions, w.answered, w.reports) for w in found] == [
        (3, 1, 2, 1, 0), (2, 0, 0, 0, 1), (0, 0, 0, 0, 0), (5, 1, 2, 1, 1)]  # fmt: skip
    assert [(w.members, w.silent) for w in found] == [(3, 1), (4, 3), (4, 4), (4, 2)]


def test_groups_add_up_and_empty_ones_are_left_out(
    database: Database, village: Village, library: Library
) -> None:
    village.group("empty")
    ids = [village.group(tag) for tag in ("poultry", "couture")]
    for id in ids:
        village.post(id, village.member(id, "Ama"), "hello", ago=1)
    found = weeks(database, library)
    assert sorted(found) == ids
    whole = figures.together(lines[-1] for lines in found.values())
    assert (whole.posts, whole.members, whole.silent) == (2, 2, 0)


def test_the_mark_changes_with_everything_that_changes_the_queue(
    database: Database, village: Village
) -> None:
    group = village.group()
    author, other = village.member(group, "Ama"), village.member(group, "Kofi")
    seen = [database.call(queue.mark)]

    def changed() -> bool:
        seen.append(database.call(queue.mark))
        return bool(seen[-1] != seen[-2])

    post = village.post(group, author, "hello")
    assert not changed()
    held = village.post(group, author, "held", state=State.HELD)
    assert changed()
    village.report(post, other)
    assert changed()
    database.call(moderation.decline, held, By(), "payment", NOON)
    assert changed()
    village.appeal(village.log(group)[-1].id, author, "why?")
    assert changed()
    database.call(moderation.hide, post, By(), "reports", NOON)
    assert changed()
    database.call(posts.set_state, post, State.WITHDRAWN, was=(State.HIDDEN,))
    assert changed()
    database.call(reports.settle, post, NOON)
    assert changed()
    assert not changed()


def test_a_report_is_in_the_queue_until_somebody_looked(
    database: Database, village: Village
) -> None:
    group = village.group()
    author, other = village.member(group, "Ama"), village.member(group, "Kofi")
    post = village.post(group, author, "hello")
    danger = village.post(group, author, "I cannot go on")
    village.report(post, other, "scam")
    village.report(danger, other, "danger")
    assert [item.row.id for item in database.call(queue.reported)] == [danger, post]
    assert database.call(queue.waiting, 1).reported == 2
    database.call(moderation.dismiss, danger, By(1), NOON)
    assert [item.why for item in database.call(queue.reported)] == [(("scam", 1),)]


@pytest.mark.parametrize("number", [None, 3])
def test_the_context_is_what_was_said_before(
    database: Database, village: Village, number: int | None
) -> None:
    group, far = village.group(), village.group("far")
    author = village.member(group, "Ama")
    village.post(far, village.member(far, "Kofi"), "elsewhere")
    for n in range(1, 6):
        village.post(group, author, f"post {n}", ago=10 - n)
    if number:
        reported = database.call(posts.numbered, group, number).id
        village.report(reported, author + 1)
        (item,) = database.call(queue.reported)
    else:
        village.post(group, author, "held", state=State.HELD, reply_to=1)
        (item,) = database.call(queue.held)
    before = [row.text for row in item.before]
    assert before == (["post 1", "post 2"] if number else ["post 3", "post 4", "post 5"])
    assert (item.answers.text if item.answers else None) == (None if number else "post 1")


def test_of_two_who_settle_an_appeal_one_does(database: Database, village: Village) -> None:
    group = village.group()
    author = village.member(group, "Ama")
    post = village.post(group, author, "held", state=State.HELD)
    database.call(moderation.decline, post, By(7), "payment", NOON)
    appeal = village.appeal(village.log(group)[-1].id, author, "why?")
    assert not database.call(appeals.settle, appeal, By(7), NOON, lift=True)
    assert database.call(appeals.settle, appeal, By(8), NOON, lift=False)
    assert not database.call(appeals.settle, appeal, By(9), NOON, lift=True)
    assert village.state(post) == "declined"


def test_a_member_silenced_in_between_is_not_sanctioned_twice(
    database: Database, village: Village
) -> None:
    group = village.group()
    author = village.member(group, "Ama")
    assert database.call(queue.fresh, author, 0)
    until = datetime(2026, 12, 1, tzinfo=UTC)
    database.call(moderation.sanction, author, Act.SILENCED, By(7), "abuse", NOON, until=until)
    assert not database.call(queue.fresh, author, 0)
    assert database.call(queue.fresh, author, village.log(group)[-1].id)
    row: Any = database.call(members.one, author)
    assert row.silenced_until - NOON > timedelta(days=7)
