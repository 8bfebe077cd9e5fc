"""Every page of the console is judged by axe-core, which must find nothing, whoever looks: on a
desk in English, on a phone in French, folded and with everything open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from bot import staff
from bot.db import now
from bot.peers import moderation, relays
from bot.peers.decisions import Act, By
from bot.peers.posts import State
from bot.roles import Role, may
from bot.staff import NewStaff
from bot.web.console.routes import GROUP, PAGES
from tests.browser.console import Console, call, somebody
from tests.simulator.conftest import Town, opened
from tests.web.console.village import Village

pytestmark = pytest.mark.browser

WHO = {"esi@demo.test": Role.SUPERVISOR, "kwame@demo.test": Role.ADMIN,
       "yaa@demo.test": Role.MODERATOR}  # fmt: skip
NOT_PAGES = ("/events", ".csv", ".yml", "/alarm", "/rings", "/lines", "/file")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("town")) as made:
        yaa = NewStaff(email="yaa@demo.test", name="Yaa", role=Role.MODERATOR)
        call(made, staff.add, yaa, now())
        fill(made)
        yield made


def fill(town: Town) -> None:
    """A group, with something in each of its lists."""

    def run(body: Any, *args: Any, **kwargs: Any) -> Any:
        return call(town, body, *args, **kwargs)

    village = Village(run, town.app.state.service.vault, now())
    group = village.group(tag="sewing")
    author, relay = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    village.report(village.post(group, author, "Italy for 3000 cedis"), relay, "danger")
    village.post(group, author, "held", state=State.HELD, findings=["payment"])
    call(town, relays.appoint, relay, now() + timedelta(days=9), By(3), now())
    until = now() + timedelta(days=1)
    call(town, moderation.sanction, author, Act.SILENCED, By(3), "abuse", now(), until=until)
    village.appeal(village.log(group)[-1].id, author, "It was a joke")


def addresses(role: Role, number: int) -> list[str]:
    """The pages that this role may open."""
    return [
        page.path.replace("{id:int}", "1" if page.path == GROUP else str(number)) for page in PAGES
        if page.method == "GET" and may(role, page.action)
        and not page.path.endswith(NOT_PAGES)
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width", "locale"), [
    ("light", 1280, "en"), ("dark", 390, "fr"),
], ids=["desk", "phone"])  # fmt: skip
@pytest.mark.parametrize("email", list(WHO))
def test_nothing_is_found_on_any_page(
    browser: Browser, town: Town, email: str, scheme: str, width: int, locale: str
) -> None:
    def speaks(conn: sa.Connection) -> None:
        member = next(m for m in staff.everyone(conn) if m.email == email)
        staff.change(conn, member.id, locale=locale)

    call(town, speaks)
    _, number = somebody(town, "my wife is bleeding heavily, she fainted, help us now")
    console = Console(browser, town, email, width=width, color_scheme=scheme)
    paths = addresses(WHO[email], number)
    assert len(paths) > 4
    for path in ["/console/sign-in", *paths]:
        console.page.goto(f"{town.settings.root}{path}")
        expect(console.page.locator("html")).to_have_attribute("lang", locale)
        console.accessible()
        console.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        console.accessible()
    console.close()
