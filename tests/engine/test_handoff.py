"""The hand-off: from the bot to a counsellor, between counsellors, and back to the bot."""

from __future__ import annotations

import asyncio

import pytest

from bot import cases, handoff, inbox, staff
from bot.events import Incoming, Kind
from bot.handoff import Refused
from bot.roles import Role
from bot.staff import Presence
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, HUNGRY, RAPE, Room

NOW_READS = "a counsellor, now reads this conversation"


async def tap(loop: Loop, option: str) -> list[str]:
    """The person taps an option of the last message."""
    shown = {o[0]: o[1] for row in loop.rows() for o in row.part["options"]}
    before = len(loop.out())
    loop.receive(Incoming(
        channel="telegram", external_id=f"x{next(loop.numbers)}", kind=Kind.CHOICE,
        addresses=("77",), body={"token": shown[option]},
    ))  # fmt: skip
    await loop.work()
    return loop.out()[before:]


async def heard(loop: Loop) -> list[str]:
    """What reaches the person of what staff did."""
    before = len(loop.out())
    await loop.work()
    return loop.out()[before:]


async def test_a_talk_with_a_counsellor_from_asking_to_rating(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    (notice,) = await heard(loop)
    assert notice.startswith(f"Ama, {NOW_READS}")
    assert "MENU" in notice
    assert await loop.say("where do I get a Ghana card?") == []
    assert room.reply(ama, "Go to the NIA office in Accra.")
    assert await heard(loop) == ["Ama: Go to the NIA office in Accra."]
    assert await loop.say("thank you") == []
    room.close(ama, agreed="You go to the NIA on Monday.", next_step="I call you on Tuesday.")
    (summary,) = await heard(loop)
    assert "Ama has ended this talk." in summary
    assert "Agreed: You go to the NIA on Monday." in summary
    assert "Next: I call you on Tuesday." in summary
    assert "Did this talk help you?" in summary
    (thanks,) = await tap(loop, "Yes, it helped")
    assert "Good" in thanks
    assert room.case().rating is True
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))
    assert room.log() == ["opened", "taken", "replied", "wrote", "closed", "rated"]


