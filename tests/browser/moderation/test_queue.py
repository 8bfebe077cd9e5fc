"""From a report on a phone to the decision in the browser and the word on the author's phone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from bot.peers import decisions, groups, members, posts
from bot.peers.posts import State
from bot.simulator.phones import Phone
from tests.browser.console import Console, call
from tests.browser.moderation.queue import YAA, Queue
from tests.simulator.conftest import Town
from tests.web.console.village import Village

pytestmark = pytest.mark.browser

UNFOLD = "document.querySelectorAll('main details').forEach((part) => { part.open = true; })"


def join(town: Town, trade: str, phone: Phone, name: str) -> int:
    """The whole way in, as a person does it; the id of the member. Only one group has the trade.
    """
    group = next(one.id for one in call(town, groups.everyone) if one.sector == trade)
    for words in (f"join {trade}", "1", "1", name):
        heard = len(said(phone))
        town.send(phone, words)
        town.wait(lambda heard=heard: len(said(phone)) > heard)
    query = sa.select(members.members.c.id).where(
        members.members.c.group_id == group, members.members.c.name == name
    )
    return int(town.wait(lambda: call(town, lambda conn: conn.scalar(query))))


def said(phone: Phone) -> list[str]:
    return [m.text for m in list(phone.messages) if not m.mine]


def hears(town: Town, phone: Phone, words: str) -> str:
    """The message with these words, as soon as it is there."""
    return str(town.wait(lambda: next((text for text in said(phone) if words in text), None)))


def posted(town: Town, group: int, number: int) -> int:
    """The id of a post, as soon as it went out."""
    return int(town.wait(lambda: call(town, posts.numbered, group, number)).id)


@pytest.mark.parametrize(("channel", "trade"), [("telegram", "transport"), ("sms", "livestock")])
def test_a_report_on_a_phone_is_decided_by_one_key_and_the_author_is_told(
    town: Town, village: Village, channel: str, trade: str, yaa: Queue
) -> None:
    group = village.group(trade, sector=trade, hold_first=0)
    author, reader = town.phone(channel), town.phone("telegram")
    join(town, trade, author, "Golden Needle")
    join(town, trade, reader, "Blue Thread")
    yaa.open(group)
    expect(yaa.page.get_by_text("Nothing waits here.")).to_be_visible()
    town.send(author, f"#{trade} bring your old machine to me and get double back")
    post = posted(town, group, 1)
    town.send(reader, "report 1")
    hears(town, reader, "What is wrong with #1?")
    town.send(reader, "1")
    hears(town, reader, "A moderator looks at #1")
    expect(yaa.item(post)).to_contain_text("old machine to me")  # it came by itself
    expect(yaa.item(post)).to_contain_text("One member: it asks for money, or cheats")
    expect(yaa.item(post)).not_to_contain_text("Blue Thread")
    yaa.press("h")  # nothing is chosen yet: the key only shows what it would be about
    expect(yaa.item(post)).to_be_focused()
    yaa.press("h")
    expect(yaa.item(post).get_by_label("Reason")).to_be_focused()
    expect(yaa.item(post).get_by_text("Enter: Take it out")).to_be_visible()
    yaa.press("Enter")
    expect(yaa.status).to_contain_text("The post is out of the group.")
    expect(yaa.items).to_have_count(0)
    told = hears(town, author, "took #1 out of the group")
    assert "it asks for money" in told
    assert "#1" in told
    assert call(town, posts.one, post).state == "declined"
    (decision,) = call(town, decisions.of_group, group)
    assert (decision.act, decision.reason, decision.post_id) == ("hidden", "payment", post)


def test_every_decision_has_its_key_and_the_next_one_has_the_focus(
    town: Town, village: Village, group: int, yaa: Queue
) -> None:
    ama, kofi = (village.member(group, name) for name in ("Golden Needle", "Blue Thread"))
    held = [village.post(group, ama, f"held {n}", state=State.HELD, findings=["payment"])
            for n in range(3)]  # fmt: skip
    bad, fine = village.post(group, kofi, "you are fools"), village.post(group, ama, "good day")
    for post, by in ((bad, ama), (fine, kofi)):
        village.report(post, by, "abuse")
    yaa.open(group)
    expect(yaa.items).to_have_count(5)
    yaa.press("j")
    expect(yaa.item(bad)).to_be_focused()
    yaa.press("w", "Enter")
    expect(yaa.item(bad)).to_contain_text("warned once")
    expect(yaa.item(bad)).to_be_focused()  # the post itself still waits for a decision
    yaa.press("s", "Enter")
    expect(yaa.item(bad)).to_contain_text("silent until")
    yaa.press("h", "Escape")
    expect(yaa.item(bad)).to_be_focused()
    assert village.state(bad) == "out"
    yaa.press("h", "Enter")
    expect(yaa.item(fine)).to_be_focused()
    yaa.press("k")
    expect(yaa.item(held[0])).to_be_focused()
    yaa.press("ArrowDown", "ArrowUp", "a")
    expect(yaa.item(held[1])).to_be_focused()
    yaa.press("d", "Tab")
    yaa.page.keyboard.type("Please no prices here")
    yaa.press("Enter")
    expect(yaa.item(held[2])).to_be_focused()
    yaa.press("b", "Enter")
    expect(yaa.items).to_have_count(0)
    assert [village.state(post) for post in (bad, fine, *held)] == [
        "declined", "out", "out", "declined", "declined"]  # fmt: skip
    assert village.acts(group) == ["warned", "silenced", "hidden", "dismissed", "approved",
                                   "declined", "banned"]  # fmt: skip
    assert village.log(group)[5].reason == "Please no prices here"
    yaa.accessible()


def test_the_buttons_do_the_same_with_a_mouse_and_ask_for_a_reason(
    village: Village, group: int, yaa: Queue
) -> None:
    author = village.member(group, "Golden Needle")
    post = village.post(group, author, "hello", state=State.HELD)
    yaa.open(group)
    item = yaa.item(post)
    item.get_by_role("button", name="Do not send").click()
    expect(item.get_by_label("Reason")).to_be_focused()  # none fits, so one has to be chosen
    assert village.state(post) == "held"
    item.get_by_label("Reason").select_option("abuse")
    item.get_by_role("button", name="Do not send").click()
    expect(yaa.status).to_contain_text("The post does not go out.")
    assert village.state(post) == "declined"


def test_enter_in_a_field_sends_nothing_by_chance(
    village: Village, group: int, yaa: Queue
) -> None:
    post = village.post(group, village.member(group, "Ama Needle"), "hm", state=State.HELD)
    yaa.open(group)
    yaa.item(post).get_by_label("In your own words").fill("not yet")
    yaa.press("Enter")
    yaa.press("Escape", "a")  # what would have been sent before, would be in the log before
    expect(yaa.items).to_have_count(0)
    assert village.acts(group) == ["approved"]


def test_of_two_moderators_the_second_is_told_that_somebody_was_faster(
    town: Town, village: Village, group: int, yaa: Queue, kojo: Queue
) -> None:
    author = village.member(group, "Golden Needle")
    first, second = (village.post(group, author, f"held {n}", state=State.HELD) for n in range(2))
    for queue in (yaa, kojo):
        queue.open(group)
        expect(queue.items).to_have_count(2)
    # While Kojo writes a reason, Yaa decides: his words stay, and he learns of it.
    kojo.press("j", "d")
    kojo.item(first).get_by_label("In your own words").fill("Too many prices")
    yaa.press("j", "a")
    expect(yaa.items).to_have_count(1)
    expect(kojo.item(first)).to_contain_text("Somebody was faster")
    expect(kojo.item(first).get_by_label("In your own words")).to_have_value("Too many prices")
    expect(kojo.item(first).get_by_role("button", name="Send it")).to_be_disabled()
    # What was decided before the page knew of it.
    kojo.page.route("**/console/moderation?**", lambda route: route.abort())
    yaa.press("a")
    expect(yaa.items).to_have_count(0)
    kojo.item(second).get_by_label("Reason").select_option("payment")
    kojo.item(second).get_by_role("button", name="Do not send").click()
    expect(kojo.alert).to_contain_text("Somebody was faster")
    assert [village.state(post) for post in (first, second)] == ["out", "out"]
    kojo.complaints.clear()  # of the line that this test cut


def test_a_ban_is_appealed_on_the_phone_and_lifted_by_another(
    town: Town, village: Village, yaa: Queue, kojo: Queue
) -> None:
    group, phone = village.group("carpentry", sector="carpentry"), town.phone("telegram")
    author = join(town, "carpentry", phone, "Red Button")
    other = village.member(group, "Blue Thread")
    post = village.post(group, author, "pay first")
    village.report(post, other, "scam")
    yaa.open(group)
    kojo.open(group)
    yaa.press("j", "b", "Enter")
    expect(yaa.status).to_contain_text("banned")
    hears(town, phone, "you are out of the group until")
    kojo.item(post).get_by_role("button", name="Keep it").click()
    expect(kojo.items).to_have_count(0)
    town.send(phone, "1")  # Ask for another look
    hears(town, phone, "why the decision should change")
    town.send(phone, "I only asked for the price of thread")
    hears(town, phone, "Another moderator looks at it")
    appeal = kojo.page.locator("[id^=appeal-]").first
    expect(appeal).to_contain_text("the price of thread")
    expect(yaa.page.locator("[id^=appeal-]")).to_have_count(0)  # it is about her own decision
    appeal.get_by_role("button", name="Lift the decision").click()
    expect(kojo.status).to_contain_text("The decision is lifted.")
    hears(town, phone, "you may write again")
    assert call(town, members.one, author).standing == "left"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "email"), [(1280, "esi@demo.test"), (390, YAA)])
def test_the_pages_of_groups_with_everything_open_pass_axe(
    browser: Browser, town: Town, village: Village, group: int, scheme: str, width: int, email: str
) -> None:
    author, relay = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    post = village.post(group, author, "I know a man who brings you to Italy, 3000 cedis")
    village.report(post, relay, "danger")
    village.post(group, author, "held", state=State.HELD, findings=["payment"])
    console = Console(browser, town, email, width=width, height=844, color_scheme=scheme)
    for path in (f"groups/{group}", "groups", "moderation", "networks", "groups/numbers"):
        console.page.goto(f"{town.settings.root}/console/{path}")
        console.page.evaluate(UNFOLD)
        console.accessible()
    console.close()
