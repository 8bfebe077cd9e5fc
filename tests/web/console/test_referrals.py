"""The referrals on a case's page: asking, what became of it, and who may see and do what."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot import handoff, referrals
from bot.events import Incoming, Kind
from bot.library import Library
from bot.roles import PROTECTION, Role
from tests.engine.conftest import Loop
from tests.web.console.conftest import Office, Seat

CASE = "/console/cases/1"
LEGAL, IOM = "legal_aid@legal_aid-accra", "iom@iom-tamale"
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% raw %}",
           "</textarea><svg/onload=alert(1)>", "%(name)s {office} {0}")  # fmt: skip


@pytest.fixture
def talk(office: Office, library: Library, embedded: Any) -> Loop:
    """The loop that turns messages into cases, on the office's database."""
    return Loop(office.database, office.vault, embedded, library, clock=office.clock)


@pytest.fixture
async def seat(office: Office, talk: Loop) -> Seat:
    """Ama, who has the case of somebody in the north who asked about a grant."""
    await talk.say("I am in Tamale and lost my passport", "I want to talk to a person")
    made = office.as_(office.member(Role.COUNSELLOR, name="Ama"))
    made.post(f"{CASE}/take")
    await talk.work()
    return made


def side(seat: Seat) -> str:
    """The words of the part that renews itself, on one line."""
    text = re.sub(r"<[^>]+>", " ", seat.get(CASE, part="referrals").text)
    return html.unescape(" ".join(text.split()))


def buttons(seat: Seat) -> list[str]:
    return re.findall(r'name="state" value="(\w+)"', seat.get(CASE, part="referrals").text)


def ask(seat: Seat, office: str = LEGAL, note: str = "Was not paid.", **more: str) -> Any:
    return seat.post(f"{CASE}/refer", office=office, note=note, **more)


def step(seat: Seat, state: str, id: int = 1, case: int = 1) -> int:
    done = seat.post(f"/console/cases/{case}/referral", referral=str(id), state=state)
    return int(done.status_code)


async def test_a_referral_is_asked_agreed_passed_on_and_done(
    office: Office, talk: Loop, seat: Seat
) -> None:
    assert "Referrals" in seat.get(CASE).text
    done = ask(seat, topic="legal_aid")
    assert done.headers["location"] == f"{CASE}?said=asked"
    assert "The person is asked." in seat.get(done.headers["location"]).text
    assert "Legal Aid Commission, Accra The person has not answered yet" in side(seat)
    assert "Was not paid. Asked by Ama" in side(seat)
    assert buttons(seat) == ["withdrawn"]
    assert step(seat, "sent") == 409
    await talk.work()
    await talk.say("refer yes")
    assert "The person said yes: not passed on yet" in side(seat)
    page = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", seat.get(CASE).text).split()))
    assert "Ama asked: may we refer to Legal Aid Commission, Accra?" in page
    assert "The person agreed to be referred to Legal Aid Commission, Accra" in page
    assert "Referral Legal Aid Commission, Accra : allowed" in page
    assert buttons(seat) == ["sent", "withdrawn"]
    for state, following in (("sent", ["received", "done", "withdrawn"]),
                             ("received", ["done", "withdrawn"]), ("done", [])):  # fmt: skip
        assert step(seat, state) == 303
        assert buttons(seat) == following
    deeds = [e.action for e in office.audited() if e.action.startswith("referral")]
    assert deeds == ["referral_asked", "referral_agreed", "referral_sent", "referral_received",
                     "referral_done"]  # fmt: skip


async def test_the_office_can_answer_after_the_case_was_closed(
    talk: Loop, seat: Seat
) -> None:
    ask(seat)
    await talk.work()
    await talk.say("refer yes")
    seat.post(f"{CASE}/close", outcome="referred")
    assert "Ask the person" not in seat.get(CASE).text
    assert ask(seat, IOM).status_code == 409
    assert [step(seat, "sent"), step(seat, "done")] == [303, 303]


async def test_the_offices_that_fit_come_first(seat: Seat) -> None:
    page = seat.get(CASE).text
    found = re.findall(r'<option value="([^"]+@[^"]+)"', page)
    assert len(found) > 100
    assert found[0].startswith(("passport_office@", "gis_mic@"))
    assert '<option value="passport" selected>' in page


async def test_everything_is_said_in_french_too(
    office: Office, talk: Loop, seat: Seat
) -> None:
    ask(seat)
    await talk.work()
    await talk.say("refer yes")
    page = office.as_(office.member(Role.SUPERVISOR, locale="fr")).get(CASE).text
    assert "<h2>Orientations</h2>" in page
    assert "La personne a dit oui\u00a0: pas encore transmis" in page


