"""Learning from use: what gets onto the list, what never does, and how it leaves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import inbox, learning, people
from bot.learning import IGNORE, UNLABELLED, Learning, Why, learnings
from bot.library import Library
from bot.roles import PROTECTED, Role
from bot.staff import NewStaff
from bot.staff import add as add_staff
from tests.engine.conftest import Loop

NONSENSE = "qwpoei zxmcn Kofi 0244123456"


async def agree(loop: Loop, who: str = "77") -> None:
    """Asked below the second miss, and a yes."""
    await loop.say("hello", "asdkjh qwpoei zxmcn", who=who)
    said = await loop.say("lkjasd poiqwe mnbzx", who=who)
    assert "to teach me?" in said[-1]
    assert "Thank you" in (await loop.say("Yes, learn from me", who=who))[-1]


def listed(loop: Loop, **more: Any) -> list[Learning]:
    return list(loop.database.call(learning.waiting, limit=99, **more))


def raw(loop: Loop) -> list[sa.Row[Any]]:
    return list(loop.database.call(lambda conn: conn.execute(sa.select(learnings)).all()))


async def test_without_a_yes_nothing_gets_onto_the_list(loop: Loop) -> None:
    await loop.say("hello", NONSENSE, NONSENSE, NONSENSE, "i lost my passport")
    await loop.say("This did not help", "No, do not learn", NONSENSE)
    assert raw(loop) == []


async def test_after_a_yes_what_was_not_understood_is_listed_without_who_wrote_it(
    loop: Loop,
) -> None:
    await agree(loop)
    assert raw(loop) == []  # what was written before the yes is not taken
    await loop.say(NONSENSE)
    [found] = listed(loop)
    assert (found.text, found.why) == ("qwpoei zxmcn [name] [number]", Why.NOT_UNDERSTOOD)
    [row] = raw(loop)
    stored = repr(tuple(row))
    assert "Kofi" not in stored
    assert "0244123456" not in stored
    received = loop.database.call(
        lambda conn: conn.scalars(sa.select(inbox.inbox.c.received_at)).all()
    )
    assert row.day not in received  # a moment would find the message again
    assert len(row.whose) == 64


async def test_a_bad_rating_is_about_the_question_before_it(loop: Loop) -> None:
    await agree(loop)
    await loop.say("i lost my passport, my name is Zinzendorf", "How to do it")
    await loop.say("This did not help")
    [found] = listed(loop)
    assert (found.text, found.guess, found.why) == (
        "i lost my passport, my name is [name]", "ask_passport", Why.RATED_BAD)  # fmt: skip
    await loop.say("i lost my passport", "This helped")
    assert len(listed(loop)) == 1


async def test_the_wish_for_a_person_after_an_answer_is_one_to_learn_from(loop: Loop) -> None:
    await agree(loop)
    await loop.say("i lost my passport")
    loop.clock.forward(minutes=59)
    await loop.say("Talk to a person")
    assert [(f.text, f.why) for f in listed(loop)] == [("i lost my passport", Why.HUMAN_ASKED)]
    await loop.say("how do i register a business")
    loop.clock.forward(minutes=61)  # too long ago to be about it
    await loop.say("Talk to a person")
    assert len(listed(loop)) == 1


async def test_one_message_is_listed_once(loop: Loop) -> None:
    await agree(loop)
    await loop.say(NONSENSE, "Talk to a person", "Talk to a person")
    assert len(listed(loop)) == 1


async def test_danger_and_what_follows_it_in_a_protected_case_never_get_there(loop: Loop) -> None:
    await agree(loop)
    await loop.say("a man raped me last night")
    cases = loop.database.call(lambda conn: conn.execute(sa.text(
        "SELECT urgency FROM cases WHERE urgency IS NOT NULL")).scalars().all())  # fmt: skip
    assert cases[0] in PROTECTED
    await loop.say(NONSENSE, "i lost my passport", "This did not help")
    assert raw(loop) == []


async def test_a_talk_with_a_counsellor_never_gets_there(loop: Loop, room: Any) -> None:
    await agree(loop)
    await loop.say("Talk to a person")
    before = len(raw(loop))
    room.take(room.add("Ama"))
    await room.heard()
    await loop.say(NONSENSE, "i lost my passport")
    assert len(raw(loop)) == before


async def test_long_stories_stay_out(loop: Loop) -> None:
    await agree(loop)
    await loop.say("qwpoei " * 50)
    assert raw(loop) == []


async def test_a_consent_taken_back_empties_the_list_of_this_persons_texts(loop: Loop) -> None:
    for who in ("77", "88"):
        await agree(loop, who)
        await loop.say(f"qwpoei zxmcn {'first' if who == '77' else 'second'}", who=who)
    said = await loop.say("my data", "Learning from me", "No, do not learn")
    assert "Those not yet used are deleted" in said[-1]
    assert [found.text for found in listed(loop)] == ["qwpoei zxmcn second"]
    await loop.say(NONSENSE)
    assert len(listed(loop)) == 1


async def test_deleting_everything_takes_them_too(loop: Loop) -> None:
    await agree(loop)
    await loop.say(NONSENSE, "delete my data", "Delete now")
    assert raw(loop) == []


async def test_two_persons_who_become_one_keep_the_last_word(loop: Loop) -> None:
    await agree(loop, "77")
    await loop.say(NONSENSE, who="77")
    [said] = await loop.say("link", who="88")
    code = said.rsplit(" ", 1)[-1]
    await loop.say("hello", who="88")
    await loop.say(f"LINK {code}" if not code.startswith("LINK") else code, who="77")
    people_ = loop.database.call(
        lambda conn: people.read(conn, conn.scalars(sa.select(people.people.c.id)).all())
    )
    assert [person.learning.value for person in people_.values()] == ["yes"]
    await loop.say("my data", "Learning from me", "No, do not learn", who="88")
    assert raw(loop) == []


@pytest.fixture
def editor(loop: Loop) -> int:
    new = NewStaff(email="e@example.org", name="Efua", role=Role.EDITOR)
    return int(loop.database.call(add_staff, new, loop.clock()))


async def test_a_label_cuts_the_link_and_only_the_first_counts(loop: Loop, editor: int) -> None:
    await agree(loop)
    await loop.say("qwpoei zxmcn one", "qwpoei zxmcn two")
    two, one = listed(loop)

    def label(id: int, chosen: str) -> bool:
        return bool(loop.database.call(learning.label, id, chosen, editor, loop.clock()))

    assert label(one.id, "ask_passport")
    assert not label(one.id, "ask_debts")  # somebody was faster
    assert label(two.id, IGNORE)
    assert not label(999, "greet")
    rows = {row.id: row for row in raw(loop)}
    assert (rows[one.id].label, rows[one.id].labelled_by) == ("ask_passport", editor)
    assert {(row.whose, row.event) for row in rows.values()} == {(None, None)}
    assert rows[two.id].text == ""
    await loop.say("my data", "Learning from me", "No, do not learn")
    assert loop.database.call(learning.phrases) == [
        (one.language, "ask_passport", "qwpoei zxmcn one")
    ]
    found = loop.database.call(learning.counts)
    assert (found.waiting, found.labelled, found.ignored) == ({}, 1, 1)


async def test_what_nobody_labels_is_deleted_after_90_days(loop: Loop, editor: int) -> None:
    await agree(loop)
    await loop.say("qwpoei zxmcn one", "qwpoei zxmcn two")
    loop.database.call(learning.label, listed(loop)[0].id, "greet", editor, loop.clock())
    loop.clock.now += UNLABELLED - timedelta(days=1)
    loop.database.call(learning.purge, loop.clock())
    assert len(raw(loop)) == 2
    loop.clock.forward(days=1)
    await loop.worker()._tidy()
    assert [row.label for row in raw(loop)] == ["greet"]


def test_the_list_is_read_by_language_and_in_pages(loop: Loop) -> None:
    def fill(conn: sa.Connection) -> None:
        for n in range(5):
            conn.execute(learnings.insert(), {
                "language": "en" if n % 2 else "fr", "text": f"text {n}", "guess": "greet",
                "confidence": 0.5, "why": "not_understood", "day": loop.clock(),
            })  # fmt: skip

    loop.database.call(fill)
    assert [f.text for f in listed(loop)] == ["text 4", "text 3", "text 2", "text 1", "text 0"]
    assert [f.text for f in listed(loop, language="fr", before=5)] == ["text 2", "text 0"]
    assert loop.database.call(learning.counts).waiting == {"en": 2, "fr": 3}


def test_no_label_is_of_a_protected_class(library: Library) -> None:
    found = {name for names in learning.labels(library.taxonomy).values() for name in names}
    assert not found & PROTECTED
    assert {"ask_passport", "greet", "out_of_scope", "threats", "not_urgent"} <= found
