"""The running demo and a browser in front of it, closed again after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.console import Console
from tests.browser.three_phones import ThreePhones, chromium
from tests.simulator.conftest import Town, town

__all__ = ["town"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its module: Playwright's event loop would be in the way of other tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def phones(browser: Browser, town: Town) -> Iterator[ThreePhones]:
    """The page as on a desk. A test passes only if the browser had nothing to complain about."""
    opened = ThreePhones(browser, town.settings.root)
    yield opened
    opened.close()
    assert opened.complaints == []


@pytest.fixture
def abena(browser: Browser, town: Town) -> Iterator[Console]:
    """A counsellor at a desk, with the same condition."""
    opened = Console(browser, town)
    yield opened
    opened.close()


@pytest.fixture
def narrow(browser: Browser, town: Town) -> Iterator[ThreePhones]:
    """The page as on a phone."""
    opened = ThreePhones(browser, town.settings.root, width=390, height=844)
    yield opened
    opened.close()
    assert opened.complaints == []
