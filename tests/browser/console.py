"""A real Chromium in front of the console, and what a counsellor's hands and eyes do there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bot import sessions, staff
from bot.cases import cases
from bot.db import now
from bot.simulator.phones import Phone
from bot.web.console.guard import COOKIE
from tests.browser.three_phones import WATCH_CSP
from tests.simulator.conftest import Town

# Tables whose columns do not stand under their heads.
CROOKED = """[...document.querySelectorAll("table")].filter((table) => {
  const [head, body] = ["thead tr:last-child", "tbody tr"].map((part) =>
    [...(table.querySelector(part)?.cells ?? [])].map((cell) => cell.offsetLeft));
  return head.length && head.length === body.length && String(head) !== String(body);
}).map((table) => table.textContent.slice(0, 80))"""
PERSON = "I want to talk to a person"


def call(town: Town, body: Any, *args: Any, **kwargs: Any) -> Any:
    """One transaction in the town's database."""
    return town.app.state.service.database.call(body, *args, **kwargs)


def sign_in(page: Page, town: Town, email: str) -> None:
    """A session as after the sign-in page, without the seconds that a password takes."""

    def begin(conn: sa.Connection) -> str:
        member = next(m for m in staff.everyone(conn) if m.email == email)
        return sessions.begin(conn, member.id, now(), second=True)

    cookie = {"name": COOKIE, "value": call(town, begin), "domain": town.settings.host}
    page.context.add_cookies([{**cookie, "path": "/console"}])


def somebody(town: Town, words: str, channel: str = "telegram", **how: Any) -> tuple[Phone, int]:
    """A new person whose words open a case; their phone and the number of the case."""
    newest = sa.select(sa.func.coalesce(sa.func.max(cases.c.id), 0))
    before = call(town, lambda conn: conn.scalar(newest))
    phone = town.phone(channel, **how)
    town.send(phone, words)
    return phone, town.wait(
        lambda: (found := call(town, lambda conn: conn.scalar(newest))) > before and found
    )


def heard(town: Town, phone: Phone, text: str) -> int:
    """How often the phone shows exactly this, as soon as it does."""
    return int(town.wait(lambda: sum(m.text == text for m in list(phone.messages))))


class Console:
    """An open console. `complaints`: errors, refusals and dialogs since it was opened."""

    def __init__(
        self, browser: Browser, town: Town, email: str = "abena@demo.test", *, width: int = 1280,
        height: int = 800, **more: Any,
    ) -> None:  # fmt: skip
        self.town, self.root = town, town.settings.root
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 700, **more
        )
        self.context.add_init_script(WATCH_CSP)
        self.page = page = self.context.new_page()
        page.on("console", lambda m: self._complain(m.type, m.text))
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("dialog", lambda d: (self.complaints.append(f"dialog: {d.message}"), d.dismiss()))
        sign_in(page, town, email)
        self.ring = page.locator("#ring")
        self.text = page.locator("#text")
        self.lines = page.locator("#lines .msg")
        self.said = page.locator("#lines .msg.staff .said")
        self.head = page.locator("#head")
        self.note = page.locator("#note")

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def inbox(self, query: str = "") -> None:
        self.page.goto(f"{self.root}/console/inbox{query}")
        expect(self.page.get_by_role("heading", name="Inbox", exact=True)).to_be_visible()

    def case(self, number: int) -> None:
        self.page.goto(f"{self.root}/console/cases/{number}")
        expect(self.head).to_contain_text(f"#{number}")

    def take(self, number: int) -> None:
        """Opens the case and takes it."""
        self.case(number)
        self.page.locator("#take").click()
        expect(self.text).to_be_focused()

    def row(self, number: int) -> Locator:
        """The case in the list."""
        return self.page.locator(".glimpse").filter(has=self.page.locator(f"#case-{number}"))

    def send(self, text: str) -> None:
        """Types the letters and sends them by key."""
        self.text.press_sequentially(text)
        self.text.press("Control+Enter")

    def accessible(self) -> None:
        """axe-core finds nothing, the page does not scroll sideways, tables stand straight."""
        size = self.page.viewport_size
        assert size is not None
        assert self.page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert self.page.evaluate(CROOKED) == []
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def close(self, *allowed: str) -> None:
        """Nothing may have been complained of, but for what contains one of these words."""
        self.context.close()
        left = [c for c in self.complaints if not any(word in c for word in allowed)]
        assert not left, left
