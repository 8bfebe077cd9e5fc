"""The moderators' page, worked by keys."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.console import Console
from tests.simulator.conftest import Town

YAA, KOJO = "yaa@demo.test", "kojo@demo.test"


class Queue(Console):
    def __init__(self, browser: Browser, town: Town, email: str = YAA, **more: Any) -> None:
        super().__init__(browser, town, email, **more)
        self.items = self.page.locator(".queue > .item")
        self.status = self.page.locator("#queue-head [role=status]")
        self.alert = self.page.locator("#queue-head [role=alert]")

    def open(self, group: int) -> None:
        """Waits for the stream: from here on everything arrives by itself."""
        with self.page.expect_request("**/console/events"):
            self.page.goto(f"{self.root}/console/moderation?group={group}")
        expect(self.page.get_by_role("heading", name="Moderation", exact=True)).to_be_visible()

    def item(self, post: int) -> Locator:
        return self.page.locator(f"#post-{post}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
