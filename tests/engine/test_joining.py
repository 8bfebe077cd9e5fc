"""One person, several phones: a claim code joins them, and nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot import consents, conversation, inbox, links, people, referrals, retention, staff
from bot.db import metadata
from bot.dialogue.link import FALLBACK
from bot.events import Kind
from bot.inbox import DONE
from bot.peers import groups
from bot.peers.groups import NewGroup
from bot.people import addresses
from bot.rendering import gsm7
from bot.screening.rules import Rules
from tests.engine.conftest import Loop
from tests.engine.pair import PHONE, code, events, left_behind, link
from tests.engine.room import Room

WRONG = "This code does not work"


async def test_a_code_is_one_sms_and_says_how_long_it_lives(loop: Loop) -> None:
    await loop.say("menu", who=PHONE[0], channel="sms")
    (said,) = await loop.say("relier", who=PHONE[0], channel="sms")
    assert "15 minutes" in said
    assert gsm7.segments(said) == 1


async def test_a_case_opened_on_telegram_goes_on_by_sms_with_its_whole_history(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama")
    await loop.say("I want to talk to a person")
    number = room.case().id
    room.take(ama)
    room.reply(ama, "Where are you now?")
    (done,) = (await link(loop))[:1]
    assert "one conversation" in done
    loop.clock.forward(minutes=1)
    assert await loop.say("at the station in Kumasi", who=PHONE[0], channel="sms") == []
    assert room.case(*PHONE).id == number
    assert (room.case().state, room.counsellor()) == ("assigned", "Ama")
    assert room.person() == room.person(*PHONE)
    lines, _ = loop.database.call(conversation.history, room.person())
    told = [(line.who, line.channel, line.text.split("\n")[0]) for line in lines]
    assert ("person", "telegram", "I want to talk to a person") in told
    assert ("staff", "telegram", "Ama: Where are you now?") in told
    assert told[-1] == ("person", "sms", "at the station in Kumasi")
    room.reply(ama, "Stay there, somebody comes.")
    await loop.work()
    assert loop.out(PHONE[0])[-1] == "Ama: Stay there, somebody comes."


async def test_everything_of_the_one_becomes_the_others(loop: Loop, room: Room) -> None:
    """Whatever table refers to people: a new one cannot be forgotten."""
    await loop.say("menu", "français", "my wife is bleeding heavily, she fainted, help us now")
    await loop.say("menu", "link", "stop", "start", who=PHONE[0], channel="sms")
    new = NewGroup(tag="tailoring", sector="tailoring_fashion", region=None, language="en",
                   rules=Rules())  # fmt: skip
    loop.database.call(groups.open_group, new, loop.clock())
    for text in ("join tailoring", "1", "1", "Blue Thread", "join poultry", "1",
                 "my activity", "1", "2020", "1"):  # fmt: skip
        await loop.say(text, who=PHONE[0], channel="sms")
    await loop.say("they are beating me right now", who=PHONE[0], channel="sms")
    gone = room.person(*PHONE)
    loop.database.call(referrals.open, room.case(*PHONE).id, room.add("Ama"),
                       loop.library.offices[0], loop.clock(), note="x", over=True)  # fmt: skip
    had = set(left_behind(loop, gone))
    referring = {
        table.name for table in metadata.tables.values()
        if any(key.column.table is people.people for key in table.foreign_keys)
    }  # fmt: skip
    assert had == referring - {"staff"}
    before = {table: loop.count(metadata.tables[table]) for table in had}
    await link(loop)
    assert left_behind(loop, gone) == []
    assert room.person(*PHONE) == room.person()
    assert loop.count(addresses) == before["addresses"]
    assert loop.count(metadata.tables["outbox"]) > before["outbox"]
    assert "Papiers" in (await loop.say("menu", who=PHONE[0], channel="sms"))[0]


async def test_what_is_written_after_the_code_is_read_as_the_same_person(loop: Loop) -> None:
    await loop.say("français")
    made = await code(loop)
    said = await loop.say(made, "menu", "2", who=PHONE[0], channel="sms")
    assert len(said) == 4  # the two answers, the confirmation and the question about SMS
    assert sum("C'est à quel sujet" in text for text in said) == 1
    assert sum("Ghana Card" in text for text in said) == 1
    assert not any("Welcome" in text or "Bienvenue" in text for text in said)
    assert [row.status for row in events(loop)] == [DONE] * len(events(loop))
    keys = [row.key for row in loop.rows()]
    assert len(keys) == len(set(keys))


async def test_both_phones_write_at_the_same_moment(loop: Loop, room: Room) -> None:
    """Both persons are in one batch, on either side of each other."""
    made = await code(loop)
    loop.receive(
        loop.message("menu"), loop.message(made, *PHONE), loop.message("help"),
        loop.message("menu", *PHONE),
    )  # fmt: skip
    await loop.work()
    assert room.person() == room.person(*PHONE)
    assert sum("What is it about?" in text for text in loop.out()) == 1
    assert sum("What is it about?" in text for text in loop.out(PHONE[0])) == 1
    assert room.unread() == 0


async def test_three_phones_in_a_chain_are_one_person(loop: Loop, room: Room) -> None:
    third = ("+233202222222", "sms")
    first, second = await code(loop), await code(loop, PHONE)
    loop.receive(loop.message(first, *PHONE), loop.message(second, *third))
    await loop.work()
    assert room.person() == room.person(*PHONE) == room.person(*third)
    assert loop.count(links.links) == 0


async def test_a_code_works_once_and_for_a_quarter_of_an_hour(loop: Loop, room: Room) -> None:
    made = await code(loop)
    await loop.say(made, who=PHONE[0], channel="sms")
    unknown = await loop.say("LINK ZZZZZZZ2", who="88")
    used = await loop.say(made, who="88")
    old = await code(loop)
    loop.clock.forward(minutes=15, seconds=1)
    expired = await loop.say(old, who="88")
    voided = await code(loop)
    await code(loop)
    earlier = await loop.say(voided, who="88")
    assert unknown == used == expired == earlier
    assert len(unknown) == 1
    assert unknown[0].startswith(WRONG)
    assert room.person("88") != room.person()


async def test_ones_own_code_changes_nothing_and_is_not_used_up(loop: Loop) -> None:
    made = await code(loop)
    (said,) = await loop.say(made)
    assert "from this conversation" in said
    assert "one conversation" in (await loop.say(made, who=PHONE[0], channel="sms"))[0]


async def test_codes_cannot_be_guessed(loop: Loop) -> None:
    made = await code(loop)
    for n in range(2, 7):
        assert WRONG in (await loop.say(f"LINK ZZZZZZZ{n}", "menu", who="88"))[-1]
    (said,) = await loop.say(made, who="88")
    assert "Too many codes" in said
    assert WRONG in (await loop.say("LINK ZZZZZZZ2", who="99"))[0]
    loop.clock.forward(minutes=50)
    assert "Too many codes" in (await loop.say("LINK ZZZZZZZ2", who="88"))[0]
    made = await code(loop)
    loop.clock.forward(minutes=11)
    assert "one conversation" in (await loop.say(made, who="88"))[0]


async def test_a_code_of_somebody_who_has_stopped_is_none(loop: Loop, room: Room) -> None:
    made = await code(loop)
    await loop.say("stop")
    assert WRONG in (await loop.say(made, who=PHONE[0], channel="sms"))[0]
    assert room.person() != room.person(*PHONE)


async def test_a_colleagues_code_moves_the_phone_and_nothing_else(loop: Loop, room: Room) -> None:
    kofi = room.add("Kofi", locale="fr")
    await loop.say("I want to talk to a person", who=PHONE[0], channel="sms")
    was, case = room.person(*PHONE), room.case(*PHONE).id
    made = loop.database.call(
        links.new, loop.vault, kofi.person_id, loop.clock(), staff_id=kofi.id
    )
    (said,) = await loop.say(made, who=PHONE[0], channel="sms")
    assert "Kofi" in said
    assert room.person(*PHONE) == kofi.person_id
    assert set(left_behind(loop, was)) == {"inbox", "outbox", "cases"}
    ways = loop.database.call(people.reachable, [kofi.person_id])
    assert [channel for _, channel in ways[kofi.person_id]] == ["sms"]
    assert loop.database.call(conversation.reach, was) is None
    assert loop.database.call(lambda conn: conn.scalar(sa.text("SELECT id FROM cases"))) == case


async def test_rings_keep_reaching_a_colleagues_phone(loop: Loop, room: Room) -> None:
    kofi = room.add("Kofi")
    made = loop.database.call(
        links.new, loop.vault, kofi.person_id, loop.clock(), staff_id=kofi.id
    )
    await loop.say(made, who="55")
    assert WRONG in (await loop.say(await code(loop), who="55"))[0]
    assert room.person("55") == kofi.person_id
    # And the other way round: a code from that phone is for a further phone of Kofi's.
    (said,) = await link(loop, ("55", "telegram"), PHONE)
    assert "urgent cases now ring" in said
    assert room.person(*PHONE) == kofi.person_id
    away = loop.database.call(
        links.new, loop.vault, kofi.person_id, loop.clock(), staff_id=kofi.id
    )
    loop.database.call(staff.change, kofi.id, active=False)
    assert WRONG in (await loop.say(away, who="66"))[0]


async def test_an_event_that_arrives_for_the_emptied_person_is_not_lost(
    loop: Loop, room: Room
) -> None:
    """A webhook looked the person up before the joining and stored its message after it."""
    await loop.say("menu", who=PHONE[0], channel="sms")
    gone = room.person(*PHONE)
    await link(loop)
    loop.receive(loop.message("help", *PHONE))
    late = inbox.inbox.update().where(sa.text("status = 0")).values(person_id=gone)
    loop.database.call(lambda conn: conn.execute(late))
    before = len(loop.out(PHONE[0]))
    await loop.work()
    (said,) = loop.out(PHONE[0])[before:]
    assert "MY DATA" in said
    assert left_behind(loop, gone) == []
    assert loop.database.call(people.read, [gone]) == {}


async def test_whether_sms_may_stand_in_is_asked_once_and_answered_with_yes_or_no(
    loop: Loop, room: Room
) -> None:
    _, question = await link(loop)
    assert "may we send it as SMS" in question
    assert "Others may see an SMS" in question
    (noted,) = await loop.say("yes", who=PHONE[0], channel="sms")
    assert "comes as SMS" in noted
    assert said_yes(loop, room) is True
    assert len(await link(loop, written=("+233203333333", "sms"))) == 1
    (noted,) = await tap(loop, "sms:0")
    assert "not come as SMS" in noted
    assert said_yes(loop, room) is False


async def test_two_apps_are_not_asked_about_sms(loop: Loop) -> None:
    assert len(await link(loop, written=("wa:1", "whatsapp"))) == 1


async def test_with_a_counsellor_yes_and_numbers_are_for_them(loop: Loop, room: Room) -> None:
    """The question says which words are for us."""
    await loop.say("I want to talk to a person")
    ama = room.add("Ama")
    room.take(ama)
    _, question = await link(loop)
    assert "SMS YES" in question
    assert await loop.say("yes", "1", who=PHONE[0], channel="sms") == []
    assert said_yes(loop, room) is None
    assert await loop.say("SMS yes.", who=PHONE[0], channel="sms")
    assert said_yes(loop, room) is True
    assert await loop.say("sms non", who=PHONE[0], channel="sms")
    assert said_yes(loop, room) is False


async def test_the_confirmation_does_not_withdraw_what_is_still_to_be_sent(
    loop: Loop, room: Room
) -> None:
    await link(loop)
    loop.clock.forward(seconds=1)
    await loop.say("no", who=PHONE[0], channel="sms")
    assert {row.status for row in loop.rows()} == {"queued"}


async def test_codes_are_blanked_with_the_messages_that_carried_them(loop: Loop) -> None:
    made = await code(loop)
    await loop.say(made, who=PHONE[0], channel="sms")
    assert made in kept(loop)
    done = metadata.tables["outbox"].update().values(status="sent", rank=1)
    loop.database.call(lambda conn: conn.execute(done))
    loop.clock.forward(days=31)
    loop.database.call(retention.purge, loop.clock())
    assert made not in kept(loop)
    assert made.removeprefix("LINK ") not in kept(loop)


def kept(loop: Loop) -> str:
    """Everything the tables hold, as one text."""

    def body(conn: sa.Connection) -> str:
        return str([conn.execute(sa.select(t)).all() for t in metadata.tables.values()])

    return loop.database.call(body)


def said_yes(loop: Loop, room: Room) -> bool | None:
    person = room.person()
    return loop.database.call(consents.latest, [person], FALLBACK).get(person)


async def tap(loop: Loop, token: str) -> list[str]:
    """The person taps a button on Telegram."""
    before = len(loop.out())
    body: dict[str, Any] = {"token": token}
    loop.receive(replace(loop.message(""), kind=Kind.CHOICE, body=body))
    await loop.work()
    return loop.out()[before:]