async def test_the_summary_is_in_the_language_of_the_person(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("français", "une personne")
    room.take(ama)
    assert "MENU" in (await heard(loop))[0]
    room.close(ama, agreed="Lundi au NIA.")
    (summary,) = await heard(loop)
    assert "Lundi au NIA." in summary
    assert "Did this talk" not in summary


async def test_no_it_did_not_help_opens_the_case_again(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.close(ama)
    await heard(loop)
    first = room.case().id
    (sorry,) = await tap(loop, "No, it did not")
    assert "look at it again" in sorry
    case = room.case()
    assert (case.id, case.state, case.rating, case.reopened) == (first, "waiting", False, 1)
    assert (case.owner_id, case.last_owner_id, case.outcome) == (None, ama.id, None)
    assert room.counsellor() is None


async def test_long_after_closing_a_new_need_is_a_new_case(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.close(ama)
    await heard(loop)
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
    await heard(loop)
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
    await heard(loop)
    back, papers = await loop.say("menu", "2")
    assert "The automatic answers are back" in back
    assert "Papers" in papers


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
    said = await heard(loop)
    assert len(said) == 1, said
    assert said[0].startswith("Ama")
    assert room.counsellor() == "Ama"


async def test_stop_during_a_talk_ends_all_messages(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await heard(loop)
    (bye,) = await loop.say("STOP")
    assert "You will get no more messages" in bye
    assert room.counsellor() is None
    with pytest.raises(Refused, match="stopped"):
        room.reply(ama, "Are you there?")
    room.close(ama)
    assert await heard(loop) == []
    assert "Welcome back" in (await loop.say("START"))[0]


async def test_who_stopped_can_still_come_back_to_the_counsellor_who_took_the_case(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person", "STOP")
    room.take(ama)
    assert await heard(loop) == []
    assert "START" in (await loop.say("hello?"))[0]
    assert "112" in (await loop.say(DANGER))[0]  # the counsellor cannot say it
    (notice,) = await loop.say("START")
    assert notice.startswith(f"Ama, {NOW_READS}")
    room.reply(ama, "I am here.")
    assert await heard(loop) == ["Ama: I am here."]


async def test_new_danger_during_a_talk_says_nothing_and_raises_the_case(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await heard(loop)
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


async def test_a_case_that_becomes_protected_leaves_a_desk_that_may_not_read_it(
    loop: Loop, room: Room
) -> None:
    ama, efua = room.add("Ama"), room.add("Efua", skills=("protection",))
    await loop.say("person")
    room.take(ama)
    await loop.say(RAPE)
    await room.round()
    case = room.case()
    assert (case.owner_id, case.taken_at) == (efua.id, None)
    assert room.counsellor() is None
    assert room.rung()[-1][1] == [efua.id]


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
    assert [text[:4] for text in await heard(loop)] == ["Ama,", "Kofi"]
    assert room.counsellor() == "Kofi"
    with pytest.raises(Refused):
        room.reply(ama, "Hello")


async def test_taking_twice_tells_the_person_once(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.take(ama)
    assert len(await heard(loop)) == 1
    assert room.log() == ["opened", "taken"]


async def test_who_answers_an_assigned_case_takes_it_and_says_who_they_are(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.assign(ama)
    assert await heard(loop) == []
    room.reply(ama, "Good morning.")
    notice, answer = await heard(loop)
    assert NOW_READS in notice
    assert answer == "Ama: Good morning."
    assert room.case().taken_at is not None


async def test_a_case_on_a_desk_is_anybodys_until_it_is_taken(loop: Loop, room: Room) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say(DANGER)
    room.assign(ama)
    room.take(kofi)
    assert (room.case().owner_id, room.counsellor()) == (kofi.id, "Kofi")


async def test_a_case_handed_on_is_with_the_bot_until_the_colleague_takes_it(
    loop: Loop, room: Room
) -> None:
    ama, kofi = room.add("Ama"), room.add("Kofi")
    await loop.say(DANGER)
    room.take(ama)
    await heard(loop)
    room.assign(kofi, by=ama)
    (notice,) = await heard(loop)
    assert "Your case is back with our team." in notice
    assert await loop.say("menu") != []
    case = room.case()
    assert (case.owner_id, case.taken_at, case.last_owner_id) == (kofi.id, None, ama.id)
    assert case.ring_at is not None
    room.take(kofi)
    assert (await heard(loop))[0].startswith("Kofi")
    assert await loop.say("hello") == []
    assert room.case().ring_at is None


async def test_given_back_the_case_is_nobodys_and_the_bot_answers(loop: Loop, room: Room) -> None:
    ama, esi = room.add("Ama"), room.add("Esi")
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "One moment.")
    await heard(loop)
    room.give_back(ama)
    (notice,) = await heard(loop)
    assert "Your case is back with our team. A counsellor is here" in notice
    case = room.case()
    assert (case.state, case.owner_id, case.last_owner_id) == ("waiting", None, ama.id)
    assert case.due_at is not None
    assert "NIA" in "".join(await loop.say("I lost my Ghana card"))
    room.take(esi)
    assert room.counsellor() == "Esi"


async def test_an_absent_counsellors_case_goes_back_even_while_the_person_writes(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    await heard(loop)
    for _ in range(5):  # her console is closed
        await room.round(minutes=2)
        assert await loop.say("are you there?") == []
        assert room.case().owner_id == ama.id
    await room.round(minutes=2)
    assert "The counsellor had to leave." in (await heard(loop))[0]
    assert (room.case().state, room.counsellor()) == ("waiting", None)
    assert room.rung()[-1][0] == 0


async def test_where_the_person_has_to_answer_the_case_waits_with_its_counsellor(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "Which town are you in?")
    await room.round(hours=12)
    assert room.case().owner_id == ama.id
    await loop.say("Tamale")
    await room.round(seconds=1)
    assert (room.case().owner_id, room.case().last_owner_id) == (None, ama.id)


async def test_somebody_here_who_says_away_keeps_what_they_just_took(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.here(ama, presence=Presence.AWAY)
    await room.round(minutes=9)
    assert room.case().owner_id == ama.id
    room.here(ama, presence=Presence.AWAY)
    await room.round(minutes=2)
    assert room.case().owner_id is None


async def test_who_is_busy_with_an_open_console_keeps_their_cases(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    for _ in range(20):
        room.here(ama, presence=Presence.BUSY)
        await room.round(minutes=1)
    assert room.case().owner_id == ama.id


async def test_a_case_of_somebody_who_no_longer_works_here_goes_back(
    loop: Loop, room: Room
) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    loop.database.call(staff.change, ama.id, active=False)
    await room.round(minutes=11)
    assert room.case().owner_id is None


async def test_a_case_put_aside_wakes_at_its_time(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.snooze(ama, hours=5)
    await room.round(hours=4, minutes=59)
    assert (room.case().state, room.case().due_at) == ("snoozed", None)
    room.here(ama)
    await room.round(minutes=1)
    room.here(ama)
    case = room.case()
    assert (case.state, case.owner_id, case.snoozed_until) == ("assigned", ama.id, None)
    assert case.due_at > loop.clock()


async def test_a_case_put_aside_wakes_when_the_person_writes(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    room.snooze(ama, hours=5)
    assert await loop.say("I am at the office now") == [f"Ama, {NOW_READS} and will answer you. "
                                                        "For the automatic answers write MENU."]
    case = room.case()
    assert (case.state, case.snoozed_until) == ("assigned", None)
    assert case.due_at is not None


async def test_danger_cannot_be_put_aside_before_somebody_answered(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    with pytest.raises(Refused, match="before somebody answered"):
        room.snooze(ama, hours=1)
    room.reply(ama, "Call 112 now. Where are you?")
    room.snooze(ama, hours=1)
    await loop.say("in Tema, she is bleeding heavily and fainted again")
    with pytest.raises(Refused, match="before somebody answered"):
        room.snooze(ama, hours=1)


async def test_what_is_only_assigned_cannot_be_put_aside(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say(HUNGRY)
    room.assign(ama)
    with pytest.raises(Refused, match="Take the case first"):
        room.snooze(ama, days=30)


async def test_the_clock_pauses_while_the_person_has_to_answer(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    loop.clock.forward(minutes=10)
    room.reply(ama, "Which town?")
    case = room.case()
    assert (case.state, case.due_at, case.in_time) == ("with_person", None, True)
    loop.clock.forward(minutes=30)
    room.reply(ama, "Are you there?")
    loop.clock.forward(minutes=30)
    await loop.say("Tamale")
    assert (room.case().waited, room.case().state) == (3600, "assigned")
    room.reply(ama, "Thank you.")
    room.snooze(ama, hours=1)
    await room.round(hours=1)
    loop.clock.forward(hours=3)  # ours again: these do not count as the person's
    room.close(ama)
    assert room.case().waited == 7200


async def test_a_late_first_answer_is_written_down_as_late(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    loop.clock.forward(minutes=16)
    room.reply(ama, "I am here.")
    assert room.case().in_time is False


async def test_a_supervisor_takes_over_and_the_clock_stays_where_it_is(
    loop: Loop, room: Room
) -> None:
    ama, adwoa = room.add("Ama"), room.add("Adwoa", role=Role.SUPERVISOR)
    await loop.say("person")
    room.take(ama)
    room.reply(ama, "Which town?")
    room.take(adwoa, over=True)
    assert (room.case().state, room.case().owner_id) == ("with_person", adwoa.id)
    await loop.say("Tamale")
    assert room.case().due_at is not None


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
    await heard(loop)
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
    await heard(loop)

    async def broken(_texts: list[str]) -> None:
        raise RuntimeError("cannot read this")

    monkeypatch.setattr(loop.understanding, "read", broken, raising=False)
    loop.receive(loop.message("hello"))
    for _ in range(4):
        loop.clock.forward(minutes=2)
        assert await heard(loop) == []
    assert (room.case().reason, room.case().priority) == ("failed_turn", 1)


async def test_the_unanswered_sentence_is_only_about_danger_that_is_still_open(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say(DANGER)
    room.take(ama)
    room.close(ama)
    await heard(loop)
    await tap(loop, "No, it did not")
    loop.clock.forward(minutes=16)
    assert await heard(loop) == []


@pytest.mark.parametrize("rounds", [12])
async def test_of_two_who_take_at_the_same_moment_one_wins(
    loop: Loop, room: Room, rounds: int
) -> None:
    team = [room.add("Ama"), room.add("Kofi")]
    for n in range(rounds):
        await loop.say("person", who=str(n))
    for n in range(rounds):
        id = room.case(str(n)).id
        won = await asyncio.gather(
            *(loop.database.run(handoff.take, id, by, loop.clock()) for by in team),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in won) == ["NoneType", "Refused"]
        owner = team[won.index(None)]
        assert (room.case(str(n)).owner_id, room.counsellor(str(n))) == (owner.id, owner.name)
    await loop.work()
    assert len([text for text in loop.out("0") if NOW_READS in text]) == 1


async def test_an_answer_posted_twice_at_the_same_moment_is_sent_once(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    room.take(ama)
    await heard(loop)
    id = room.case().id
    for n in range(8):
        sent = await asyncio.gather(*(
            loop.database.run(handoff.reply, id, ama, f"Answer {n}", loop.clock(), key=f"k{n}")
            for _ in range(3)
        ))  # fmt: skip
        assert sorted(sent) == [False, False, True]
    assert await heard(loop) == [f"Ama: Answer {n}" for n in range(8)]


async def test_closing_while_the_person_writes_loses_nothing(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    worker = loop.worker(batch=4)
    for n in range(16):
        await loop.say("person", who=str(n))
        room.take(ama, str(n))
        await loop.work()
    loop.receive(*(loop.message(DANGER if n % 2 else "menu", str(n)) for n in range(16)))
    ids = [room.case(str(n)).id for n in range(16)]

    async def close() -> None:
        for id in ids:
            await loop.database.run(
                handoff.close, id, ama, loop.clock(), outcome="answered"
            )

    await asyncio.gather(close(), loop.work(worker), loop.work(loop.worker(batch=4)))
    await loop.work()
    for n in range(16):
        said = loop.out(str(n))
        assert len([text for text in said if "Ama has ended this talk." in text]) == 1
        if n % 2:  # before the closing it was the counsellor's; after it, the case is open again
            case = room.case(str(n))
            assert case.state == "waiting" or case.outcome == "answered"
            assert case.urgency == "medical_emergency"
        else:
            assert len([text for text in said if "What is it about?" in text or
                        "automatic answers are back. The" in text]) == 1  # fmt: skip
    assert room.unread() == 0
    assert loop.count(inbox.inbox) == loop.count(cases.cases) * 4
