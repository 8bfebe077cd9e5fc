"""The way into the console by hand: password, QR code, recovery codes, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from bot import migrate
from bot.db import Database
from bot.library import Library
from bot.roles import PROTECTION, Role
from bot.vault import Vault
from tests.browser.three_phones import WATCH_CSP
from tests.web.console.conftest import PASSWORD, ROOT, Office, Seat, cheap
from tests.web.console.test_permissions import opened

__all__ = ["cheap"]
pytestmark = pytest.mark.browser

KEY = re.compile("[A-Z2-7 ]{16,}")


@pytest.fixture
def office(tmp_path: Path, vault: Vault, library: Library) -> Iterator[Office]:
    """A console that asks for the second factor, which the demo does not."""
    database = Database(f"sqlite:///{tmp_path / 'office.db'}")
    migrate.upgrade(database)
    yield Office(database, vault, library)
    database.close()


class Window:
    """A browser in front of a seat: what it asks goes straight to the console of the office."""

    def __init__(self, browser: Browser, seat: Seat, *, width: int, scheme: Any) -> None:
        self.seat, self.width = seat, width
        self.context = browser.new_context(viewport={"width": width, "height": 800},
                                           color_scheme=scheme)  # fmt: skip
        self.context.add_init_script(WATCH_CSP)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning")
                     and self.complaints.append(m.text))  # fmt: skip
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route(f"{ROOT}/**", self._answer)

    def _answer(self, route: Route) -> None:
        asked = route.request
        if "/console/events" in asked.url:
            route.abort()
            return
        names = ("accept", "accept-language", "content-type", "origin", "sec-fetch-site")
        headers = {name: value for name, value in asked.headers.items() if name in names}
        answer = self.seat.client.request(
            asked.method, asked.url.removeprefix(ROOT), content=asked.post_data_buffer,
            headers=headers,
        )  # fmt: skip
        kept = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
        status = answer.status_code
        if answer.is_redirect:  # where it leads is not asked here, but a new page is
            status, kept = 200, {"Refresh": f"0; url={answer.headers['location']}"}
        route.fulfill(status=status, headers=kept, body=answer.content)

    def accessible(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") == self.width
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def close(self) -> None:
        self.context.close()
        # A page that says no comes with its status, and the stream is not let through.
        left = [c for c in self.complaints if not re.search("40[1349] |ERR_FAILED", c)]
        assert not left, left


@pytest.fixture(params=[("light", 1280, "en"), ("dark", 390, "fr")], ids=["desk", "phone"])
def window(request: Any, browser: Browser, office: Office, library: Library) -> Iterator[Window]:
    scheme, width, locale = request.param
    office.call(opened, library)
    office.member(Role.COUNSELLOR, email="ama@example.org", name="Ama", locale=locale,
                  password=PASSWORD, skills=(PROTECTION,))  # fmt: skip
    seat = office.visitor(headers={"Accept-Language": locale})
    made = Window(browser, seat, width=width, scheme=scheme)
    yield made
    made.close()


def test_the_first_day_and_the_next_one(window: Window, office: Office) -> None:
    page = window.page
    page.goto(f"{ROOT}/console/cases/1")
    expect(page.locator("[type=email]")).to_be_focused()
    window.accessible()
    keys = page.keyboard  # the first field has the focus; no mouse is needed
    for words in ("ama@example.org", "not this"):
        keys.type(words)
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    window.accessible()
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator("img.qr")).to_be_visible()
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 100
    window.accessible()
    found = KEY.search(page.locator("code.key").inner_text())
    assert found
    app = pyotp.TOTP(found[0].replace(" ", ""))
    page.locator("input.code").fill("000000")
    page.locator("form.fields button").click()
    expect(page.locator("input.code")).to_have_value("")
    expect(page.get_by_role("alert")).to_be_visible()
    window.accessible()
    page.locator("input.code").fill(app.at(office.clock()))
    page.locator("form.fields button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    window.accessible()
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link").last.click()
    expect(page.locator("#head")).to_contain_text("#1")
    window.accessible()
    window.seat.client.cookies.clear()
    page.goto(f"{ROOT}/console/account")
    page.locator("[type=email]").fill("ama@example.org")
    page.locator("[type=password]").fill(PASSWORD)
    keys.press("Enter")
    expect(page.locator("input.code")).to_be_focused()
    window.accessible()
    keys.type("a-wrong-code")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    window.accessible()
    keys.type(code)
    keys.press("Enter")
    expect(page.locator("header .me")).to_have_text("Ama")
    window.accessible()


def test_pages_that_say_no(window: Window, office: Office, library: Library) -> None:
    protected = office.call(opened, library, "sexual_violence")
    plain = office.member(Role.COUNSELLOR, locale=office.again(1).locale)
    other = office.as_(office.again(1))
    window.seat.client.cookies = office.as_(plain).client.cookies
    page = window.page
    for path in (f"/console/cases/{protected}", "/console/cases/99", "/console/numbers"):
        page.goto(f"{ROOT}{path}")
        expect(page.locator(".problem")).to_be_visible()
        window.accessible()
    page.goto(f"{ROOT}/console/cases/1")
    other.post("/console/cases/1/take")
    page.locator("#take").click()
    expect(page.locator(".problem")).to_be_visible()  # somebody was faster
    window.accessible()