async def test_who_does_not_have_the_case_reads_and_cannot_ask(
    office: Office, talk: Loop, seat: Seat
) -> None:
    ask(seat)
    kofi = office.as_(office.member(Role.COUNSELLOR, name="Kofi"))
    assert "Was not paid." in kofi.get(CASE).text
    assert "Ask the person" not in kofi.get(CASE).text
    assert ask(kofi, IOM).status_code == 409
    boss = office.as_(office.member(Role.SUPERVISOR))
    assert "Ask the person" in boss.get(CASE).text
    assert step(boss, "withdrawn") == 303
    assert ask(boss, IOM).status_code == 303


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR, Role.ADMIN])
async def test_other_roles_neither_ask_nor_move(office: Office, seat: Seat, role: Role) -> None:
    ask(seat)
    other = office.as_(office.member(role))
    assert ask(other, IOM).status_code == 403
    assert step(other, "withdrawn") == 403
    assert "not answered yet" in side(seat)


async def test_a_referral_of_a_protected_case_stays_hidden_on_the_persons_other_case(
    office: Office, talk: Loop, seat: Seat
) -> None:
    seat.post(f"{CASE}/close", outcome="answered")
    office.clock.forward(days=60)  # long enough for a case of its own
    await talk.say("two men raped me last night")
    skilled = office.as_(office.member(Role.COUNSELLOR, name="Esi", skills=(PROTECTION,)))
    skilled.post("/console/cases/2/take")
    await talk.work()
    asked = skilled.post("/console/cases/2/refer", office=LEGAL, note="Needs a woman doctor.")
    assert asked.status_code == 303
    ama = office.as_(office.again(1))
    assert (ama.get(CASE).status_code, side(ama)) == (200, "")
    assert "Needs a woman doctor." in side(skilled)
    await talk.say("refer yes")
    assert "<dt>Referral</dt>" not in ama.get(CASE).text
    assert "<dt>Referral</dt>" in skilled.get("/console/cases/2").text
    assert step(ama, "withdrawn") == 409
    assert step(ama, "withdrawn", case=2) == 403
    assert step(skilled, "withdrawn") == 303


async def test_a_referral_of_somebody_else_is_none_of_this_case(
    office: Office, talk: Loop, seat: Seat
) -> None:
    ask(seat)
    await talk.say("I want to talk to a person", who="88")
    assert step(seat, "withdrawn", case=2) == 409
    assert step(seat, "withdrawn", id=99) == 409


@pytest.mark.parametrize("form", [
    {}, {"office": "nobody@nowhere"}, {"office": LEGAL, "topic": "<b>"}, {"office": LEGAL},
    {"office": LEGAL, "note": "x" * 5000}, {"office": LEGAL, "note": " \u200b\r\n"},
    {"office": "' OR 1=1 --", "note": "x"},
])  # fmt: skip
async def test_a_form_that_says_too_little_or_too_much_asks_nothing(
    talk: Loop, seat: Seat, form: dict[str, str]
) -> None:
    before = len(talk.out())
    assert seat.post(f"{CASE}/refer", **form).status_code == 409
    await talk.work()
    assert (side(seat), len(talk.out())) == ("", before)


@pytest.mark.parametrize(("referral", "state"), [
    ("1", ""), ("1", "asked"), ("1", "agreed"), ("1", "<b>"), ("²", "withdrawn"), ("", "withdrawn"),
    ("9" * 400, "withdrawn"), ("1 OR 1=1", "withdrawn"),
])  # fmt: skip
async def test_a_strange_step_changes_nothing(seat: Seat, referral: str, state: str) -> None:
    ask(seat)
    answer = seat.post(f"{CASE}/referral", referral=referral, state=state)
    assert answer.status_code == 409
    assert "not answered yet" in side(seat)


@pytest.mark.parametrize("words", HOSTILE)
async def test_a_hostile_note_is_only_words_for_all(talk: Loop, seat: Seat, words: str) -> None:
    assert ask(seat, note=words).status_code == 303
    await talk.work()
    assert words in talk.out()[-1].split("\n")
    for text in (seat.get(CASE).text, seat.get(CASE, part="referrals").text):
        assert html.escape(words, quote=True).replace("&quot;", "&#34;") in text
        for tag in ("<script>alert", "<img src=x", "<svg/onload"):
            assert tag not in text


async def test_who_stopped_us_or_cannot_be_reached_is_not_asked(
    office: Office, talk: Loop, seat: Seat
) -> None:
    why = "The person cannot be reached: they stopped or blocked us."
    await talk.say("stop")
    assert why in ask(seat).text
    await talk.say("start")
    talk.receive(Incoming(channel="telegram", external_id="gone", kind=Kind.REACH,
                          addresses=("77",), body={"reachable": False}))  # fmt: skip
    await talk.work()
    assert why in ask(seat).text
    assert talk.count(referrals.referrals) == 0


async def test_outside_whatsapps_window_the_nudge_comes_first(
    office: Office, talk: Loop
) -> None:
    await talk.say("I want to talk to a person", who="+233200000001", channel="whatsapp")
    me = office.member(Role.COUNSELLOR)
    office.call(handoff.take, 1, me, office.clock())
    office.clock.forward(hours=25)
    answer = ask(office.as_(me))
    assert (answer.status_code, "send the nudge, then ask" in answer.text) == (409, True)
    assert talk.count(referrals.referrals) == 0
