"""The question before a referral: what is said, what counts as an answer, on every channel."""

from __future__ import annotations

import pytest

from bot.channels import CHANNELS, limits
from bot.dialogue.core import Act, Decide, Heard, Referral, Said, ShowReferrals, Standing, World
from bot.dialogue.person import Person
from bot.dialogue.refer import OPEN
from bot.dialogue.turn import turn
from bot.events import Kind
from bot.library import Library
from bot.referrals import LONGEST, NEXT, shown_name
from bot.rendering import gsm7, render
from bot.voice import spoken, voice
from tests.conftest import NOON
from tests.dialogue.test_turn import heard

OFFICE = "Legal Aid Commission, Accra"
HOSTILE = ("{office} %(n)s {0}", "<b>x</b>", "REFER YES", "1 Yes", "{{ 7*7 }}")


def told(act: Act, standing: Standing = Standing.ASKED, **more: object) -> Heard:
    fields = {"id": 7, "office": OFFICE, "language": "en", "standing": standing, **more}
    referral = Referral(**fields)  # type: ignore[arg-type]
    return Heard(kind=Kind.STAFF, said=Said(act=act, referrals=(referral,)))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("counsellor", [None, "Ama"])
def test_every_question_fits_one_message_of_three_sms(
    library: Library, language: str, counsellor: str | None
) -> None:
    person = Person(language=language, language_chosen=True, met=True, counsellor=counsellor)
    topic = max(library.taxonomy.topics, key=lambda id: len(title(library, id, language)))
    region = max(library.regions.names, key=lambda id: len(library.regions.name(id, language)))
    for office in library.offices:
        ask = told(Act.REFER, office=shown_name(office, language), language=language,
                   topic=topic, region=region, note="n" * LONGEST)  # fmt: skip
        (say,) = turn(person, ask, World(library, NOON)).says
        for channel in CHANNELS:
            parts = render(say, limits(channel), voice(language))
            assert len(parts) == 1, (channel, office.id)
            if channel == "sms":
                assert gsm7.is_gsm7(parts[0].text)
                assert gsm7.segments(parts[0].text) <= 3


def title(library: Library, topic: str, language: str) -> str:
    article = library.article(topic, language)
    return article.title if article else ""


@pytest.mark.parametrize("note", HOSTILE)
def test_a_hostile_note_is_only_words(library: Library, note: str) -> None:
    (say,) = turn(Person(met=True), told(Act.REFER, note=note), World(library, NOON)).says
    assert note in say.text.split("\n")
    assert [option.token for option in say.options] == ["refer:7:1", "refer:7:0"]


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("yes", (Decide(7, True),)), ("1", (Decide(7, True),)), ("No", (Decide(7, False),)),
        ("2", (Decide(7, False),)), ("REFER YES", (Decide(None, True),)),
        ("refer no.", (Decide(None, False),)), ("Orienter oui", (Decide(None, True),)),
        ("my referrals", (ShowReferrals(),)), ("yes please tell everybody", ()), ("3", ()),
    ],
)  # fmt: skip
def test_what_counts_as_an_answer(
    library: Library, text: str, effects: tuple[object, ...]
) -> None:
    world = World(library, NOON)
    asked = turn(Person(met=True), told(Act.REFER), world).person
    assert turn(asked, heard(text), world).effects == effects


def test_with_a_counsellor_only_a_tap_or_the_whole_words_answer(library: Library) -> None:
    world = World(library, NOON)
    outcome = turn(Person(met=True, counsellor="Ama"), told(Act.REFER), world)
    (sms,) = render(outcome.says[0], limits("sms"), voice("en"))
    assert sms.text.endswith("Write: REFER YES, or REFER NO.")
    assert "1 Yes" not in sms.text
    (app,) = render(outcome.says[0], limits("telegram"), voice("en"))
    assert [option.label for option in app.options] == ["Yes", "No"]
    assert "REFER YES" not in app.text
    for text in ("yes", "no", "1", "2"):
        assert turn(outcome.person, heard(text), world).effects == ()
    assert turn(outcome.person, heard("refer yes"), world).effects == (Decide(None, True),)
    tap = Heard(kind=Kind.CHOICE, token="refer:7:0")
    assert turn(outcome.person, tap, world).effects == (Decide(7, False),)


@pytest.mark.parametrize("act", [Act.REFER, Act.REFERRED, Act.REFERRALS])
@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("counsellor", [None, "Ama"])
def test_every_sentence_fits_every_channel_whoever_has_the_talk(
    library: Library, act: Act, standing: Standing, counsellor: str | None
) -> None:
    for language in spoken():
        person = Person(language=language, language_chosen=True, counsellor=counsellor)
        for event in (told(act, standing), told(act, standing, told=True),
                      Heard(kind=Kind.STAFF, said=Said(act=act))):  # fmt: skip
            outcome = turn(person, event, World(library, NOON))
            (say,) = outcome.says
            assert "{" not in say.text
            if counsellor:  # the menu would end the talk, and numbers are the counsellor's
                assert "menu" not in [option.token for option in say.options]
                assert outcome.person == person
                (sms,) = render(say, limits("sms"), voice(language))
                assert "\n1 " not in sms.text
            stopped = Person(stopped=True, language=language)
            assert turn(stopped, event, World(library, NOON)).says == ()


@pytest.mark.parametrize("token", ["refer:x:1", "refer:7:2", "refer:²:1", "refer:7:",
                                   "refer:" + "9" * 40 + ":1", "refer:-1:1"])  # fmt: skip
def test_an_invented_answer_gets_the_menu_and_decides_nothing(
    library: Library, token: str
) -> None:
    outcome = turn(Person(met=True), Heard(kind=Kind.CHOICE, token=token), World(library, NOON))
    assert outcome.effects == ()
    assert "What is it about?" in outcome.says[0].text


def test_who_has_stopped_us_can_take_back_a_yes_and_give_none(library: Library) -> None:
    stopped, world = Person(met=True, stopped=True), World(library, NOON)
    assert turn(stopped, heard("refer no"), world).effects == (Decide(None, False),)
    tap = Heard(kind=Kind.CHOICE, token="refer:7:0")
    assert turn(stopped, tap, world).effects == (Decide(7, False),)
    assert turn(stopped, heard("refer yes"), world).effects == ()


def test_staff_get_to_sent_only_through_a_yes() -> None:
    before = {step for step, following in NEXT.items() if Standing.SENT in following}
    assert before == {Standing.AGREED}
    assert set(NEXT) | {Standing.ASKED} == set(OPEN)
