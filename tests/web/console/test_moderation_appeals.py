"""Appeals: another look, by somebody else than who decided."""

from __future__ import annotations

from typing import Any

import pytest

from bot.peers import members, moderation
from bot.peers.decisions import Act, By
from bot.peers.posts import State
from bot.roles import Role
from tests.web.console.conftest import Office
from tests.web.console.village import Village

QUEUE = "/console/moderation"


@pytest.fixture
def village(office: Office, vault: Any) -> Village:
    return Village(office.call, vault, office.clock())


def banned(office: Office, village: Village, by: By) -> tuple[int, int, int]:
    """A group, a member who is banned from it, and their appeal."""
    group = village.group()
    member = village.member(group, "Golden Needle")
    until = office.clock().replace(year=2027)
    office.call(moderation.sanction, member, Act.BANNED, by, "abuse", office.clock(), until=until)
    decision = village.log(group)[-1].id
    return group, member, village.appeal(decision, member, "It was a joke between friends")


def test_an_appeal_is_not_offered_to_whoever_made_the_decision(
    office: Office, village: Village
) -> None:
    first, second = office.member(Role.MODERATOR), office.member(Role.MODERATOR)
    group, member, appeal = banned(office, village, By(first.id))
    mine, theirs = office.as_(first), office.as_(second)
    assert "a joke between friends" not in mine.get(QUEUE).text
    page = theirs.get(QUEUE).text
    for words in ("a joke between friends", first.name, "banned", "insults or threatens"):
        assert words in page
    answer = mine.post(f"{QUEUE}/appeals/{appeal}", do="stays")
    assert answer.status_code == 409
    assert "a colleague looks at the appeal" in answer.text
    assert office.call(members.one, member).standing == "banned"
    assert village.acts(group) == ["banned"]


def test_a_lifted_ban_is_told_and_written_down_and_settled_once(
    office: Office, village: Village
) -> None:
    first, second = office.member(Role.MODERATOR), office.member(Role.MODERATOR)
    group, member, appeal = banned(office, village, By(first.id))
    seat = office.as_(second)
    assert seat.post(f"{QUEUE}/appeals/{appeal}", do="lift").status_code == 303
    assert office.call(members.one, member).standing == "left"  # they may enter again
    assert village.acts(group) == ["banned", "lifted"]
    assert [news["event"] for news in village.told(member)] == ["banned", "lifted"]
    (entry,) = office.audited("moderated")
    assert (entry.kind, entry.object_id, entry.staff_id) == ("appeal", appeal, second.id)
    late = office.as_(office.member(Role.SUPERVISOR)).post(f"{QUEUE}/appeals/{appeal}", do="stays")
    assert late.status_code == 409
    assert "Somebody was faster" in late.text
    assert "a joke between friends" not in seat.get(QUEUE).text


def test_a_decision_that_stays_is_told_with_a_word(office: Office, village: Village) -> None:
    group, member, appeal = banned(office, village, By(office.member(Role.MODERATOR).id))
    seat = office.as_(office.member(Role.MODERATOR))
    seat.post(f"{QUEUE}/appeals/{appeal}", do="stays", words="Three people were hurt.")
    assert village.acts(group) == ["banned", "kept"]
    news = village.told(member)[-1]
    assert (news["event"], news["text"]) == ("appeal_kept", "Three people were hurt.")


@pytest.mark.parametrize("state", [State.HELD, State.OUT])
def test_a_post_that_was_kept_back_or_taken_out_goes_out_after_all(
    office: Office, village: Village, state: State
) -> None:
    group = village.group()
    author = village.member(group, "Golden Needle")
    post = village.post(group, author, "cheap lining", state=state)
    first, second = (office.as_(office.member(Role.MODERATOR)) for _ in range(2))
    do = "decline" if state is State.HELD else "hide"
    first.post(f"{QUEUE}/posts/{post}", do=do, reason="link")
    appeal = village.appeal(village.log(group)[-1].id, author, "There is no link in it")
    assert "cheap lining" in second.get(QUEUE).text
    assert second.post(f"{QUEUE}/appeals/{appeal}", do="lift").status_code == 303
    assert village.state(post) == "out"


def test_a_lifted_warning_is_taken_back_and_a_silence_stays(
    office: Office, village: Village
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    by, now = By(office.member(Role.MODERATOR).id), office.clock()
    office.call(moderation.sanction, member, Act.WARNED, by, "abuse", now)
    appeal = village.appeal(village.log(group)[-1].id, member, "Why?")
    until = now.replace(year=2027)
    office.call(moderation.sanction, member, Act.SILENCED, by, "abuse", now, until=until)
    office.as_(office.member(Role.MODERATOR)).post(f"{QUEUE}/appeals/{appeal}", do="lift")
    row = office.call(members.one, member)
    assert (row.warned, row.silenced_until) == (0, until)
    assert [news["event"] for news in village.told(member)] == ["warned", "silenced", "lifted"]
    assert village.told(member)[-1]["reason"] == "warned"


def test_what_cannot_be_lifted_any_more_stays_in_the_queue(
    office: Office, village: Village
) -> None:
    group = village.group()
    author = village.member(group, "Golden Needle")
    post = village.post(group, author, "cheap lining", state=State.HELD)
    by, now = By(office.member(Role.MODERATOR).id), office.clock()
    office.call(moderation.decline, post, by, "link", now)
    appeal = village.appeal(village.log(group)[-1].id, author, "There is no link in it")
    office.call(moderation.sanction, author, Act.REMOVED, by, "abuse", now)
    seat = office.as_(office.member(Role.MODERATOR))
    answer = seat.post(f"{QUEUE}/appeals/{appeal}", do="lift")
    assert answer.status_code == 409
    assert village.state(post) == "declined"
    assert "There is no link in it" in seat.get(QUEUE).text


def test_a_decision_of_a_relay_is_offered_to_every_moderator(
    office: Office, village: Village
) -> None:
    group = village.group()
    author, relay = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    post = village.post(group, author, "cheap lining", state=State.HELD)
    office.call(moderation.decline, post, By(relay_id=relay), "", office.clock())
    village.appeal(village.log(group)[-1].id, author, "There is no link in it")
    page = office.as_(office.member(Role.MODERATOR)).get(QUEUE).text
    assert "There is no link in it" in page
    assert "Blue Thread" in page
