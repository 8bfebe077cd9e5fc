"""What a counsellor sees and does in the inbox and in a case, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from bot.cases import cases
from bot.db import now
from bot.outbox import outbox
from bot.people import addresses
from bot.rendering import gsm7
from tests.browser.console import PERSON, Console, call, heard, somebody
from tests.simulator.conftest import Town, opened

pytestmark = pytest.mark.browser

TEXTS = (
    "", "a", "a" * 160, "a" * 161, "a" * 306, "a" * 307, "€" * 80, "€" * 81, "a" * 152 + "€",
    "a" * 159 + "€", "ɔ" * 70, "ɔ" * 71, "ɔ" * 134, "ɔ" * 135, "😀" * 35, "😀" * 36,
    "ɔ" * 66 + "😀" * 3,
    "Où êtes-vous ? Ça va… « oui » – œuvre", "e\u0301te\u0301 " * 40, "GH₵ 20 or 20 ₵ " * 12,
    "{[~]}|\\^" * 20, "1 line\n2 lines\r\n3\tlines " * 9, "Mepa wo kyɛw, wowɔ he? " * 8, "Kɔ̃" * 60,
    "".join(map(chr, gsm7._SAME)) * 2,
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all: every test brings its own people."""
    with opened(tmp_path_factory.mktemp("town")) as made:
        yield made


def _person(number: int) -> sa.ScalarSelect[int]:
    return sa.select(cases.c.person_id).where(cases.c.id == number).scalar_subquery()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_sends_once(browser: Browser, town: Town, scripts: bool) -> None:
    phone, number = somebody(town, PERSON)
    console = Console(browser, town, java_script_enabled=scripts)
    console.case(number)
    console.page.get_by_role("button", name="Take the case").first.click()
    console.text.fill("Only once, please")
    console.page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(console.text).to_have_value("")
    heard(town, phone, "Abena: Only once, please")
    town.send(phone, "thank you")
    console.case(number)
    expect(console.lines.last).to_contain_text("thank you")
    expect(console.said.filter(has_text="Only once")).to_have_count(1)
    assert heard(town, phone, "Abena: Only once, please") == 1
    console.close()


