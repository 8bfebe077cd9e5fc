"""Every page of the console is judged by axe-core, which must find nothing, whoever looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.roles import Role, may
from bot.web.console.routes import PAGES
from tests.browser.console import Console, somebody
from tests.simulator.conftest import Town, opened

pytestmark = pytest.mark.browser

WHO = {"esi@demo.test": Role.SUPERVISOR, "kwame@demo.test": Role.ADMIN}
NOT_PAGES = ("/events", ".csv", "/alarm", "/lines")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("town")) as made:
        yield made


def addresses(role: Role, number: int) -> list[str]:
    """The pages that this role may open."""
    return [
        page.path.replace("{id:int}", str(number)) for page in PAGES
        if page.method == "GET" and may(role, page.action)
        and not page.path.endswith(NOT_PAGES)
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("email", list(WHO))
def test_nothing_is_found_on_any_page(
    browser: Browser, town: Town, email: str, scheme: str
) -> None:
    _, number = somebody(town, "my wife is bleeding heavily, she fainted, help us now")
    console = Console(browser, town, email, color_scheme=scheme)
    paths = addresses(WHO[email], number)
    assert len(paths) > 4
    for path in ["/console/sign-in", *paths]:
        console.page.goto(f"{town.settings.root}{path}")
        console.accessible()
    console.close()
