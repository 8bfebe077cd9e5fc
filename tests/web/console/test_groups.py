"""The list of groups, opening one, and the page of a group with everything done on it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.dialogue.peers.world import Standing
from bot.inbox import inbox
from bot.peers import groups, members, persons, posts, relays, wishes
from bot.peers.decisions import By
from bot.peers.posts import State
from bot.roles import Role
from tests.web.console.conftest import Office, Seat
from tests.web.console.village import Village

LIST = "/console/groups"
SETTINGS = {"hold_first": "2", "slow": "0", "per_minute": "5", "per_day": "60", "longest": "600"}


@pytest.fixture
def village(office: Office, vault: Any) -> Village:
    return Village(office.call, vault, office.clock())


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.SUPERVISOR))


def rules(office: Office, group: int) -> Any:
    return office.call(groups.one, group).rules


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_group_shows_who_is_there_from_where_and_what_waits(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    first = village.member(group, "Golden Needle", channel="sms", region="GH-TV")
    for n in range(6):
        village.member(group, f"Blue Thread {n}")
    village.post(group, first, "an old one", ago=8)
    reported = village.post(group, first, "a new one", ago=1)
    village.report(reported, first + 1)
    village.post(group, first, "waits", state=State.HELD)
    office.call(relays.appoint, first, office.clock() + timedelta(days=9), By(), office.clock())
    text = words(seat.get(LIST).text)
    for part in ("Members 7", "Posts in 7 days 1", "Relays 1", "Telegram 6 SMS 1",
                 "Greater Accra 6 Volta 1", "one reported", "one waits"):  # fmt: skip
        assert part in text
    assert office.call(groups.one, group).members == 7


def test_moderators_get_no_small_counts_of_regions(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    for n in range(8):
        village.member(group, f"Blue Thread {n}", region="GH-AA" if n else "GH-TV")
    text = words(office.as_(office.member(Role.MODERATOR)).get(LIST).text)
    assert "Greater Accra 5+ Volta <5" in text.replace("&lt;", "<")
    assert "Greater Accra 7 Volta 1" in words(seat.get(LIST).text)


def test_a_new_group_tells_those_who_wished_for_it(
    office: Office, village: Village, seat: Seat
) -> None:
    for region in ("GH-AA", "GH-TV", None):
        office.call(wishes.put, village.person(), "poultry", region=region, language="en",
                    now=office.clock())  # fmt: skip
    assert "Poultry 3" in words(seat.get(LIST).text)
    answer = seat.post(LIST, sector="poultry", region="GH-TV", language="en", tag="")
    assert answer.status_code == 303
    (group,) = office.call(groups.everyone)
    assert (group.tag, group.region, group.language) == ("poultry", "GH-TV", "en")
    assert answer.headers["location"].startswith(f"{LIST}/{group.id}?")
    told = sa.select(inbox.c.body).where(inbox.c.kind == "peers")
    news = office.call(lambda conn: conn.scalars(told).all())
    assert [one["event"] for one in news] == ["opened", "opened"]  # not whom it is too far for
    assert office.call(wishes.count) == {"poultry": 1}
    (entry,) = office.audited("group_opened")
    assert entry.detail == {"sector": "poultry", "told": 2}


@pytest.mark.parametrize(("sector", "region", "language", "tag"), [
    ("poultry", "", "en", "poultry"), ("poultry", "", "fr", "poultry"),
    ("tailoring_fashion", "GH-AA", "en", "tailoring-greater-accra"),
    ("tailoring_fashion", "", "fr", "tailoring-fr"),
    ("nonsense", "", "en", ""), ("poultry", "nowhere", "en", "poultry"),
])  # fmt: skip
def test_the_shortest_free_tag_is_suggested(
    village: Village, seat: Seat, sector: str, region: str, language: str, tag: str
) -> None:
    village.group("tailoring")
    page = seat.get(LIST, part="tag", sector=sector, region=region, language=language).text
    assert f'placeholder="{tag}"' in page


def test_a_suggested_tag_gets_a_number_when_all_are_taken(village: Village, seat: Seat) -> None:
    village.group("poultry")
    page = seat.get(LIST, part="tag", sector="poultry", region="", language="en").text
    assert 'placeholder="poultry-2"' in page


@pytest.mark.parametrize(("form", "sentence"), [
    ({"sector": "nonsense"}, "Choose a sector."), ({"region": "XX"}, "Choose a region"),
    ({"language": "xx"}, "Choose a language."), ({"tag": "taken"}, "Another group has this tag."),
    ({"tag": "<b>"}, "A tag has"), ({"tag": "ñandu"}, "A tag has"),
    ({"tag": "a" * 32}, "A tag has"),
])  # fmt: skip
def test_a_group_that_cannot_be_says_why(
    office: Office, village: Village, seat: Seat, form: dict[str, str], sentence: str
) -> None:
    village.group("taken")
    answer = seat.post(LIST, **{"sector": "poultry", "region": "", "language": "en", **form})
    assert answer.status_code == 409
    assert sentence in answer.text
    assert len(office.call(groups.everyone)) == 1
    assert office.audited() == []


def test_the_emergency_switch_holds_everything_and_lets_go(
    office: Office, village: Village
) -> None:
    group = village.group()
    seat = office.as_(office.member(Role.MODERATOR))
    seat.post(f"{LIST}/{group}/hold", hold="1")
    assert rules(office, group).hold_all
    assert "Every post waits for a moderator." in seat.get(f"{LIST}/{group}").text
    seat.post(f"{LIST}/{group}/hold", hold="0")
    assert not rules(office, group).hold_all
    assert [row.reason for row in village.log(group)] == ["hold_all", "hold_none"]
    assert [entry.detail["fields"] for entry in office.audited("group_changed")] == [
        ["hold_all"], ["hold_none"]]  # fmt: skip


def test_settings_are_stored_and_logged_by_name(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group(hold_all=True)
    form = {**SETTINGS, "hold_first": "5", "kind-link": "reject", "kind-number": "mask",
            "kind-abuse": "discard", "words-": "",
            "words-en": " juju\nvisa lottery \njuju\n"}  # fmt: skip
    assert seat.post(f"{LIST}/{group}/settings", **form).status_code == 303
    after = rules(office, group)
    assert (after.hold_first, after.hold_all) == (5, True)
    assert after.kinds == {"link": "reject", "abuse": "discard"}
    assert after.words == {"en": ["juju", "visa lottery"]}
    (row,) = village.log(group)
    assert (row.act, row.reason) == ("settings", "hold_first,kinds,words")
    seat.post(f"{LIST}/{group}/settings", **form)  # the same again is no change
    assert len(village.log(group)) == 1


@pytest.mark.parametrize("form", [
    {"hold_first": "-1"}, {"hold_first": "21"}, {"slow": "²"}, {"longest": "9" * 50},
    {"longest": ""}, {"per_day": "61"}, {"kind-abuse": "mask"}, {"kind-link": "nonsense"},
    {"words-en": "x" * 41}, {"words-en": "\n".join(map(str, range(301)))},
])  # fmt: skip
def test_settings_that_cannot_be_change_nothing(
    office: Office, village: Village, seat: Seat, form: dict[str, str]
) -> None:
    group = village.group()
    before = rules(office, group)
    assert seat.post(f"{LIST}/{group}/settings", **{**SETTINGS, **form}).status_code == 409
    assert rules(office, group) == before
    assert village.log(group) == []


def test_what_nobody_has_looked_at_cannot_be_let_through_by_a_form(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    form = {**SETTINGS, "kind-media": "accept", "kind-newcomer": "accept",
            "kind-hold_all": "accept"}  # fmt: skip
    assert seat.post(f"{LIST}/{group}/settings", **form).status_code == 303
    assert rules(office, group).kinds == {}


def test_a_closed_group_tells_its_members_and_opens_again(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    for _ in range(2):  # the second time changes nothing
        seat.post(f"{LIST}/{group}/open", open="0")
    assert not office.call(groups.one, group).open
    assert [news["event"] for news in village.told(member)] == ["closed"]
    assert seat.post(f"{LIST}/{group}/say", text="hello").status_code == 409
    assert seat.post(f"{LIST}/{group}/invite").status_code == 409
    seat.post(f"{LIST}/{group}/open", open="1")
    assert office.call(groups.one, group).open
    assert [row.reason for row in village.log(group)] == ["closed", "reopened"]


def test_an_announcement_is_a_post_of_the_service_and_goes_once(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group(longest=60)
    for _ in range(2):
        assert seat.post(f"{LIST}/{group}/say", text=" The office is closed. ").status_code == 303
    query = sa.select(posts.posts)
    (post,) = office.call(lambda conn: conn.execute(query).all())
    assert (post.member_id, post.state, post.number) == (None, "out", 1)
    assert post.text == "The office is closed."
    assert village.acts(group) == ["broadcast"]
    assert len(office.audited("announced")) == 1
    assert "Sankofa team" in seat.get(f"{LIST}/{group}").text
    for text in ("", "  ", "x" * 61):
        assert seat.post(f"{LIST}/{group}/say", text=text).status_code == 409


def test_invitation_codes_are_shown_with_who_made_them_and_how_many_they_brought(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    seat.post(f"{LIST}/{group}/invite")
    text = words(seat.get(f"{LIST}/{group}").text)
    assert re.search(r"JOIN [A-Z2-9]{6} Member 1 · until 22 Jan .* · brought 0 members", text)
    assert village.acts(group) == ["invited"]


def test_the_log_tells_who_decided_what_about_whom_until_when_and_why(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    member = village.member(group, "Golden Needle")
    seat.post(f"/console/members/{member}", do="silence", words="Please be kind.",
              **{"silence-days": "3"})  # fmt: skip
    text = words(seat.get(f"{LIST}/{group}").text)
    assert "Member 1 silenced · Golden Needle · until 26 Nov 12:00 · Please be kind." in text


def test_the_log_is_read_page_by_page(village: Village, seat: Seat) -> None:
    group = village.group()
    for n in range(40):
        seat.post(f"{LIST}/{group}/hold", hold=str(n % 2))
    first = seat.get(f"{LIST}/{group}").text
    older = re.search(r'rel="next" href="\?before=(\d+)#decisions"', first)
    assert older
    second = seat.get(f"{LIST}/{group}", before=older[1]).text
    counts = [len(re.findall("changed settings", page)) for page in (first, second)]
    assert counts == [30, 10]


@pytest.mark.parametrize("path", [
    f"{LIST}/999", f"{LIST}/" + "9" * 400, f"{LIST}/0?page=-1", f"{LIST}/1?before=%C2%B2",
    f"{LIST}/1?page=99999999&find=%00%25_%3Cscript%3E", f"{LIST}/numbers?group=abc&days=1",
    f"{LIST}?part=tag&sector=%3Cscript%3Ealert(1)%3C/script%3E",
    "/console/moderation?shelf=%00&group=-1", "/console/moderation?group=" + "9" * 40,
])  # fmt: skip
def test_hostile_addresses_get_a_page_or_a_clear_no(
    village: Village, seat: Seat, path: str
) -> None:
    village.group()
    answer = seat.get(path)
    assert answer.status_code in (200, 404)
    assert "<script>alert" not in answer.text


def test_members_are_found_by_name_and_turn_over_in_pages(village: Village, seat: Seat) -> None:
    group = village.group()
    for n in range(52):
        village.member(group, f"Blue Thread {n:02}")
    first = seat.get(f"{LIST}/{group}").text
    assert "Blue Thread 49" in first
    assert "Blue Thread 51" not in first
    assert "Blue Thread 51" in seat.get(f"{LIST}/{group}", page="1").text
    assert "Blue Thread 51" in seat.get(f"{LIST}/{group}", find="thread 51").text
    assert "Nobody has a name like that." in seat.get(f"{LIST}/{group}", find="100%").text


def test_who_left_is_found_by_name_only_and_who_is_forgotten_not_at_all(
    office: Office, village: Village, seat: Seat
) -> None:
    group = village.group()
    gone = village.member(group, "Golden Needle")
    row = office.call(members.one, gone)
    office.call(members.end, row, Standing.LEFT, office.clock())
    assert "Golden Needle" not in seat.get(f"{LIST}/{group}").text
    assert "Golden Needle" in seat.get(f"{LIST}/{group}", find="golden").text
    office.call(persons.forget, row.person_id, office.clock())
    assert "Nobody has a name like that." in seat.get(f"{LIST}/{group}", find="golden").text
