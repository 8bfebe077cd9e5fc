"""Pictures of phones and console for the README: `python -m tests.browser.screenshots`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect

from bot import settings, staff
from bot.commands import demo
from bot.db import now
from bot.simulator.phones import Phone
from tests.browser.console import Console, call, somebody
from tests.browser.three_phones import ThreePhones, chromium
from tests.simulator.conftest import Town, free_port

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Plays one conversation on each phone and one hand-off, and takes the pictures."""
    DOCS.mkdir(exist_ok=True)
    with TemporaryDirectory() as home:
        env = {"SANKOFA_HOME": home, "SECRET_KEY": "pictures", "PORT": str(free_port())}
        with Town(demo.local(settings.read(env))).open() as town, chromium() as browser:
            desk(browser, town.settings.root)
            hand(browser, town.settings.root)
            hand_off(browser, town)
            trade(browser, town)


def desk(browser: Browser, root: str) -> None:
    """Three phones: a question with buttons, one in French with a list, an office by SMS."""
    phones = ThreePhones(browser, root, width=1440, height=900)
    telegram, whatsapp, sms = phones.all
    whatsapp.write("Comment inscrire mes enfants à l'école ?")
    whatsapp.hears(2, "école")
    whatsapp.pick("Comment faire")
    whatsapp.hears(3, "Que faire")
    sms.write("I lost my Ghana Card")
    sms.hears(3, "2 Offices near me")
    sms.write("2")
    sms.hears(4, "Which region or town")
    sms.write("Kumasi")
    sms.hears(5, "Seen from Kumasi")
    telegram.write("hello")
    telegram.hears(1)
    telegram.write("How do I register for health insurance?")
    telegram.hears(2, "NHIS")
    picture(phones, "phones.png")


def hand(browser: Browser, root: str) -> None:
    """One phone, as on a phone, with the list open."""
    phones = ThreePhones(browser, root, width=390, height=844)
    phones.page.get_by_role("button", name="WhatsApp", exact=True).click()
    expect(phones.whatsapp.root).to_be_visible()
    phones.whatsapp.hears(3).locator("[aria-haspopup=dialog]").tap()
    expect(phones.whatsapp.sheet.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    picture(phones, "phones-mobile.png")


def hand_off(browser: Browser, town: Town) -> None:
    """A cry for help on WhatsApp, and a counsellor who has taken it."""
    console = Console(browser, town, width=1280, height=860)
    call(town, staff.arrives, 1, now())
    phone, number = somebody(
        town, "my wife is bleeding heavily, she fainted, help us", "whatsapp", name="Yaw"
    )
    somebody(town, "parler à un conseiller", "sms", locale="fr")
    console.take(number)
    console.send("I am here. Is she breathing? Is a neighbour with a car near you?")
    town.wait(lambda: any("Abena: I am here" in m.text for m in list(phone.messages)))
    town.send(phone, "yes she breathes, my neighbour comes now")
    expect(console.lines.last.locator(".said")).to_contain_text("neighbour comes")
    expect(console.head).to_contain_text("We answer next")
    console.page.screenshot(path=DOCS / "console.png", animations="disabled")
    console.close()


def trade(browser: Browser, town: Town) -> None:
    """A talk in a peer group across the phones, and the moderators' queue."""
    phones = ThreePhones(browser, town.settings.root, width=1440, height=900)
    by_name = {phone.name: phone for phone in town.networks.phones.by_id.values()}
    phones.telegram.write("#tailoring who has an overlock machine for two days?")
    heard(town, by_name["Yaw"], "overlock")
    phones.sms.write("posts")
    heard(town, by_name["Kofi"], "overlock")
    phones.whatsapp.write("je veux rejoindre le groupe couture")
    heard(town, by_name["Aïcha"], "Quel groupe")
    phones.telegram.write("#tailoring call me on 024 412 3456, I pay the fuel")
    heard(town, by_name["Yaw"], "number hidden")
    picture(phones, "groups.png")
    for words in ("report 5", "It shows who somebody is"):
        town.send(by_name["Yaw"], words)
    heard(town, by_name["Yaw"], "A moderator looks")
    moderator = Console(browser, town, "akosua@demo.test", width=1280, height=760)
    moderator.page.goto(f"{town.settings.root}/console/moderation")
    expect(moderator.page.locator(".queue > .item").first).to_be_visible()
    moderator.page.screenshot(path=DOCS / "moderation.png", animations="disabled")
    moderator.close()


def heard(town: Town, phone: Phone, words: str) -> None:
    town.wait(lambda: any(words in m.text for m in list(phone.messages)))


def picture(phones: ThreePhones, name: str) -> None:
    for phone in phones.all:
        expect(phone.root.locator(".unread")).to_have_count(0)
    phones.page.evaluate("document.activeElement.blur()")
    phones.page.mouse.move(0, 0)
    phones.page.screenshot(path=DOCS / name, animations="disabled")
    assert phones.complaints == []
    phones.close()


if __name__ == "__main__":
    main()
