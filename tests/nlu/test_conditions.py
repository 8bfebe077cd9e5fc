"""The conditions under which an evaluation repeats its messages."""

from __future__ import annotations

import pytest

from nlu.case import BEHIND, Case, read_around
from nlu.conditions import CONDITIONS, behind, between

PLAIN = [Case("en", "ask_passport", "-", "where do i renew my passport"),
         Case("en", "out_of_scope", "-", "what did the team score yesterday"),
         Case("en", "ask_debts", "-", "can i pay the loan in parts")]  # fmt: skip
CRY = Case("en", "-", "threats", "they will burn us")


def test_every_condition_keeps_the_order_and_the_languages() -> None:
    cases = [*PLAIN, CRY]
    for condition in CONDITIONS.values():
        found = condition(cases)
        assert [(c.language, c.urgency) for c in found] == [("en", c.urgency) for c in cases]


@pytest.mark.parametrize("language", ["en", "fr", "pcm", "ak", "ee", "ha"])
@pytest.mark.parametrize("kind", BEHIND)
def test_something_is_put_behind_in_every_language(kind: str, language: str) -> None:
    [found] = behind([kind], [Case(language, "-", "threats", "they will burn us")])
    assert found.text.startswith("they will burn us ")


def test_a_cry_stands_between_two_plain_messages_and_keeps_its_words() -> None:
    before, cry, after = between([*PLAIN, CRY])[-1].text.split(". ")
    assert cry == CRY.text
    assert before != after
    assert {before, after} <= {case.text for case in PLAIN}


def test_a_plain_message_is_never_put_beside_itself_and_is_not_asked_for_its_topic() -> None:
    for case in between(PLAIN):
        assert len(set(case.text.split(". "))) == 3
        assert case.intent == "-"


def test_others_are_of_the_same_language_and_need_not_be_there() -> None:
    french = Case("fr", "-", "threats", "ils vont nous bruler")
    assert between([*PLAIN, french]) == between(PLAIN)


def test_the_others_are_the_same_each_time() -> None:
    assert between([*PLAIN, CRY]) == between([*PLAIN, CRY])


def test_a_plea_stands_behind_without_the_marks_that_were_there() -> None:
    [cry, other] = behind(["plea"], [Case("en", "-", "threats", "they will burn us!"),
                                     Case("xx", "-", "threats", "they will burn us!")])  # fmt: skip
    said, _, plea = cry.text.partition("burn us ")
    assert (said, plea) == ("they will ", read_around("plea")["en"][0])
    assert other.text == "they will burn us!"  # nobody wrote pleas in this language


def test_a_place_stands_before_the_plea() -> None:
    [_, cry] = behind(["place", "plea"], [CRY, CRY])
    place, plea = read_around("place")["en"][1], read_around("plea")["en"][1]
    assert cry.text == f"{CRY.text} {place} {plea}"
