"""The way of a cry for help: on a phone, into the console, through a human, and back to the bot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot import cases
from bot.simulator.phones import Phone
from tests.browser.console import Console, call
from tests.simulator.conftest import Town, opened

pytestmark = pytest.mark.browser

# By language: the very first message, the safety text, the hand-over, a question that the bot would
# answer, and the summary.
CRIES = {
    "en": ("my wife is bleeding heavily, she fainted, help us now", "Call 112",
           "Abena, a counsellor, now reads this conversation", "I lost my Ghana card too",
           "Agreed: you are at the hospital"),
    "fr": ("ma femme saigne beaucoup, elle s'est évanouie, aidez-nous vite", "112",
           "Abena, de notre équipe de conseil, lit maintenant", "j'ai perdu ma carte Ghana aussi",
           "Convenu : you are at the hospital"),
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def abena(browser: Browser, town: Town) -> Iterator[Console]:
    made = Console(browser, town)
    yield made
    made.close()


def heard(town: Town, phone: Phone) -> list[str]:
    return [m.text for m in list(phone.messages) if not m.mine]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
@pytest.mark.parametrize("language", list(CRIES))
def test_a_cry_for_help_reaches_a_human_and_the_bot_is_back(
    abena: Console, town: Town, channel: str, language: str
) -> None:
    cry, safety, taken, question, agreed = CRIES[language]
    abena.inbox()
    phone = town.phone(channel, locale=language)
    town.send(phone, cry)
    assert safety in town.said(phone, 1)[0].text  # the first thing said, before any welcome
    assert "Welcome" not in heard(town, phone)[0]
    expect(abena.ring).to_be_visible()  # it rings, and leads to the case
    link = abena.ring.get_by_role("link").first
    number = int((link.get_attribute("href") or "0").rsplit("/", 1)[-1])
    link.click()
    expect(abena.head).to_contain_text(f"#{number}")
    expect(abena.head).to_contain_text("Danger")
    abena.page.locator("#take").click()
    town.wait(lambda: any(taken in text for text in heard(town, phone)))
    expect(abena.ring).to_be_hidden()
    count = len(heard(town, phone))
    abena.send("I am with you. Is somebody near you?")
    town.wait(lambda: heard(town, phone)[count:] == ["Abena: I am with you. Is somebody near you?"])
    town.send(phone, question)
    expect(abena.lines.last.locator(".said")).to_contain_text(question)
    assert len(heard(town, phone)) == count + 1  # the bot is silent
    abena.page.locator("#close summary").click()
    close = abena.page.locator("#close")
    close.get_by_label("Outcome").select_option(index=1)
    close.get_by_label("What you agreed").fill("you are at the hospital")
    close.get_by_role("button").last.click()
    town.wait(lambda: agreed in " ".join(heard(town, phone)))
    count = len(heard(town, phone))
    town.send(phone, "menu")
    town.wait(lambda: len(heard(town, phone)) > count)
    row = call(town, cases.of, number)
    assert (row.priority, row.state, row.urgency) == (0, "closed", "medical_emergency")
    assert row.in_time
