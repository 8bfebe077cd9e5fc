"""What rings beyond the page: the sound after a first click, and the browser's notification."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.console import Console, somebody
from tests.simulator.conftest import Town, opened

pytestmark = pytest.mark.browser

DANGER = "my husband Kwabena is beating me now, he locked the door, Bantama 12, call 0244 123 456"
HOSTS = ("Yaw", "Kwabena", "Bantama", "0244", "beating")  # what a screen must not show to others
# The bell is no part of the page; this is how a test gets hold of the one that really plays.
BELL = """{
  window.bell = null;
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () { window.bell = this; return play.call(this); };
}"""
LOUD = "bell && !bell.paused && bell.volume === 1 && bell.loop && bell.currentTime > 0"
STILL = "bell && bell.paused && bell.error === null"
# A notification leaves the browser; this keeps what it would show, and looks away from the page.
NOTES = """{
  const real = window.Notification;
  let asked = "%s";
  window.notes = [];
  window.Notification = class {
    static get permission() { return asked || real.permission; }
    static async requestPermission() { return asked = "granted"; }
    constructor(title, rest) { window.notes.push(this); this.shown = [title, rest.body, rest.tag]; }
  };
  document.hasFocus = () => window.here;
}"""
BROKEN = """window.Notification = class { static permission = "granted";
  constructor() { throw new TypeError("Illegal constructor"); } };
  document.hasFocus = () => false;"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all: every test brings its own people."""
    with opened(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def console(browser: Browser, town: Town) -> Iterator[Callable[..., Console]]:
    """Opens an inbox with something put into its pages; danger of other tests is taken first."""
    made: list[Console] = []

    def open(*scripts: str, email: str = "abena@demo.test", notify: bool = False) -> Console:
        found = Console(browser, town, email)
        made.append(found)
        if notify:
            found.context.grant_permissions(["notifications"], origin=town.settings.root)
        for script in scripts:
            found.context.add_init_script(script)
        found.page.goto(f"{town.settings.root}/console/inbox")
        return found

    yield open
    for found in made:
        found.close()


def becomes(desk: Console, condition: str, page: Page | None = None) -> None:
    """Waits by asking: the page's policy lets nobody evaluate strings in it."""
    desk.town.wait(lambda: (page or desk.page).evaluate(condition))


def danger(town: Town) -> int:
    return somebody(town, DANGER, name="Yaw")[1]


def link(desk: Console, number: int) -> Locator:
    """The way to the case in the bar that rings."""
    return desk.ring.locator(f"a[href$='/{number}']")


def take(desk: Console, number: int) -> None:
    """By the bar, as a counsellor does."""
    link(desk, number).click()
    desk.page.locator("#take").click()
    expect(desk.text).to_be_focused()


def test_after_a_first_click_danger_is_heard_until_it_is_taken(
    console: Callable[..., Console], town: Town
) -> None:
    desk = console(BELL)
    page = desk.page
    expect(page.get_by_text("Rings are silent in this window until you click")).to_be_visible()
    number = danger(town)
    expect(desk.ring).to_contain_text("Click anywhere to hear the ring.")
    becomes(desk, STILL)  # it tried, and the browser refused
    page.get_by_role("heading", name="Inbox").click()
    becomes(desk, LOUD)
    expect(page.get_by_text("Click anywhere to hear the ring.")).to_be_hidden()
    expect(page.get_by_text("Rings are silent in this window")).to_be_hidden()
    take(desk, number)
    expect(desk.ring).to_be_hidden()
    becomes(desk, STILL)
    page.locator("h1").first.click()  # whether the last page's click counts is up to the browser
    other = danger(town)
    becomes(desk, LOUD)
    desk.ring.get_by_role("button", name="Silence").click()
    becomes(desk, STILL)
    expect(link(desk, other)).to_be_visible()
    third = danger(town)  # what was silenced is that case, not the next one
    becomes(desk, LOUD)
    for rest in (other, third):
        take(desk, rest)
    becomes(desk, STILL)


def test_of_two_windows_one_rings_and_the_other_when_it_is_closed(
    console: Callable[..., Console], town: Town
) -> None:
    desk = console(BELL)
    desk.page.get_by_role("heading", name="Inbox").click()
    second = desk.context.new_page()
    second.goto(f"{town.settings.root}/console/inbox")
    second.get_by_role("heading", name="Inbox").click()
    number = danger(town)
    becomes(desk, LOUD)
    expect(second.locator("#ring")).to_be_visible()
    assert second.evaluate("bell.paused")
    second.get_by_role("button", name="Silence").click()  # in either of them, for both
    becomes(desk, STILL)
    other = danger(town)
    becomes(desk, LOUD)
    desk.page.close()
    becomes(desk, LOUD, second)
    desk.page, desk.ring, desk.text = second, second.locator("#ring"), second.locator("#text")
    for rest in (number, other):
        take(desk, rest)


@pytest.mark.parametrize(("email", "words"), [
    ("abena@demo.test", "Case {} is urgent and nobody has taken it."),
    ("didier@demo.test", "Le dossier {} est urgent et personne ne l'a pris."),
])  # fmt: skip
def test_a_notification_names_a_number_and_nothing_of_the_person(
    console: Callable[..., Console], town: Town, email: str, words: str
) -> None:
    desk = console(NOTES % "", email=email, notify=True)
    page = desk.page
    page.evaluate("here = true")
    first = danger(town)
    expect(link(desk, first)).to_be_visible()
    assert page.evaluate("notes") == []  # who looks at the page needs none
    page.evaluate("here = false")
    number = danger(town)
    becomes(desk, "notes.length > 0")
    shown = page.evaluate("notes.map((note) => note.shown)")
    assert shown == [[words.format(number), None, f"case-{number}"]]
    assert not any(word in str(shown) for word in HOSTS)
    page.evaluate("notes[0].onclick()")
    page.wait_for_url(f"**/console/cases/{number}")
    page.locator("#take").click()
    expect(desk.text).to_be_focused()
    take(desk, first)


def test_notifications_are_offered_and_asked_for_by_a_click(
    console: Callable[..., Console], town: Town
) -> None:
    desk = console(NOTES % "default")
    page = desk.page
    number = danger(town)
    expect(link(desk, number)).to_be_visible()
    assert page.evaluate("notes") == []
    page.get_by_role("button", name="You are:").click()
    page.get_by_role("button", name="Show rings outside this window").click()
    expect(page.get_by_text("Rings also show outside this window.")).to_be_visible()
    page.keyboard.press("Escape")
    other = danger(town)
    becomes(desk, "notes.length > 0")
    assert page.evaluate("notes.map((note) => note.shown[2])") == [f"case-{other}"]
    for rest in (number, other):
        take(desk, rest)


def test_a_browser_that_has_no_notifications_rings_all_the_same(
    console: Callable[..., Console], town: Town
) -> None:
    desk = console(BELL, BROKEN)
    desk.page.get_by_role("heading", name="Inbox").click()
    number = danger(town)
    becomes(desk, LOUD)
    take(desk, number)  # and the console has nothing to complain about


def test_without_the_stream_the_page_says_so_rings_and_works(
    browser: Browser, town: Town
) -> None:
    desk = Console(browser, town)
    desk.context.add_init_script(BELL)
    desk.page.clock.install()
    desk.page.route("**/console/events*", lambda route: route.abort())
    desk.inbox()
    lost = desk.page.get_by_text("Live updates are interrupted. The page asks again every 15 s")
    expect(lost).to_be_visible()
    desk.page.get_by_role("heading", name="Inbox").click()
    phone, number = somebody(town, DANGER)
    expect(desk.row(number)).to_have_count(0)
    desk.page.clock.fast_forward(15_000)
    expect(desk.row(number)).to_be_visible()
    becomes(desk, LOUD)
    take(desk, number)
    expect(lost).to_be_visible()
    becomes(desk, STILL)
    desk.send("I am with you")
    expect(desk.said.last).to_have_text("Abena: I am with you")
    town.send(phone, "he is gone now")
    town.wait(lambda: any("I am with you" in m.text for m in list(phone.messages)))
    desk.page.clock.fast_forward(15_000)
    expect(desk.lines.last.locator(".said")).to_have_text("he is gone now")
    desk.page.locator("#note").fill("safe at her sister's")
    desk.page.get_by_role("button", name="Save the note").click()
    expect(desk.page.locator("#notes")).to_contain_text("safe at her sister's")
    desk.close("ERR_FAILED")


def test_a_stream_that_hangs_without_a_word_is_noticed(browser: Browser, town: Town) -> None:
    desk = Console(browser, town)
    desk.page.clock.install()
    desk.page.route("**/console/events*", lambda _: None)  # neither an answer nor an error
    with desk.page.expect_request("**/console/events*"):
        desk.inbox()
    lost = desk.page.get_by_text("Live updates are interrupted")
    expect(lost).to_be_hidden()
    desk.page.clock.fast_forward(46_000)
    expect(lost).to_be_visible()
    _, number = somebody(town, DANGER)
    desk.page.clock.fast_forward(15_000)
    expect(desk.ring).to_be_visible()
    desk.page.unroute_all(behavior="ignoreErrors")
    desk.page.clock.fast_forward(46_000)
    expect(lost).to_be_hidden()
    take(desk, number)
    desk.close()
