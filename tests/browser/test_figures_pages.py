"""Team, numbers, audit and replies in a real browser: readable by everybody, and live."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from bot import staff
from bot.db import now
from bot.staff import Staff
from tests.browser.console import PERSON, Console, call, somebody
from tests.engine.stories import Stories
from tests.simulator.conftest import Town

pytestmark = pytest.mark.browser
ESI = "esi@demo.test"


def a_month(town: Town) -> None:
    """Cases of the last weeks, so that there is something to draw."""

    def esi(conn: sa.Connection) -> Staff:
        return next(m for m in staff.everyone(conn) if m.email == ESI)

    service = town.app.state.service
    stories = Stories(service.database, service.library, call(town, esi))
    for back in range(1, 29, 3):
        stories.need(now() - timedelta(days=back), answered=20.0 * back, closed=700, times=6)
        stories.need(now() - timedelta(days=back), priority=0, urgency="violence_now", answered=4)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("email", [ESI, "kwame@demo.test"])
def test_pages_are_accessible_and_never_too_wide(
    browser: Browser, town: Town, scheme: str, width: int, email: str
) -> None:
    a_month(town)
    console = Console(browser, town, email, width=width, color_scheme=scheme)
    pages = ["team", "numbers?days=30", "audit"] + ["replies"] * (email == ESI)
    for name in pages:
        console.page.goto(f"{console.root}/console/{name}")
        console.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        console.accessible()
    console.close()


def test_bars_are_drawn_and_the_table_says_the_same(browser: Browser, town: Town) -> None:
    a_month(town)
    console = Console(browser, town, ESI)
    console.page.goto(f"{console.root}/console/numbers?days=30")
    bars = console.page.locator("svg[aria-labelledby^=opened] rect")
    assert bars.count() >= 20
    assert all(box is not None and box["height"] > 2 for box in
               (bar.bounding_box() for bar in bars.all()))  # fmt: skip
    table = console.page.get_by_role("region", name="Cases by day")
    expect(table).to_be_hidden()
    console.page.get_by_text("As a table").first.click()
    expect(table.get_by_role("row")).to_have_count(31)
    console.close()


def test_a_file_is_saved_under_its_name(browser: Browser, town: Town) -> None:
    a_month(town)
    console = Console(browser, town, ESI)
    console.page.goto(f"{console.root}/console/numbers?days=7")
    with console.page.expect_download() as waiting:
        console.page.get_by_role("link", name="Save the cases (CSV)").click()
    assert waiting.value.suggested_filename.startswith("sankofa-cases-7-days-")
    console.close()


def test_the_team_page_hears_of_a_new_case_and_keeps_the_focus(
    browser: Browser, town: Town
) -> None:
    _, first = somebody(town, PERSON)
    console = Console(browser, town, ESI)
    console.page.goto(f"{console.root}/console/team")
    link = console.page.locator(f"#waits-{first}")
    row = console.page.get_by_role("row").filter(has=link)
    before = int(row.locator("td").last.inner_text())
    link.focus()
    somebody(town, PERSON)
    expect(row.locator("td").last).to_have_text(str(before + 1))
    expect(link).to_be_focused()
    console.close()


def test_a_reply_is_written_and_removed_by_hand(browser: Browser, town: Town) -> None:
    console = Console(browser, town, ESI, width=360)
    page = console.page
    page.goto(f"{console.root}/console/replies")
    page.get_by_text("Write one").click()
    new = page.locator("form").filter(has=page.get_by_role("button", name="Add the reply"))
    new.get_by_label("Name").fill("goodnight")
    new.get_by_label("Twi", exact=True).fill("Da yie.")
    new.get_by_role("button").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.locator("summary", has_text="goodnight").click()
    page.get_by_text("Remove this reply").locator("visible=true").click()
    page.get_by_role("button", name="Remove it goodnight").click()
    expect(page.get_by_text("The reply is removed.")).to_be_visible()
    expect(page.locator("summary", has_text="goodnight")).to_have_count(0)
    console.close()
