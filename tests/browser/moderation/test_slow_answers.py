"""The moderators' queue on a slow line: answers and renewals overtake one another."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from bot.peers.posts import State
from tests.browser.moderation.queue import Queue
from tests.web.console.village import Village

pytestmark = pytest.mark.browser
DECISIONS, RENEWALS = "**/moderation/posts/*", "**/console/moderation?**"
RENEW = "htmx.trigger('#queue', 'sse:queue')"


def waiting(village: Village, group: int) -> list[int]:
    """Two posts that are held."""
    author = village.member(group, "Golden Needle")
    return [village.post(group, author, f"held {n}", state=State.HELD) for n in range(2)]


@pytest.mark.parametrize("decided", [True, False])
def test_a_list_that_renews_itself_before_the_answer_takes_no_decision_for_anothers(
    village: Village, group: int, yaa: Queue, *, decided: bool
) -> None:
    """Once with the decision in it already, once as it was before."""
    first, last = waiting(village, group)
    yaa.open(group)
    slow: list[Any] = []
    yaa.page.route(DECISIONS, lambda route: slow.append(
        (route, route.fetch() if decided else None)))  # fmt: skip
    for left in (1, 0):
        with yaa.page.expect_response(RENEWALS):
            yaa.press("j", "d", "Tab", "x", "Enter")
            if not decided:
                yaa.page.evaluate(RENEW)
        expect(yaa.items).to_have_count(left if decided else left + 1)
        route, answer = slow.pop()
        route.fulfill(response=answer) if answer else route.continue_()
        expect(yaa.items).to_have_count(left)
        expect(yaa.status).to_contain_text("The post does not go out.")
        expect(yaa.page.get_by_text("Somebody was faster")).to_have_count(0)
        if left:
            expect(yaa.item(last)).to_be_focused()
    assert [village.state(post) for post in (first, last)] == ["declined", "declined"]


def test_who_writes_a_reason_for_the_next_one_is_not_interrupted_by_the_answer(
    village: Village, group: int, yaa: Queue
) -> None:
    """Letters typed there would be decisions elsewhere."""
    first, last = waiting(village, group)
    yaa.open(group)
    slow: list[Any] = []
    yaa.page.route(DECISIONS, lambda route: slow.append(route))
    yaa.press("j", "d", "Tab", "x", "Enter")
    yaa.item(last).focus()
    yaa.press("d", "Tab", "n")
    slow.pop().continue_()
    expect(yaa.item(first)).to_have_count(0)
    yaa.press("o")
    expect(yaa.item(last).get_by_label("In your own words")).to_have_value("no")
    expect(yaa.item(last).get_by_label("In your own words")).to_be_focused()


def test_a_list_of_before_the_decision_brings_nothing_back(
    village: Village, group: int, yaa: Queue
) -> None:
    first, last = waiting(village, group)
    yaa.open(group)
    slow: list[Any] = []
    yaa.page.route(RENEWALS, lambda route: slow.append((route, route.fetch())), times=1)
    yaa.page.evaluate(RENEW)
    yaa.press("j", "a")
    expect(yaa.item(first)).to_have_count(0)
    route, old = slow.pop()
    with yaa.page.expect_response(RENEWALS), yaa.page.expect_response(RENEWALS):
        route.fulfill(response=old)  # and the list is asked for again, as it may lack something
    expect(yaa.items).to_have_count(1)
    expect(yaa.item(last)).to_be_focused()


def test_what_comes_back_after_its_decision_is_as_any_other(
    village: Village, group: int, yaa: Queue
) -> None:
    """News took the item out before the answer came; then it is reported."""
    author, reader = (village.member(group, name) for name in ("Golden Needle", "Blue Thread"))
    post = village.post(group, author, "held", state=State.HELD)
    yaa.open(group)
    slow: list[Any] = []
    yaa.page.route(DECISIONS, lambda route: slow.append((route, route.fetch())), times=1)
    with yaa.page.expect_response(RENEWALS):
        yaa.press("j", "a")
    expect(yaa.items).to_have_count(0)
    route, answer = slow.pop()
    route.fulfill(response=answer)
    expect(yaa.status).to_contain_text("The post goes out.")
    village.report(post, reader, "abuse")
    yaa.page.evaluate(RENEW)
    yaa.item(post).focus()
    yaa.press("h", "Tab", "x")
    village.report(post, village.member(group, "Red Button"), "scam")
    with yaa.page.expect_response(RENEWALS):
        yaa.page.evaluate(RENEW)
    expect(yaa.item(post).get_by_label("In your own words")).to_have_value("x")
