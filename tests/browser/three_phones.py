"""A real Chromium in front of the phones page, and what a person's hands and eyes do there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update",
        "--disable-sync")  # fmt: skip
PATIENCE = 20_000  # milliseconds: a shared machine is slow at times
# Chromium logs a violation, but not always as an error; this makes each one an error.
WATCH_CSP = """addEventListener("securitypolicyviolation", (e) =>
  console.error("CSP: " + e.violatedDirective + " refused " + e.blockedURI))"""

expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, without a window."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


class OnScreen:
    """One of the phones on the page."""

    def __init__(self, page: Page, channel: str) -> None:
        self.page, self.channel = page, channel
        self.root = page.locator(f".phone.{channel}")
        self.input = self.root.get_by_role("textbox")
        self.log = self.root.locator(".log:not([hidden])")
        self.said = self.log.locator(".msg.theirs")
        self.written = self.log.locator(".msg.mine")
        self.sheet = self.root.get_by_role("dialog")

    def write(self, text: str) -> None:
        """Types the letters and presses Enter."""
        self.input.press_sequentially(text)
        self.input.press("Enter")

    def hears(self, count: int, text: str = "") -> Locator:
        """The service's newest message, as soon as there are `count` of them."""
        expect(self.said).to_have_count(count)
        expect(self.said.last).to_contain_text(text)
        return self.said.last

    def tap(self, label: str) -> None:
        """Taps a button under the newest message that has it."""
        self.said.get_by_role("button", name=label, exact=True).last.click()

    def pick(self, label: str) -> None:
        """Taps an item of the list that the newest message with a list opens."""
        self.said.locator("[aria-haspopup=dialog]").last.click()
        self.sheet.get_by_role("button", name=label, exact=True).click()
        expect(self.sheet).to_be_hidden()

    def choose(self, name: str) -> None:
        """Takes another person's phone."""
        self.root.locator(".tab", has_text=name).click()
        expect(self.root.locator(".who small")).to_contain_text(name)


class ThreePhones:
    """The open page. `complaints`: errors, refusals and dialogs since it was opened."""

    def __init__(self, browser: Browser, root: str, *, width: int = 1440, height: int = 900,
                 scale: float = 1) -> None:  # fmt: skip
        self.complaints: list[str] = []
        size = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, device_scale_factor=scale,
                                           has_touch=width < 700)  # fmt: skip
        self.context.add_init_script(WATCH_CSP)
        self.page = page = self.context.new_page()
        page.on("console", lambda m: self._complain(m.type, m.text))
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("response", lambda r: r.ok or self.complaints.append(f"{r.status} {r.url}"))
        page.on("dialog", lambda d: (self.complaints.append(f"dialog: {d.message}"), d.dismiss()))
        self.telegram, self.whatsapp, self.sms = self.all = [
            OnScreen(page, channel) for channel in ("telegram", "whatsapp", "sms")
        ]
        page.goto(root + "/phones/")
        expect(page.locator(".tab").first).to_be_attached()

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def close(self) -> None:
        self.context.close()
