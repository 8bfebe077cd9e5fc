"""What the person is told is true: who is there, who is before them, what nobody could do."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Loop
from tests.engine.room import DANGER, Room


@pytest.mark.parametrize(
    ("here", "expected"),
    [(True, "A counsellor is here and will read it."), (False, "I cannot say when")],
)
async def test_the_person_is_told_honestly_whether_somebody_reads(
    loop: Loop, room: Room, here: bool, expected: str
) -> None:
    room.add("Ama", here=here)
    said = "".join(await loop.say("person"))
    assert expected in said
    assert "112" in said
    assert ("You are the next." in said) is here


async def test_the_place_in_the_queue_is_true_with_several_waiting(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    assert "You are the next." in "".join(await loop.say("person", who="1"))
    assert "One person waits before you." in "".join(await loop.say("person", who="2"))
    assert "2 people wait before you." in "".join(await loop.say("person", who="3"))
    assert "One person waits before you." in "".join(await loop.say("person", who="2"))
    await loop.say(DANGER, who="4")  # goes first
    assert "3 people wait before you." in "".join(await loop.say("person", who="3"))
    room.take(ama, "1")
    room.take(ama, "4")
    assert "You are the next." in "".join(await loop.say("person", who="2"))


async def test_whose_case_somebody_has_is_told_no_place(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    for who in ("1", "2", "77"):
        await loop.say("person", who=who)
    room.take(ama)
    await room.heard()
    await loop.say("menu")
    said = "".join(await loop.say("person"))
    assert "A counsellor is here" in said
    assert "before you" not in said
    assert "next" not in said


async def test_a_broken_turn_during_a_talk_is_the_counsellors_to_answer(
    loop: Loop, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await room.heard()

    async def broken(_texts: list[str]) -> None:
        raise RuntimeError("cannot read this")

    monkeypatch.setattr(loop.understanding, "read", broken, raising=False)
    loop.receive(loop.message("hello"))
    for _ in range(4):
        loop.clock.forward(minutes=2)
        assert await room.heard() == []
    assert (room.case().reason, room.case().priority) == ("failed_turn", 1)


async def test_the_unanswered_sentence_is_only_about_danger_that_is_still_open(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    room.close(ama)
    await room.heard()
    await room.tap("No, it did not")
    loop.clock.forward(minutes=16)
    assert await room.heard() == []
