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
