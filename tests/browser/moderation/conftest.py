"""Groups of a village, and two moderators at the queue."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot import staff
from bot.db import now
from bot.roles import Role
from bot.staff import NewStaff
from tests.browser.console import call
from tests.browser.moderation.queue import KOJO, YAA, Queue
from tests.simulator.conftest import Town, opened
from tests.web.console.village import Village

COUNT = itertools.count(1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("town")) as made:
        for email, name in ((YAA, "Yaa"), (KOJO, "Kojo")):
            new = NewStaff(email=email, name=name, role=Role.MODERATOR)
            call(made, staff.add, new, now())
        yield made


@pytest.fixture
def yaa(browser: Browser, town: Town) -> Iterator[Queue]:
    made = Queue(browser, town)
    yield made
    made.close()


@pytest.fixture
def kojo(browser: Browser, town: Town) -> Iterator[Queue]:
    made = Queue(browser, town, KOJO)
    yield made
    made.close()


@pytest.fixture
def village(town: Town) -> Village:
    def run(body: Any, *args: Any, **kwargs: Any) -> Any:
        return call(town, body, *args, **kwargs)

    return Village(run, town.app.state.service.vault, now())


@pytest.fixture
def group(village: Village) -> int:
    """A group of this test's own."""
    return village.group(f"sewing-{next(COUNT)}", hold_first=0)
