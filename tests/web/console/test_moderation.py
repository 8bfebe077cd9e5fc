"""The moderators' queue: what is in it, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.peers import members, moderation, posts
from bot.peers.decisions import Act, By
from bot.peers.posts import State
from bot.roles import Role
from tests.web.console.conftest import Office, Seat
from tests.web.console.village import Village

QUEUE = "/console/moderation"


@pytest.fixture
def village(office: Office, vault: Any) -> Village:
    return Village(office.call, vault, office.clock())


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.MODERATOR))


def decide(seat: Seat, post: int, do: str, **form: str) -> Any:
    return seat.post(f"{QUEUE}/posts/{post}", do=do, **form)


def test_held_reported_and_appealed_things_are_in_the_queue_with_their_context(
    village: Village, seat: Seat
) -> None:
    group = village.group()
    ama, kofi = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    for text in ("good morning", "where is lining cheap?", "at Makola"):
        village.post(group, ama, text, ago=1)
    bad = village.post(group, kofi, "send 50 cedis to my number", ago=0.5)
    village.report(bad, ama, "scam")
    village.post(group, kofi, "I lend money", state=State.HELD, findings=["payment"])
    page = seat.get(QUEUE)
    assert page.status_code == 200
    for words in ("where is lining cheap?", "at Makola", "send 50 cedis to my number",
                  "One member: it asks for money, or cheats", "I lend money", "asks for money",
                  "Golden Needle", "Blue Thread"):  # fmt: skip
        assert words in page.text
    assert page.text.index("send 50 cedis") < page.text.index("I lend money")  # harm comes first


def test_the_queue_never_tells_who_reported(village: Village, seat: Seat) -> None:
    group = village.group()
    author, other = village.member(group, "Red Button"), village.member(group, "Quiet Heron")
    village.report(village.post(group, author, "hello"), other)
    assert "Quiet Heron" not in seat.get(QUEUE).text


@pytest.mark.parametrize(("do", "state", "act", "event"), [
    ("approve", State.OUT, Act.APPROVED, "approved"),
    ("decline", State.DECLINED, Act.DECLINED, "declined"),
])  # fmt: skip
def test_a_held_post_goes_out_or_stays_in_and_its_author_is_told(
    office: Office, village: Village, seat: Seat, do: str, state: State, act: Act, event: str
) -> None:
    group = village.group()
    author = village.member(group, "Golden Needle")
    post = village.post(group, author, "I lend money", state=State.HELD)
    assert decide(seat, post, do, reason="payment").status_code == 303
    assert village.state(post) == state.value
    (row,) = village.log(group)
    assert (row.act, row.post_id, row.member_id) == (act.value, post, author)
    assert row.reason == ("payment" if do == "decline" else "")
    assert [news["event"] for news in village.told(author)] == [event]
    (entry,) = office.audited("moderated")
    assert (entry.kind, entry.object_id, entry.detail) == ("post", post,
                                                           {"act": do, "group": group})  # fmt: skip


def test_a_reported_post_is_kept_or_taken_out_and_leaves_the_queue(
    village: Village, seat: Seat
) -> None:
    group = village.group()
    author, other = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    fine, bad = village.post(group, author, "fine words"), village.post(group, author, "bad words")
    for post in (fine, bad):
        village.report(post, other)
    decide(seat, fine, "keep")
    decide(seat, bad, "hide", words="It shows where she lives")
    assert (village.state(fine), village.state(bad)) == ("out", "declined")
    assert village.acts(group) == ["dismissed", "hidden"]
    (news,) = village.told(author)
    assert (news["event"], news["number"]) == ("declined", 2)
    assert news["reason"] == "It shows where she lives"
    page = seat.get(QUEUE).text
    assert "fine words" not in page
    assert "bad words" not in page


@pytest.mark.parametrize(("do", "state", "act"), [
    ("keep", "out", "shown"), ("hide", "declined", "hidden"),
])  # fmt: skip
def test_a_post_that_reports_or_a_relay_took_out_is_put_back_or_left_out(
    office: Office, village: Village, seat: Seat, do: str, state: str, act: str
) -> None:
    group = village.group()
    author, relay = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    post = village.post(group, author, "well")
    office.call(moderation.hide, post, By(relay_id=relay), "", office.clock())
    assert "A relay took it out." in seat.get(QUEUE).text
    decide(seat, post, do, reason="abuse")
    assert village.state(post) == state
    assert village.acts(group)[-1] == act
    assert office.call(posts.one, post).number == 1  # whoever has it does not get it twice


@pytest.mark.parametrize(("do", "days", "event"), [
    ("warn", None, "warned"), ("silence", 1, "silenced"), ("ban", 30, "banned"),
])  # fmt: skip
def test_an_author_is_warned_silenced_for_a_day_or_banned_for_thirty(
    office: Office, village: Village, seat: Seat, do: str, days: int | None, event: str
) -> None:
    group = village.group()
    author, other = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    post = village.post(group, author, "pay me first")
    village.report(post, other)
    decide(seat, post, do, reason="fee")
    (news,) = village.told(author)
    assert (news["event"], news["reason"]) == (event, "fee")
    until = office.clock() + timedelta(days=days) if days else None
    assert news.get("until") == (until.isoformat() if until else None)
    (row,) = village.log(group)
    assert (row.act, row.post_id, row.until) == (event, post, until)
    assert village.state(post) == "out"  # what becomes of the post is another decision


@pytest.mark.parametrize("do", ["decline", "warn", "silence", "ban"])
def test_nothing_is_decided_without_a_reason(
    office: Office, village: Village, seat: Seat, do: str
) -> None:
    group = village.group()
    post = village.post(group, village.member(group, "Ama Needle"), "hm", state=State.HELD)
    for form in ({}, {"reason": "nonsense"}, {"words": "  "}):
        answer = decide(seat, post, do, **form)
        assert answer.status_code == 409
        assert "the member is told the reason" in answer.text
    assert village.log(group) == []
    assert office.audited() == []


def test_the_second_of_two_moderators_is_told_that_somebody_was_faster(
    office: Office, village: Village, seat: Seat
) -> None:
    other = office.as_(office.member(Role.MODERATOR))
    group = village.group()
    author = village.member(group, "Golden Needle")
    post = village.post(group, author, "I lend money", state=State.HELD)
    assert decide(seat, post, "approve").status_code == 303
    late = decide(other, post, "decline", reason="payment")
    assert late.status_code == 409
    assert "Somebody was faster" in late.text
    assert village.state(post) == "out"
    decide(seat, post, "warn", reason="payment", seen="0")
    late = decide(other, post, "ban", reason="payment", seen="0")
    assert "Somebody was faster" in late.text
    assert village.acts(group) == ["approved", "warned"]
    after = str(village.log(group)[-1].id)
    assert decide(other, post, "ban", reason="payment", seen=after).status_code == 303
    assert office.call(members.one, author).standing == "banned"


def test_on_the_page_itself_the_queue_comes_back_with_what_happened(
    village: Village, seat: Seat
) -> None:
    group = village.group()
    post = village.post(group, village.member(group, "Ama Needle"), "hm", state=State.HELD)
    part = {"HX-Request": "true"}
    form = {"csrf": seat.csrf, "do": "approve", "shelf": "held", "group": str(group)}
    done = seat.client.post(f"{QUEUE}/posts/{post}", data=form, headers=part)
    assert done.status_code == 200
    assert "The post goes out." in done.text
    assert "<html" not in done.text
    late = seat.client.post(f"{QUEUE}/posts/{post}", data=form, headers=part)
    assert late.status_code == 200
    assert "Somebody was faster" in late.text


def test_nothing_of_a_silent_or_banned_author_goes_out(village: Village, seat: Seat) -> None:
    group = village.group()
    author, other = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    bad = village.post(group, author, "pay me")
    village.report(bad, other)
    decide(seat, bad, "ban", reason="payment")
    late = village.post(group, author, "one more", state=State.HELD)
    answer = decide(seat, late, "approve")
    assert answer.status_code == 409
    assert "The author is out of the group or silent" in answer.text
    assert village.state(late) == "held"


def test_the_shelves_count_and_narrow_down(village: Village, seat: Seat) -> None:
    group, far = village.group(), village.group("poultry", sector="poultry")
    author, there = village.member(group, "Golden Needle"), village.member(far, "Blue Thread")
    for n in range(30):
        village.post(group, author, f"held here {n}", state=State.HELD)
    village.post(far, there, "held there", state=State.HELD)
    everything = seat.get(QUEUE)
    assert "<b>31</b>" in everything.text
    assert everything.text.count('class="item card') == 25  # a page; the rest follows
    assert "held there" in seat.get(QUEUE, group=str(far)).text
    assert "held here" not in seat.get(QUEUE, group=str(far)).text
    assert "held here" not in seat.get(QUEUE, shelf="reported").text


def test_our_own_announcement_can_be_reported_but_has_no_author(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    post = village.post(group, None, "the office is closed on Friday")
    village.report(post, village.member(group, "Golden Needle"))
    assert "Our own announcement" in seat.get(QUEUE).text
    assert decide(seat, post, "ban", reason="abuse").status_code == 409
    office.call(moderation.hide, post, By(), "reports", office.clock())
    assert decide(seat, post, "keep").status_code == 303
    assert village.state(post) == "out"