def test_a_draft_outlives_a_reload_and_a_dropped_line(browser: Browser, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    console = Console(browser, town)
    console.take(number)
    console.text.press_sequentially("Half a sen")
    console.page.reload()
    expect(console.text).to_have_value("Half a sen")
    console.context.set_offline(True)
    console.text.press("End")
    console.send("tence")
    expect(console.page.get_by_text("Not sent: the line is interrupted")).to_be_visible()
    expect(console.text).to_have_value("Half a sentence")
    console.context.set_offline(False)
    console.text.press("Control+Enter")
    expect(console.said.last).to_have_text("Abena: Half a sentence")
    expect(console.text).to_have_value("")
    console.page.reload()
    expect(console.text).to_have_value("")
    assert heard(town, phone, "Abena: Half a sentence") == 1
    console.close("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")


def test_the_keyboard_is_enough(abena: Console, town: Town) -> None:
    for _ in range(2):
        somebody(town, PERSON)
    abena.inbox("?shelf=waiting")
    keys = abena.page.keyboard
    rows = abena.page.locator(".glimpse .what a")
    for key, focused in (("j", 0), ("j", 1), ("k", 0)):
        keys.press(key)
        expect(rows.nth(focused)).to_be_focused()
    keys.press("?")
    expect(abena.page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keys.press("j")
    keys.press("Escape")
    keys.press("/")
    expect(abena.page.get_by_label("Number of a case")).to_be_focused()
    keys.type("jtg")
    expect(abena.page.get_by_label("Number of a case")).to_have_value("jtg")
    abena.page.get_by_role("heading", name="Inbox").click()
    keys.press("j")
    keys.press("Enter")
    abena.page.wait_for_url("**/console/cases/*")
    keys.press("t")
    expect(abena.text).to_be_focused()
    keys.type("not a ? shortcut, trn")
    expect(abena.text).to_have_value("not a ? shortcut, trn")
    abena.page.get_by_role("heading", level=1).click()
    keys.press("n")
    expect(abena.note).to_be_focused()
    abena.page.get_by_role("heading", level=1).click()
    keys.press("r")
    expect(abena.text).to_be_focused()
    abena.page.get_by_role("heading", level=1).click()
    keys.type("gi")
    abena.page.wait_for_url("**/console/inbox")


def test_sms_are_counted_as_they_are_sent(abena: Console, town: Town) -> None:
    phone, number = somebody(town, PERSON, "sms")
    abena.take(number)
    counted = abena.page.evaluate(
        """async (texts) => { const { fold, segments } = await import("/console/static/gsm7.js");
           return texts.map((text) => [segments(text), fold(text)]); }""",
        TEXTS,
    )
    assert counted == [[gsm7.segments(text), gsm7.fold(text)] for text in TEXTS]
    abena.text.fill("é" * 154)
    expect(abena.page.locator("#count")).to_have_text("161 characters, 2 SMS")
    abena.text.fill("ɔ")
    expect(abena.page.locator("#count")).to_have_text("8 characters, 1 SMS (special letters)")
    abena.send("!")
    heard(town, phone, "Abena: ɔ!")


def test_protected_words_stay_with_those_who_may_read_them(browser: Browser, town: Town) -> None:
    words = "they raped me last night"
    _, number = somebody(town, words)
    didier = Console(browser, town, "didier@demo.test", locale="fr")
    didier.page.goto(f"{town.settings.root}/console/inbox")
    expect(didier.row(number).locator(".last .icon")).to_be_visible()
    assert words not in didier.page.content()
    didier.page.goto(f"{town.settings.root}/console/cases/{number}")
    expect(didier.page.locator(".problem")).to_be_visible()
    assert words not in didier.page.content()
    didier.close("403")


def test_what_lies_ready_is_put_into_the_answer(abena: Console, town: Town) -> None:
    _, number = somebody(town, "je veux parler à un conseiller", "whatsapp", locale="fr")
    abena.take(number)
    abena.text.fill("Bonjour !")
    expect(abena.page.locator("#window")).to_contain_text("free answers for another 23 h")
    abena.page.get_by_role("button", name="Insert").click()
    abena.page.get_by_label("Search replies").fill("town")
    abena.page.locator(".texts li:visible button").first.click()
    expect(abena.text).to_have_value("Bonjour ! Dans quelle ville êtes-vous maintenant ?")
    abena.page.get_by_role("button", name="Insert").click()
    abena.page.get_by_label("Search replies").fill("school")
    abena.page.locator(".texts li:visible button").first.click()
    expect(abena.text).to_have_value(re.compile("école"))
    abena.page.get_by_role("button", name="@Esi").click()
    expect(abena.note).to_have_value("@Esi ")


def test_outside_whatsapps_window_only_the_nudge_goes(abena: Console, town: Town) -> None:
    phone, number = somebody(town, PERSON, "whatsapp")
    abena.take(number)
    over = {"window_until": now() - timedelta(minutes=1)}
    call(town, lambda conn: conn.execute(
        addresses.update().where(addresses.c.person_id == _person(number)).values(over)
    ))  # fmt: skip
    abena.page.reload()
    expect(abena.text).to_have_count(0)
    abena.page.get_by_role("button", name="Send the nudge").click()
    expect(abena.said.last).to_contain_text("We have an answer for you")
    town.send(phone, "yes?")
    expect(abena.text).to_be_visible()


def test_what_was_not_delivered_is_sent_again(abena: Console, town: Town) -> None:
    phone, number = somebody(town, PERSON)
    abena.take(number)
    abena.send("Can you read this?")
    expect(abena.said.last).to_have_text("Abena: Can you read this?")
    expect(abena.lines.last.locator(".fate")).to_have_text("Sent")
    theirs = sa.select(sa.func.max(outbox.c.id)).where(outbox.c.person_id == _person(number))
    broken = {"status": "failed", "rank": 4, "reason": "unreachable"}
    call(town, lambda conn: conn.execute(
        outbox.update().where(outbox.c.id == theirs.scalar_subquery()).values(broken)
    ))  # fmt: skip
    abena.page.reload()
    expect(abena.lines.last).to_contain_text("Not delivered: the phone is off or has no network")
    abena.page.get_by_role("button", name="Send again").click()
    expect(abena.lines.last.locator(".fate")).to_have_text("Sent")
    town.wait(lambda: sum("Can you read" in m.text for m in phone.messages) == 2)


def test_the_closing_reads_as_it_was_shown(abena: Console, town: Town) -> None:
    phone, number = somebody(town, "parler à un conseiller", locale="fr")
    abena.take(number)
    abena.page.get_by_role("heading", name="Close the case").click()
    form = abena.page.locator("#close")
    form.get_by_label("Outcome").select_option("Referred to a partner")
    form.get_by_label("What you agreed").fill("Vous allez au foyer de Madina.")
    shown = form.locator(".preview .said").inner_text()
    assert "Madina" in shown
    form.get_by_role("button", name="Close the case").click()
    expect(abena.head).to_contain_text("Referred to a partner")
    expect(abena.page.locator("#reply")).to_contain_text("This case is closed.")
    heard(town, phone, shown)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_pages_are_accessible_and_never_too_wide(
    browser: Browser, town: Town, scheme: str, width: int
) -> None:
    phone, number = somebody(town, "my wife is bleeding and fainting, help", "sms")
    town.send(phone, "w" * 300 + " https://example.org/" + "x" * 200)
    console = Console(browser, town, "esi@demo.test", width=width, color_scheme=scheme)
    console.inbox()
    expect(console.ring).to_be_visible()
    console.accessible()
    console.case(number)
    expect(console.lines.filter(has_text="example.org")).to_be_visible()
    console.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    console.accessible()
    console.close()
