"""The hand-off: from the bot to a counsellor, and back to the bot."""

from __future__ import annotations

import pytest

from bot.handoff import Refused
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, NOW_READS, RAPE, Room


async def test_a_talk_with_a_counsellor_from_asking_to_rating(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    (notice,) = await room.heard()
    assert notice.startswith(f"Ama, {NOW_READS}")
    assert "MENU" in notice
    assert await loop.say("where do I get a Ghana card?") == []
    assert room.reply(ama, "Go to the NIA office in Accra.")
    assert await room.heard() == ["Ama: Go to the NIA office in Accra."]
    assert await loop.say("thank you") == []
    room.close(ama, agreed="You go to the NIA on Monday.", next_step="I call you on Tuesday.")
    (summary,) = await room.heard()
    assert "Ama has ended this talk." in summary
    assert "Agreed: You go to the NIA on Monday." in summary
    assert "Next: I call you on Tuesday." in summary
    assert "Did this talk help you?" in summary
    (thanks,) = await room.tap("Yes, it helped")
    assert "Good" in thanks
    assert room.case().rating is True
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))
    assert room.log() == ["opened", "taken", "replied", "wrote", "closed", "rated"]


async def test_the_summary_is_in_the_language_of_the_person(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("français", "une personne")
    room.take(ama)
    assert "MENU" in (await room.heard())[0]
    room.close(ama, agreed="Lundi au NIA.")
    (summary,) = await room.heard()
    assert "Lundi au NIA." in summary
    assert "Did this talk" not in summary


async def test_no_it_did_not_help_opens_the_case_again(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.close(ama)
    await room.heard()
    first = room.case().id
    (sorry,) = await room.tap("No, it did not")
    assert "look at it again" in sorry
    case = room.case()
    assert (case.id, case.state, case.rating, case.reopened) == (first, "waiting", False, 1)
    assert (case.owner_id, case.last_owner_id, case.outcome) == (None, ama.id, None)
    assert room.counsellor() is None


@pytest.mark.parametrize(("words", "good"), [
    ("yes", True), ("Yes!", True), ("oui", True), ("no", False), ("No!", False),
    ("non", False), ("nope it did not", False),
])  # fmt: skip
async def test_the_question_is_answered_in_words_too(
    loop: Loop, room: Room, words: str, good: bool
) -> None:
    await loop.say("person")
    room.take(ama := room.add("Ama"))
    room.close(ama)
    await room.heard()
    (answer,) = await loop.say(words)
    assert ("Write again whenever" in answer) is good
    assert ("look at it again" in answer) is not good
    assert (room.case().rating, room.case().state) == (good, "closed" if good else "waiting")
    said = await loop.say(words)  # it is asked once
    assert "look at it again" not in "".join(said)
    assert room.case().reopened == (not good)


async def test_what_the_bot_does_not_understand_soon_after_a_talk_is_for_the_counsellor(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.close(ama)
    await room.heard()
    first = room.case().id
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))  # that is for the bot
    assert room.case().state == "closed"
    loop.clock.forward(days=2, hours=23)
    (passed,) = await loop.say("qwpoei zxmcn asdkjh")
    assert "I have passed your messages to our team" in passed
    case = room.case()
    assert (case.id, case.state, case.reason) == (first, "waiting", "not_understood")
    assert case.last_owner_id == ama.id
    (again,) = await loop.say("lkjasd poiqwe")  # it is open now: the usual way
    assert "passed" not in again
    room.take(ama)
    room.close(ama)
    await room.heard()
    loop.clock.forward(days=3, seconds=1)
    (much_later,) = await loop.say("qwpoei zxmcn asdkjh")
    assert "passed" not in much_later
    assert room.case().state == "closed"


async def test_long_after_closing_a_new_need_is_a_new_case(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.close(ama)
    await room.heard()
    first = room.case().id
    loop.clock.forward(days=2, hours=23)
    await loop.say("person")
    assert room.case().id == first
    room.take(ama)
    room.close(ama)
    loop.clock.forward(days=3, seconds=1)
    await loop.say("person")
    assert room.case().id != first


async def test_menu_goes_back_to_the_bot_until_the_counsellor_writes_again(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await room.heard()
    (menu,) = await loop.say("menu")
    assert "The automatic answers are back. The counsellor still has your case." in menu
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))
    case = room.case()
    assert (case.state, case.owner_id) == ("assigned", ama.id)
    room.reply(ama, "Are you still there?")
    assert await loop.say("I lost my Ghana card") == ["Ama: Are you still there?"]


async def test_menu_and_a_number_right_after_it_are_both_answered(loop: Loop, room: Room) -> None:
    await loop.say("person")
    room.take(room.add("Ama"))
    await room.heard()
    back, papers = await loop.say("menu", "2")
    assert "The automatic answers are back" in back
    assert "Papers" in papers


@pytest.mark.parametrize("words", ["2", "0", "3.", "Menu", "menu"])
async def test_a_number_is_an_answer_to_the_counsellor_and_the_word_menu_is_not(
    loop: Loop, room: Room, words: str
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    last = [label for label, _ in loop.rows()[-1].part["options"]]
    assert last.index("Menu") == 2
    room.take(ama)
    room.reply(ama, "How many children do you have?")
    await room.heard()
    said = await loop.say(words)
    assert bool(said) is (words.lower() == "menu")
    assert (room.counsellor() is None) is (words.lower() == "menu")


@pytest.mark.parametrize("verb", ["take", "reply"])
async def test_a_menu_from_before_the_counsellor_spoke_does_not_send_them_away(
    loop: Loop, room: Room, verb: str
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    if verb == "reply":
        room.take(ama)
        await loop.say("menu")
    loop.receive(loop.message("menu"))
    room.take(ama) if verb == "take" else room.reply(ama, "Hello?")
    said = await room.heard()
    assert len(said) == 1, said
    assert said[0].startswith("Ama")
    assert room.counsellor() == "Ama"


async def test_stop_during_a_talk_ends_all_messages(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await room.heard()
    (bye,) = await loop.say("STOP")
    assert "You will get no more messages" in bye
    assert room.counsellor() is None
    with pytest.raises(Refused, match="stopped"):
        room.reply(ama, "Are you there?")
    room.close(ama)
    assert await room.heard() == []
    assert "Welcome back" in (await loop.say("START"))[0]


async def test_who_stopped_can_still_come_back_to_the_counsellor_who_took_the_case(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person", "STOP")
    room.take(ama)
    assert await room.heard() == []
    assert "START" in (await loop.say("hello?"))[0]
    assert "112" in (await loop.say(DANGER))[0]  # the counsellor cannot say it
    (notice,) = await loop.say("START")
    assert notice.startswith(f"Ama, {NOW_READS}")
    room.reply(ama, "I am here.")
    assert await room.heard() == ["Ama: I am here."]


async def test_new_danger_during_a_talk_says_nothing_and_raises_the_case(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await room.heard()
    assert room.case().priority == 2
    assert await loop.say(DANGER) == []
    case = room.case()
    assert (case.priority, case.urgency, case.owner_id) == (0, "medical_emergency", ama.id)
    assert case.ring_at == loop.clock()


async def test_a_protected_case_stays_protected_whatever_else_is_said(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama", skills=("protection",))
    await loop.say(RAPE)
    await loop.say(DANGER)
    assert room.case().urgency == "sexual_violence"
    room.take(ama)
    room.close(ama)
    await loop.say(DANGER)
    assert (room.case().urgency, room.case().reopened) == ("sexual_violence", 1)


async def test_another_counsellor_cannot_take_or_answer_or_close(loop: Loop, room: Room) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say("person")
    with pytest.raises(Refused):
        room.reply(kofi, "Hello")
    with pytest.raises(Refused):
        room.close(kofi)
    with pytest.raises(Refused):
        room.snooze(kofi, hours=1)
    room.take(ama)
    for verb in (room.take, room.close, room.give_back):
        with pytest.raises(Refused):
            verb(kofi)
    with pytest.raises(Refused):
        room.assign(kofi, by=kofi)
    room.take(kofi, over=True)
    assert [text[:4] for text in await room.heard()] == ["Ama,", "Kofi"]
    assert room.counsellor() == "Kofi"
    with pytest.raises(Refused):
        room.reply(ama, "Hello")


async def test_taking_twice_tells_the_person_once(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.take(ama)
    assert len(await room.heard()) == 1
    assert room.log() == ["opened", "taken"]


async def test_who_answers_an_assigned_case_takes_it_and_says_who_they_are(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.assign(ama)
    assert await room.heard() == []
    room.reply(ama, "Good morning.")
    notice, answer = await room.heard()
    assert NOW_READS in notice
    assert answer == "Ama: Good morning."
    assert room.case().taken_at is not None
