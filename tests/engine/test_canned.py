"""Prepared replies: what can be stored, and what is refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import canned
from bot.canned import LONGEST, MOST, NAME, Unfit, _plain
from bot.db import Database
from tests.conftest import NOON


def put(database: Database, name: str, texts: dict[str, str], **more: Any) -> int:
    return database.call(canned.put, name, texts, None, NOON, **more)


def stored(database: Database) -> dict[str, dict[str, str]]:
    return {row.name: row.texts for row in database.call(canned.everything)}


def test_a_reply_is_added_changed_and_removed(database: Database) -> None:
    town = put(database, "town", {"en": "In which town?", "fr": " Où ? ", "ak": " "})
    assert stored(database) == {"town": {"en": "In which town?", "fr": "Où ?"}}
    assert put(database, " the   town ", {"ee": "Afi ka?"}, id=town) == town
    assert stored(database) == {"the town": {"ee": "Afi ka?"}}
    assert database.call(canned.remove, town)
    assert not database.call(canned.remove, town)
    assert stored(database) == {}


UNSEEN = "The name has signs that nobody can see: write it again."


@pytest.mark.parametrize(("name", "texts", "sentence", "field"), [
    ("", {"en": "x"}, "Give the reply a name.", "name"),
    (" \n ", {"en": "x"}, "Give the reply a name.", "name"),
    ("n" * (NAME + 1), {"en": "x"}, f"A name has up to {NAME} characters.", "name"),
    ("pay\u202epal", {"en": "x"}, UNSEEN, "name"),
    ("a\x07b", {"en": "x"}, UNSEEN, "name"),
    ("town", {}, "Write the reply in one language or more.", ""),
    ("town", {"en": " \r\n\x00\x1b "}, "Write the reply in one language or more.", ""),
    ("town", {"en": "x", "fr": "x" * (LONGEST + 1)},
     f"A text has up to {LONGEST} characters. This one is longer.", "fr"),
    ("hello", {"en": "x"}, "There is already a reply with this name.", "name"),
])  # fmt: skip
def test_what_cannot_be_stored_is_refused_with_one_sentence(
    database: Database, name: str, texts: dict[str, str], sentence: str, field: str
) -> None:
    put(database, "hello", {"en": "Hello."})
    with pytest.raises(Unfit) as refused:
        put(database, name, texts)
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert stored(database) == {"hello": {"en": "Hello."}}


def test_a_name_of_forty_and_a_text_of_a_thousand_are_fine(database: Database) -> None:
    put(database, "ɛ" * NAME, {"ak": "ɔ" * LONGEST, "en": "\n".join(["😀"] * (LONGEST // 2))})
    assert len(stored(database)["ɛ" * NAME]["ak"]) == LONGEST


def test_a_reply_cannot_take_the_name_of_another(database: Database) -> None:
    put(database, "hello", {"en": "Hello."})
    town = put(database, "town", {"en": "Where?"})
    with pytest.raises(Unfit, match="already"):
        put(database, "hello", {"en": "Where?"}, id=town)
    assert put(database, "town", {"en": "Where now?"}, id=town) == town


def test_what_somebody_removed_meanwhile_is_not_written_again(database: Database) -> None:
    town = put(database, "town", {"en": "Where?"})
    database.call(canned.remove, town)
    with pytest.raises(Unfit, match="Somebody has removed this reply"):
        put(database, "town", {"en": "Where now?"}, id=town)


def test_there_is_an_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(MOST) == "200"  # as the sentence says
    monkeypatch.setattr(canned, "MOST", 2)
    first = put(database, "one", {"en": "1"})
    put(database, "two", {"en": "2"})
    with pytest.raises(Unfit, match="There are 200 replies"):
        put(database, "three", {"en": "3"})
    put(database, "uno", {"en": "1"}, id=first)


@given(st.text(st.one_of(st.sampled_from("\r\n\t\0\x1b "), st.characters()), max_size=30))
def test_a_text_keeps_its_words_and_its_lines(text: str) -> None:
    plain = _plain(text)
    assert plain == _plain(plain) == plain.strip()
    assert not set(plain) & set("\r\t\0\x1b\x7f\x85")
    kept = [c for c in text if c.isprintable() and not c.isspace()]
    assert [c for c in plain if c in kept] == kept
