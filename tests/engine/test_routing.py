"""Who gets a case: a table of needs and desks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import Library
from bot.roles import COUNSELS, SKILLS, Role, may_read
from bot.routing import SKILL, Desk, Need, choose
from bot.staff import HERE, Presence, Staff
from tests.conftest import NOON
from tests.engine.conftest import Loop
from tests.engine.room import DANGER, RAPE, Room

NAMES = ("Ama", "Kofi", "Esi", "Yaw")


def desk(name: str = "Ama", load: int = 0, **more: Any) -> Desk:
    """Ama is 1, Kofi is 2 …: all here, English, room for five."""
    member = Staff(
        id=NAMES.index(name) + 1, person_id=100, email="", name=name, role=Role.COUNSELLOR,
        languages=("en",), skills=frozenset(), gender=None, capacity=5, locale="en", active=True,
        presence=Presence.AVAILABLE, seen_at=NOON,
    )  # fmt: skip
    return Desk(replace(member, **more), load)


def skilled(name: str, *skills: str, load: int = 0) -> Desk:
    return desk(name, load, skills=frozenset(skills))


FRENCH = ("fr", "en")
CASES: dict[str, tuple[dict[str, Any], list[Desk], str | None]] = {
    "nobody is there": ({}, [], None),
    "the lighter desk": ({}, [desk("Ama", 2), desk("Kofi", 1)], "Kofi"),
    "load counts against room": ({}, [desk("Ama", 2, capacity=9), desk("Kofi", 1, capacity=2)],
                                 "Ama"),
    "equal desks: the first": ({}, [desk("Kofi"), desk("Ama")], "Ama"),
    "a full desk gets nothing": ({}, [desk("Ama", 5), desk("Kofi", 4)], "Kofi"),
    "all desks are full": ({}, [desk("Ama", 5), desk("Kofi", 6)], None),
    "no room at all": ({}, [desk("Ama", capacity=0)], None),
    "language before load": ({"language": "fr"}, [desk("Ama"), desk("Kofi", 4, languages=FRENCH)],
                             "Kofi"),
    "language before skill": (
        {"language": "fr", "urgency": "suicide_self_harm"},
        [skilled("Ama", "health"), desk("Kofi", languages=FRENCH)], "Kofi",
    ),
    "nobody speaks it: somebody all the same": ({"language": "ee"}, [desk("Ama")], "Ama"),
    "skill of the class": ({"urgency": "suicide_self_harm"},
                           [desk("Ama"), skilled("Kofi", "health", load=4)], "Kofi"),
    "a skill asked for goes before the class": (
        {"urgency": "suicide_self_harm", "skill": "business"},
        [skilled("Ama", "health"), skilled("Kofi", "business")], "Kofi",
    ),
    "skill before gender": ({"urgency": "detention", "wants": "f"},
                            [desk("Ama", gender="f"), skilled("Kofi", "protection")], "Kofi"),
    "the gender that was asked for": ({"wants": "f"}, [desk("Ama", gender="m"),
                                                       desk("Kofi", 3, gender="f")], "Kofi"),
    "gender not said is not the one asked for": ({"wants": "m"}, [desk("Ama"),
                                                                  desk("Kofi", gender="m")],
                                                 "Kofi"),
    "nobody of that gender: somebody all the same": ({"wants": "f"}, [desk("Ama", gender="m")],
                                                     "Ama"),
    "gender before who had it": ({"wants": "f", "last_owner_id": 1},
                                 [desk("Ama", gender="m"), desk("Kofi", gender="f")], "Kofi"),
    "who had it before load": ({"last_owner_id": 2}, [desk("Ama"), desk("Kofi", 4)], "Kofi"),
    "who is away": ({}, [desk("Ama", presence=Presence.AWAY), desk("Kofi", 4)], "Kofi"),
    "who is busy": ({}, [desk("Ama", presence=Presence.BUSY)], None),
    "whose console is closed": ({}, [desk("Ama", seen_at=NOON - HERE), desk("Kofi", 4)], "Kofi"),
    "whose console was just seen": ({}, [desk("Ama", seen_at=NOON - HERE
                                              + timedelta(seconds=1))], "Ama"),
    "who never came": ({}, [desk("Ama", seen_at=None)], None),
    "who left the service": ({}, [desk("Ama", active=False)], None),
    "an editor": ({}, [desk("Ama", role=Role.EDITOR), desk("Kofi", role=Role.ADMIN),
                       desk("Esi", role=Role.MODERATOR)], None),
    "a supervisor counsels too": ({}, [desk("Ama", role=Role.SUPERVISOR)], "Ama"),
    "protected: only who may read": ({"urgency": "sexual_violence"},
                                     [desk("Ama"), skilled("Kofi", "protection", load=4)], "Kofi"),
    "protected: a supervisor may": ({"urgency": "child_at_risk"},
                                    [desk("Ama"), desk("Kofi", role=Role.SUPERVISOR)], "Kofi"),
    "protected: skill before language is no choice": (
        {"urgency": "trafficking_now", "language": "fr"},
        [desk("Ama", languages=FRENCH), skilled("Kofi", "protection")], "Kofi",
    ),
    "protected: nobody may": ({"urgency": "sexual_violence"},
                              [desk("Ama"), skilled("Kofi", "health")], None),
}  # fmt: skip


@pytest.mark.parametrize(("need", "desks", "expected"), CASES.values(), ids=CASES)
def test_who_gets_it(need: dict[str, Any], desks: list[Desk], expected: str | None) -> None:
    for order in (desks, desks[::-1]):
        found = choose(Need(**({"language": "en"} | need)), order, NOON)
        assert (found and found.name) == expected


def test_the_skill_of_a_class_is_one_that_somebody_can_have(library: Library) -> None:
    assert set(SKILL) <= set(library.taxonomy.urgency)
    assert set(SKILL.values()) <= set(SKILLS)


DESKS = st.lists(
    st.builds(
        desk, st.sampled_from(NAMES), st.integers(0, 6), role=st.sampled_from(Role),
        skills=st.frozensets(st.sampled_from(SKILLS), max_size=2),
        presence=st.sampled_from(Presence), active=st.booleans(),
        languages=st.sampled_from([("en",), FRENCH]), gender=st.sampled_from(["f", "m", None]),
    ),
    max_size=4, unique_by=lambda d: d.staff.id,
)  # fmt: skip


@given(DESKS, st.sampled_from(["en", "fr"]), st.sampled_from([None, *SKILL]))
def test_whoever_gets_it_can_have_it_and_somebody_does_if_anybody_can(
    desks: list[Desk], language: str, urgency: str | None
) -> None:
    able = [
        d.staff for d in desks
        if d.staff.here(NOON) and d.staff.role in COUNSELS and d.load < d.staff.capacity
        and may_read(d.staff.role, d.staff.skills, urgency)
    ]  # fmt: skip
    found = choose(Need(language=language, urgency=urgency), desks, NOON)
    assert found in able if able else found is None
    if found and any(language in m.languages for m in able):
        assert language in found.languages


async def test_the_watch_gives_the_most_urgent_first_and_no_more_than_there_is_room(
    loop: Loop, room: Room
) -> None:
    ama = room.add("Ama", capacity=2)
    for who in ("1", "2"):
        await loop.say("person", who=who)
        loop.clock.forward(seconds=1)
    await loop.say(DANGER, who="3")
    await room.round()
    owners = [room.case(who).owner_id for who in "123"]
    assert owners == [ama.id, None, ama.id]
    assert [room.case(who).taken_at for who in "123"] == [None] * 3
    assert room.case("3").ring_at is not None
    room.add("Kofi")
    await room.round()
    assert room.case("2").owner_id is not None


async def test_a_pack_may_leave_it_to_the_counsellors(loop: Loop, room: Room) -> None:
    room.pack(routing="manual")
    room.add("Ama")
    await loop.say("person")
    await room.round()
    assert room.case().owner_id is None


async def test_the_wish_for_a_woman_is_heard(loop: Loop, room: Room) -> None:
    room.add("Kofi", gender="m")
    ama = room.add("Ama", gender="f")
    await loop.say("person", "A woman, please")
    await room.round()
    assert (room.case().wants, room.case().owner_id) == ("f", ama.id)


async def test_the_wish_is_heard_also_after_it_lay_on_a_desk_but_not_once_it_was_taken(
    loop: Loop, room: Room
) -> None:
    kofi = room.add("Kofi", gender="m")
    await loop.say("person")
    await room.round()
    assert room.case().owner_id == kofi.id
    ama = room.add("Ama", gender="f")
    await loop.say("A woman, please")
    assert (room.case().state, room.case().owner_id) == ("waiting", None)
    await room.round()
    assert (room.case().state, room.case().owner_id) == ("assigned", ama.id)
    await loop.say("A woman, please")  # once more changes nothing
    assert room.case().owner_id == ama.id
    room.take(ama)
    await loop.say("menu")
    await loop.say("person")
    await loop.say("A man, please")  # who talks already may hand it on
    assert (room.case().owner_id, room.case().wants) == (ama.id, "m")


async def test_who_writes_the_language_gets_it_when_they_come_unless_it_was_given_by_hand(
    loop: Loop, room: Room
) -> None:
    ama, esi = room.add("Ama"), room.add("Esi", role=Role.SUPERVISOR, here=False)
    everybody = ("1", "2", "3", "4")
    for who in everybody[:3]:
        await loop.say("français", "je veux parler à un conseiller", who=who)
    await loop.say("person", who="4")
    await room.round()
    assert [room.case(who).owner_id for who in everybody] == [ama.id] * 4
    room.assign(esi, "2", by=ama)
    room.assign(ama, "2", by=esi)  # in spite of the language
    room.take(ama, "3")
    didier = room.add("Didier", languages=("fr",))
    await room.round()
    owners = [room.case(who).owner_id for who in everybody]
    assert owners == [didier.id, ama.id, ama.id, ama.id]
    log = room.log("1")
    await room.round()
    assert room.log("1") == log  # nothing goes to and fro


async def test_a_case_follows_the_language_and_the_phone_of_its_person(
    loop: Loop, room: Room
) -> None:
    ama, didier = room.add("Ama"), room.add("Didier", languages=("fr",))
    room.here(ama, didier, presence=Presence.AWAY)
    await loop.say("person")
    assert (room.case().language, room.case().region) == ("en", None)
    await loop.say("français", "je veux parler à un conseiller")
    assert (room.case().language, room.case().channel) == ("fr", "telegram")
    room.here(ama, didier)
    await room.round()
    assert room.case().owner_id == didier.id


async def test_a_protected_case_waits_rather_than_go_to_who_may_not_read_it(
    loop: Loop, room: Room
) -> None:
    room.add("Ama")
    await loop.say(RAPE)
    await room.round()
    assert room.case().owner_id is None
    efua = room.add("Efua", skills=("protection",))
    await room.round()
    assert room.case().owner_id == efua.id


async def test_a_returned_case_goes_to_somebody_who_is_here(loop: Loop, room: Room) -> None:
    ama = room.add("Ama")
    await loop.say("person")
    await room.round()
    assert room.case().owner_id == ama.id
    loop.clock.forward(minutes=11)
    kofi = room.add("Kofi")
    await room.round()
    assert (room.case().owner_id, room.case().last_owner_id) == (kofi.id, ama.id)


async def test_who_had_the_case_gets_it_again(loop: Loop, room: Room) -> None:
    room.add("Ama")
    kofi = room.add("Kofi")
    await loop.say("person")
    room.take(kofi)
    room.close(kofi)
    await loop.work()
    await loop.say("person")
    await room.round()
    assert room.case().owner_id == kofi.id
