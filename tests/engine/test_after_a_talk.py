"""After a talk with a counsellor: the one question, and what opens the case again."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Loop
from tests.engine.room import DANGER, Room


async def test_no_it_did_not_help_opens_the_case_again(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await room.talked(ama)
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
    ama = room.add("Ama")
    await room.talked(ama)
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
    await room.talked(ama)
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


@pytest.mark.parametrize("words", [
    "no", "person", "qwpoei zxmcn asdkjh", "No, it did not",
])  # fmt: skip
async def test_who_was_in_danger_lately_is_answered_the_same_day(
    loop: Loop, room: Room, words: str
) -> None:
    await loop.say(DANGER)
    room.take(ama := room.add("Ama"))
    room.close(ama)
    await room.heard()
    said = "\n".join(await loop.say(words))
    assert said
    assert "Welcome" not in said or words in ("person", "qwpoei zxmcn asdkjh")
    case = room.case()
    assert (case.priority, case.reopened, case.urgency) == (1, 1, "medical_emergency")
    assert case.owner_by is not None  # nobody taking it becomes an alarm


async def test_long_after_closing_a_new_need_is_a_new_case(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await room.talked(ama)
    first = room.case().id
    loop.clock.forward(days=2, hours=23)
    await loop.say("person")
    assert room.case().id == first
    room.take(ama)
    room.close(ama)
    loop.clock.forward(days=3, seconds=1)
    await loop.say("person")
    assert room.case().id != first
