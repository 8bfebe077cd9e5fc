"""Opening a group in the browser, holding everything in it, and the word to a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from bot.dialogue.peers.world import Group
from bot.peers import groups
from tests.browser.console import Console, call
from tests.browser.moderation.test_queue import hears
from tests.simulator.conftest import Town

pytestmark = pytest.mark.browser


def named(town: Town, tag: str) -> Group:
    return next(group for group in call(town, groups.everyone) if group.tag == tag)


def test_a_group_is_opened_with_a_suggested_tag_and_whoever_wished_for_it_hears(
    browser: Browser, town: Town
) -> None:
    phone = town.phone("telegram")
    town.send(phone, "I want to join a carpentry group")
    hears(town, phone, "arpentry")
    town.send(phone, "1")
    hears(town, phone, "When this group opens")
    console = Console(browser, town, "esi@demo.test")
    page = console.page
    page.goto(f"{town.settings.root}/console/groups")
    page.get_by_role("heading", name="Open a group").click()  # there are others already
    page.get_by_label("Sector").select_option("carpentry")
    expect(page.get_by_text("Left empty, it is #carpentry.")).to_be_visible()
    page.get_by_label("Tag").fill("wood")
    with page.expect_response("**/console/groups?part=tag**"):
        page.get_by_role("combobox", name="Region").select_option("GH-AA")
    expect(page.get_by_label("Tag")).to_have_value("wood")  # what was typed stays
    page.get_by_role("button", name="Open the group").click()
    expect(page.get_by_role("heading", name="Carpentry")).to_be_visible()
    expect(page.get_by_text("Those who wished for it are told.")).to_be_visible()
    hears(town, phone, "There is now a group")
    group = named(town, "wood")
    assert (group.sector, group.region) == ("carpentry", "GH-AA")
    page.get_by_role("button", name="Hold every post").click()
    expect(page.get_by_text("Every post waits for a moderator.", exact=True)).to_be_visible()
    page.get_by_role("heading", name="Settings").click()
    page.get_by_label("First posts of a member").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    group = named(town, "wood")
    assert (group.rules.hold_first, group.rules.hold_all) == (4, True)
    console.accessible()
    console.close()
