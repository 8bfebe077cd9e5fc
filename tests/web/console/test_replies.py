"""The page of prepared replies: typed by people, some of them in a hurry or hostile."""

from __future__ import annotations

import html as markup
import re
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot import canned
from bot.roles import Role
from tests.conftest import NOON
from tests.web.console.conftest import Office, Seat

HERE = "/console/replies"


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.EDITOR))


def stored(seat: Seat) -> dict[str, dict[str, str]]:
    return {row.name: row.texts for row in seat.office.call(canned.everything)}


def put(seat: Seat, name: str = "town", **texts: str) -> str:
    return str(seat.office.call(canned.put, name, texts or {"en": "Where?"}, None, NOON))


def save(seat: Seat, name: str, id: str = "", **texts: str) -> Any:
    fields = {f"text-{code}": text for code, text in texts.items()}
    return seat.post(HERE, id=id, name=name, **fields)


def test_a_reply_is_added_changed_and_removed(seat: Seat) -> None:
    done = save(seat, "town", en="In which town?\r\nTell me.", fr="Où ?", ak="")
    assert (done.status_code, done.headers["location"]) == (303, f"{HERE}?said=saved")
    assert stored(seat) == {"town": {"en": "In which town?\nTell me.", "fr": "Où ?"}}
    shown = seat.get(HERE).text
    assert "In which town?\nTell me.</textarea>" in shown
    id = re.findall(r'name="id" value="(\d+)"', shown)[0]
    assert save(seat, "the town", id, pcm="Which side?").status_code == 303
    assert stored(seat) == {"the town": {"pcm": "Which side?"}}
    gone = seat.post(HERE, id=id, do="remove")
    assert gone.headers["location"] == f"{HERE}?said=reply_removed"
    assert stored(seat) == {}
    assert "The reply is removed." in seat.get(gone.headers["location"]).text


def test_all_languages_of_the_country_can_be_written(seat: Seat) -> None:
    texts = {code: f"text in {code}" for code in ("en", "fr", "pcm", "ak", "ee", "ha")}
    save(seat, "all", **texts)
    assert stored(seat) == {"all": texts}
    save(seat, "other", en="x", xx="no language of ours")
    assert stored(seat)["other"] == {"en": "x"}


def test_each_deed_is_audited_without_words(seat: Seat) -> None:
    save(seat, "town", en="Where?", fr="Où ?")
    id = str(seat.office.call(canned.everything)[0].id)
    save(seat, "town", id, en="Where?")
    seat.post(HERE, id=id, do="remove")
    seat.post(HERE, id=id, do="remove")  # pressed twice
    found = [(e.action, e.kind, e.object_id, e.detail) for e in seat.office.audited()]
    assert found == [
        ("reply_added", "canned", int(id), {"languages": ["en", "fr"]}),
        ("reply_changed", "canned", int(id), {"languages": ["en"]}),
        ("reply_removed", "canned", int(id), {}),
    ]  # fmt: skip


TOO_LONG = "A text has up to 1000 characters. This one is longer."


@pytest.mark.parametrize(("name", "texts", "sentence", "field"), [
    ("n" * 41, {"en": "x"}, "A name has up to 40 characters.", "name"),
    ("", {"en": "x"}, "Give the reply a name.", "name"),
    ("town", {"ee": "x" * 1001}, TOO_LONG, "text-ee"),
    ("town", {"en": "x" * 200_000}, TOO_LONG, "text-en"),
    ("town", {}, "Write the reply in one language or more.", ""),
    ("hello", {"en": "x"}, "There is already a reply with this name.", "name"),
])  # fmt: skip
def test_what_is_refused_stays_in_the_form_with_the_reason_beside_it(
    seat: Seat, name: str, texts: dict[str, str], sentence: str, field: str
) -> None:
    put(seat, "hello", en="Hello.")
    answer = save(seat, name, **texts)
    assert answer.status_code == 400
    assert f'id="problem" role="alert">{sentence}</p>' in answer.text
    for text in texts.values():
        assert f"\n{text}</textarea>" in answer.text
    marked = re.findall(r'name="([^"]+)"[^>]*aria-invalid="true" aria-describedby="problem"',
                        answer.text)  # fmt: skip
    assert marked == ([field] if field else [])
    assert stored(seat) == {"hello": {"en": "Hello."}}


def test_a_refused_change_stays_in_its_own_form(seat: Seat) -> None:
    id = put(seat)
    answer = save(seat, "", id, en="typed for long")
    forms = re.split(r'name="id" value="', answer.text)[1:]
    assert [("typed for long" in form, 'role="alert"' in form) for form in forms][:2] == [
        (False, False), (True, True)]  # fmt: skip
    assert f'<details id="reply-{id}" open>' in answer.text


def test_what_was_removed_meanwhile_can_still_be_saved_as_a_new_one(seat: Seat) -> None:
    id = put(seat)
    seat.post(HERE, id=id, do="remove")
    answer = save(seat, "town", id, en="Where now?")
    assert "Somebody has removed this reply." in answer.text
    assert "\nWhere now?</textarea>" in answer.text
    assert 'name="id" value=""' in answer.text


@pytest.mark.parametrize("id", ["x", "-1", "9" * 30, "1 OR 1=1", "٣", "0"])
def test_a_strange_number_is_no_reply_of_ours(seat: Seat, id: str) -> None:
    put(seat)
    assert save(seat, "other", id, en="x").status_code == 400
    assert seat.post(HERE, id=id, do="remove").status_code == 303
    assert stored(seat) == {"town": {"en": "Where?"}}


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "</textarea><script>alert(1)</script>", '"><img src=x>',
    "{{ 7 * 7 }}", "\u202eevil", "%(n)s %s", "😀" * 400, "مرحبا",
])  # fmt: skip
def test_hostile_words_are_only_words(seat: Seat, text: str) -> None:
    assert save(seat, "town", en=text).status_code == 303
    assert stored(seat) == {"town": {"en": text}}
    shown = seat.get(HERE).text
    assert f"\n{markup.escape(text, quote=False)}</textarea>".replace('"', "&#34;") in shown
    assert "<script>alert" not in shown
    assert "<img" not in shown


def test_a_hostile_name_is_only_a_name(seat: Seat) -> None:
    assert save(seat, '"><script>alert(1)</script>', en="x").status_code == 303
    assert "<script>alert" not in seat.get(HERE).text


def test_two_at_the_same_moment_get_a_sentence(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    put(seat)

    def late(*_: Any, **__: Any) -> int:
        """The look-up saw nothing; the insert collides."""
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr(canned, "put", late)
    answer = save(seat, "town", en="x")
    assert (answer.status_code, "already a reply with this name" in answer.text) == (400, True)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.ADMIN, Role.MODERATOR])
def test_others_neither_see_nor_change_them(office: Office, role: Role) -> None:
    seat = office.as_(office.member(role))
    assert seat.get(HERE).status_code == 403
    assert save(seat, "town", en="x").status_code == 403
    assert stored(seat) == {}
