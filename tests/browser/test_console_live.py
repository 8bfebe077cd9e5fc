"""What comes to an open console by itself, in a real Chromium: words, rings, alarms, endings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from bot.cases import cases
from bot.db import now
from tests.browser.console import PERSON, Console, call, heard, somebody
from tests.simulator.conftest import Town, opened

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all: every test brings its own people."""
    with opened(tmp_path_factory.mktemp("town")) as made:
        yield made


def test_what_is_written_appears_by_itself(abena: Console, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    abena.inbox()
    expect(abena.row(number)).to_contain_text(PERSON)
    town.send(phone, "are you there?")
    expect(abena.row(number)).to_contain_text("are you there?")
    abena.take(number)
    town.send(phone, HOSTILE)
    expect(abena.lines.last.locator(".said")).to_have_text(HOSTILE)
    abena.send("I am here")
    expect(abena.said.last).to_have_text("Abena: I am here")
    expect(abena.lines.last.locator(".fate")).to_have_text("Sent")
    expect(abena.head).to_contain_text("The person answers next")
    heard(town, phone, "Abena: I am here")


def test_new_lines_leave_the_reader_in_peace(abena: Console, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    abena.take(number)
    town.send(phone, "a long story\n" * 40)
    expect(abena.lines.last).to_contain_text("a long story")
    expect(abena.lines.last.locator("summary")).to_be_in_viewport()
    abena.page.locator("#log").hover()
    abena.page.mouse.wheel(0, -5000)
    fold = abena.page.locator(".reading").first
    fold.locator("summary").click()
    expect(fold.locator("dd").first).to_contain_text("wants to talk to a person")
    before = abena.lines.first.bounding_box()
    town.send(phone, "one more")
    expect(abena.lines.last).to_contain_text("one more")
    expect(fold.locator("dd").first).to_be_visible()
    assert abena.lines.first.bounding_box() == before


def test_a_case_in_danger_rings_until_it_is_taken(abena: Console, town: Town) -> None:
    abena.inbox()
    expect(abena.ring).to_be_hidden()
    _, number = somebody(town, "my husband is beating me now, he locked the door")
    link = abena.ring.get_by_role("link", name=f"Case {number}")
    expect(link).to_be_visible()
    expect(abena.page).to_have_title(re.compile(r"^\(1\) "))
    expect(abena.ring).to_contain_text("Click anywhere to hear the ring.")
    abena.page.get_by_role("heading", name="Inbox").click()
    expect(abena.ring).not_to_contain_text("Click anywhere", use_inner_text=True)
    abena.ring.get_by_role("button", name="Silence").click()
    expect(abena.ring.get_by_role("button", name="Silence")).to_be_hidden()
    expect(link).to_be_visible()
    expect(abena.row(number)).to_contain_text("Violence now")
    link.click()
    expect(link).to_be_visible()
    expect(abena.ring.get_by_role("button", name="Silence")).to_be_hidden()
    abena.page.locator("#take").click()
    expect(abena.ring).to_be_hidden()
    expect(abena.page).to_have_title(f"Case {number} · Sankofa")


def test_supervisors_see_what_nobody_took_in_time(browser: Browser, town: Town) -> None:
    console = Console(browser, town, "esi@demo.test")
    console.inbox()
    alarm = console.page.locator("#alarm")
    expect(alarm).to_be_hidden()
    phone, number = somebody(town, "they beat me and I bleed, please help me now")
    late = {"owner_by": now() - timedelta(minutes=1)}
    call(town, lambda conn: conn.execute(
        cases.update().where(cases.c.id == number).values(late)))  # fmt: skip
    town.send(phone, "please")
    expect(alarm.get_by_role("link", name=f"Case {number}")).to_be_visible()
    console.take(number)
    expect(alarm).to_be_hidden()
    console.close()


def test_an_interrupted_line_is_said_and_made_up_for(browser: Browser, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    console = Console(browser, town)
    console.case(number)
    lost = console.page.get_by_text("Live updates are interrupted")
    expect(lost).to_be_hidden()
    console.page.route("**/console/events*", lambda route: route.abort())
    console.page.reload()
    expect(lost).to_be_visible()
    town.send(phone, "in the meantime")
    console.page.unroute("**/console/events*")
    expect(lost).to_be_hidden()
    expect(console.lines.filter(has_text="in the meantime")).to_have_count(1)
    console.close("ERR_FAILED")


def test_two_who_look_at_a_case_see_each_other(
    abena: Console, browser: Browser, town: Town
) -> None:
    _, number = somebody(town, PERSON)
    abena.take(number)
    esi = Console(browser, town, "esi@demo.test")
    esi.case(number)
    expect(esi.head).to_contain_text("Abena is looking at it now")
    expect(abena.head).to_contain_text("Esi is looking at it now")
    esi.note.fill("I know this family")
    esi.page.get_by_role("button", name="Save the note").click()
    expect(abena.page.locator("#notes")).to_contain_text("I know this family")
    abena.text.fill("I was about to")
    esi.page.get_by_role("button", name="Take over from Abena").click()
    expect(abena.page.locator("#reply")).to_contain_text("Esi has this case.")
    expect(abena.text).to_have_count(0)
    esi.close()


def test_a_session_that_is_over_is_said(browser: Browser, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    console = Console(browser, town)
    console.take(number)
    console.text.fill("what I wrote")
    console.context.clear_cookies()
    town.send(phone, "hello?")
    expect(console.page.get_by_text("You are signed out.")).to_be_visible()
    expect(console.text).to_have_value("what I wrote")
    console.close("401")


def test_what_can_be_done_follows_the_case_without_a_reload(
    abena: Console, browser: Browser, town: Town
) -> None:
    phone, number = somebody(town, PERSON)
    abena.take(number)
    abena.page.get_by_role("heading", name="Close the case").click()
    abena.page.locator("#close").get_by_label("Outcome").select_option("Answered")
    abena.page.locator("#close").get_by_label("What you agreed").fill("go on Monday")
    abena.page.locator("#close").get_by_role("button").click()
    expect(abena.page.locator("#reply")).to_contain_text("This case is closed.")
    expect(abena.page.locator("#close")).to_have_count(0)
    abena.page.locator("#noting summary").click()
    town.send(phone, "no")
    expect(abena.head).to_contain_text("The last talk did not help")
    expect(abena.page.locator("#close")).to_have_count(1)
    expect(abena.note).to_be_visible()  # and what was unfolded stays so
    abena.note.fill("half a note")
    esi = Console(browser, town, "esi@demo.test")
    esi.take(number)
    expect(abena.page.locator("#reply")).to_contain_text("Esi has this case.")
    expect(abena.note).to_have_value("half a note")
    expect(abena.page.locator("#close")).to_have_count(1)  # not while somebody types
    abena.note.fill("")
    abena.page.get_by_role("heading", level=1).click()
    expect(abena.page.locator("#close")).to_have_count(0)
    esi.close()
