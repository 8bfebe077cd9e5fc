"""What a person sees and does on the phones page, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot import settings
from bot.commands import demo
from tests.browser.three_phones import ThreePhones
from tests.simulator.conftest import Town, free_port

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


def test_a_question_typed_on_each_phone_is_answered_on_that_phone(phones: ThreePhones) -> None:
    phones.telegram.write("I lost my Ghana card")
    phones.whatsapp.write("comment inscrire mes enfants à l'école ?")
    phones.sms.write("how do I register the name of my business")
    phones.telegram.hears(2, "NIA")
    phones.whatsapp.hears(2, "école")
    expect(phones.whatsapp.said.first).to_contain_text("Bienvenue")
    phones.sms.hears(3, "Reply with a number")
    expect(phones.sms.said.nth(1)).to_contain_text("Registrar")
    for phone in phones.all:
        expect(phone.written).to_have_count(1)
        expect(phone.input).to_have_value("")


def test_a_button_a_list_item_and_a_number_lead_to_the_same_message(phones: ThreePhones) -> None:
    phones.whatsapp.choose("Yaw")
    for phone in phones.all:
        phone.write("menu")
        phone.hears(1)
    phones.telegram.tap("Papers")
    phones.whatsapp.pick("Papers")
    expect(phones.sms.said.first).to_contain_text("2 Papers")
    phones.sms.write("2")
    heard = [phone.hears(2, "Papers:").locator(".text") for phone in phones.all]
    telegram, whatsapp, sms = (text.evaluate("(p) => p.firstChild.data") for text in heard)
    assert telegram == whatsapp
    assert sms.startswith(telegram)
    expect(phones.whatsapp.written.last).to_contain_text("Papers")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
def test_an_urgent_first_message_gets_the_safety_text_first(
    phones: ThreePhones, channel: str
) -> None:
    phone = getattr(phones, channel)
    phone.write("my wife is bleeding and fainting, help")
    expect(phone.said.first).to_contain_text("112")
    expect(phone.said.first).to_contain_text("Call 112 now")
    expect(phone.said.first).not_to_contain_text("Welcome")


def test_hostile_text_is_shown_as_text(phones: ThreePhones, town: Town) -> None:
    for phone in phones.all:
        phone.write(HOSTILE)
        expect(phone.written.locator(".text")).to_contain_text(HOSTILE)
        phone.hears(1)
        expect(phone.log.locator("img")).to_have_count(0)
    named = town.phone("sms", name=HOSTILE)
    phones.sms.choose(HOSTILE)
    town.send(named, HOSTILE)
    expect(phones.sms.written.locator(".text")).to_contain_text(HOSTILE)
    expect(phones.page.locator("img")).to_have_count(0)


def test_a_person_is_added_and_answered(phones: ThreePhones) -> None:
    for phone in phones.all:
        before = phone.root.locator(".tab").count()
        phone.root.get_by_role("button", name="Add a person").click()
        expect(phone.root.locator(".tab")).to_have_count(before + 1)
        expect(phone.root.locator(".tab[aria-current=true]")).to_have_count(1)
        expect(phone.root.locator(".tab").last).to_have_attribute("aria-current", "true")
        phone.write("menu")
        phone.hears(1)


def test_a_photo_and_a_voice_note_are_seen_and_heard_on_the_phones(
    phones: ThreePhones, town: Town
) -> None:
    yaw = next(p for p in town.networks.phones.by_id.values() if p.name == "Yaw")
    for kind in ("Photo", "Voice note"):
        phones.telegram.root.locator(".attach summary").click()
        phones.telegram.root.get_by_role("button", name=kind, exact=True).click()
    mine = phones.telegram.written
    expect(mine.locator("img")).to_have_js_property("naturalWidth", 480)
    expect(mine.locator("audio")).to_have_count(1)
    town.send(yaw, kind="photo", text="#tailoring look")
    town.send(yaw, kind="voice", text="#tailoring listen")
    theirs = phones.telegram.said
    expect(theirs.locator("img")).to_have_js_property("naturalWidth", 480)
    voice = theirs.locator("audio")
    expect(voice).to_have_js_property("error", None)
    voice.evaluate("(sound) => new Promise((go) => sound.readyState ? go() : "
                   "sound.addEventListener('loadedmetadata', go))")
    assert 1 < voice.evaluate("(sound) => sound.duration") < 2


def test_each_person_has_a_conversation_and_a_draft_of_their_own(phones: ThreePhones) -> None:
    phone = phones.telegram
    phone.write("menu")
    phone.hears(1)
    phone.input.press_sequentially("half a sen")
    phone.choose("Moussa")
    expect(phone.log.locator(".msg")).to_have_count(0)
    expect(phone.input).to_have_value("")
    phone.choose("Ama")
    phone.hears(1)
    expect(phone.input).to_have_value("half a sen")


def test_a_first_word_is_one_click(phones: ThreePhones) -> None:
    phones.whatsapp.root.get_by_role("button", name="I lost my Ghana Card").click()
    phones.whatsapp.hears(2, "NIA")
    expect(phones.whatsapp.root.locator(".starters")).to_be_hidden()


def test_what_happens_elsewhere_appears_by_itself(phones: ThreePhones, town: Town) -> None:
    ama, *_, moussa = [p for p in town.networks.phones.by_id.values() if p.channel == "telegram"]
    town.send(ama, "menu")
    phones.telegram.hears(1)
    expect(phones.telegram.written).to_contain_text("menu")
    town.send(moussa, "menu")
    unread = phones.telegram.root.locator(".tab", has_text="Moussa").locator(".unread")
    expect(unread).to_have_text("1")
    phones.telegram.choose("Moussa")
    phones.telegram.hears(1)
    expect(unread).to_have_count(0)
    added = town.phone("sms", name="Nana")
    phones.sms.choose("Nana")
    expect(phones.sms.root.locator(".who")).to_contain_text(added.address)


def test_a_second_page_shows_the_same(phones: ThreePhones, narrow: ThreePhones) -> None:
    phones.telegram.write("menu")
    narrow.telegram.hears(1)
    narrow.telegram.tap("Health")
    phones.telegram.hears(2, "Health:")


def test_after_a_restart_the_page_finds_the_service_again(
    browser: Browser, tmp_path: Path
) -> None:
    port = str(free_port())
    before, after = (
        demo.local(settings.read({"SANKOFA_HOME": str(home), "SECRET_KEY": "k", "PORT": port}))
        for home in (tmp_path / "before", tmp_path / "after")
    )
    with Town(before).open():
        phones = ThreePhones(browser, before.root)
        phones.telegram.write("menu")
        phones.telegram.hears(1)
        lost = phones.page.get_by_text("Reconnecting to the simulator")
        expect(lost).to_be_hidden()
    expect(lost).to_be_visible()
    with Town(after).open():
        expect(lost).to_be_hidden()
        expect(phones.telegram.log.locator(".msg")).to_have_count(0)
        phones.telegram.write("menu")
        phones.telegram.hears(1)
        phones.close()
    assert [c for c in phones.complaints if "net::ERR_" not in c] == []


def test_the_newest_message_is_in_sight_until_one_scrolls_up(phones: ThreePhones) -> None:
    phone = phones.sms
    phone.write("I lost my Ghana card")
    expect(phone.hears(3)).to_be_in_viewport(ratio=0.9)
    phone.said.first.scroll_into_view_if_needed()
    phone.log.hover()
    phones.page.mouse.wheel(0, -5000)
    expect(phone.written.first).to_be_in_viewport()
    phone.write("2")
    phone.hears(4)
    expect(phone.said.last).to_be_in_viewport(ratio=0.9)


def test_labels_are_not_cut(phones: ThreePhones) -> None:
    phones.telegram.write("I lost my Ghana card")
    phones.whatsapp.write("comment inscrire mes enfants à l'école ?")
    phones.telegram.hears(2)
    phones.whatsapp.hears(2)
    phones.whatsapp.said.locator("[aria-haspopup=dialog]").click()
    labels = phones.page.locator(".option:visible, .row:visible")
    assert labels.count() > 8
    for label in labels.all():
        assert label.evaluate("(b) => b.scrollWidth <= b.clientWidth"), label.text_content()
    phones.page.keyboard.press("Escape")
    expect(phones.whatsapp.sheet).to_be_hidden()


def test_the_old_phone_writes_with_its_keys(phones: ThreePhones) -> None:
    phone = phones.sms
    phone.write("menu")
    phone.hears(1)
    for key in ("3", "2"):
        phone.root.locator(f'[data-key="{key}"]').click()
    phone.root.get_by_role("button", name="Clear last letter").click()
    expect(phone.input).to_have_value("3")
    expect(phone.root.locator(".count")).to_have_text("1/160 · 1 SMS")
    phone.root.get_by_role("button", name="Send").last.click()
    phone.hears(2, "Health:")


def test_somebody_blocks_the_bot_and_comes_back(phones: ThreePhones) -> None:
    phone = phones.telegram
    phone.root.get_by_label("Menu").click()
    phone.root.get_by_role("button", name="Block the bot").click()
    expect(phone.input).to_be_hidden()
    phone.root.locator(".unblock").click()
    phone.write("menu")
    phone.hears(1)


def test_network_faults_are_set_and_calmed(phones: ThreePhones, town: Town) -> None:
    page = phones.page
    page.get_by_role("button", name="Network").click()
    page.get_by_label("Duplicates", exact=True).check()
    expect(page.locator(".net-state")).to_have_text(": 1 on")
    town.wait(lambda: town.networks.weather.faults.duplicates == 0.3)
    page.get_by_role("button", name="Calm network").click()
    expect(page.locator(".net-state")).to_have_text("")
    town.wait(lambda: town.networks.weather.faults.duplicates == 0)


def test_a_narrow_page_shows_one_phone_and_a_switch(narrow: ThreePhones, town: Town) -> None:
    switch = narrow.page.get_by_role("navigation", name="Phone shown")
    for name, shown in zip(("Telegram", "WhatsApp", "SMS"), narrow.all, strict=True):
        switch.get_by_role("button", name=name).click()
        for phone in narrow.all:
            expect(phone.root).to_be_visible(visible=phone is shown)
        shown.write("menu")
        shown.hears(1)
        assert narrow.page.evaluate("document.documentElement.scrollWidth") == 390
    ama = next(iter(town.networks.phones.by_id.values()))
    town.send(ama, "help")
    expect(switch.locator(".waiting")).to_have_text("Telegram")
