"""Which phrases each model learns from, and under which labels."""

from __future__ import annotations

from collections import Counter

import pytest

from nlu.copies import EVERY
from nlu.corpus import Sample, corpus
from nlu.data import NOT_URGENT, Phrase
from nlu.lessons import lessons
from nlu.triage import NONE

ASKED = [Phrase("hello", "greet", "en", 1), Phrase("my id card", "ask_national_id", "en", 1),
         Phrase("good morning to you and all of yours", "greet", "en", 1),
         Phrase("I sell rice. Where is the id office? It is far.", "ask_national_id", "en", 1),
         Phrase("!", "greet", "en", 1)]  # fmt: skip
MANY = 2 * EVERY


def phrases() -> list[Phrase]:
    cries = [Phrase(f"he beats me {n}", "violence_now", "en", 1) for n in range(MANY)]
    return ASKED + cries + [Phrase(f"the drum beats {n}", NOT_URGENT, "fr", 1) for n in range(MANY)]


@pytest.fixture(scope="module")
def learnt() -> dict[str, Sample]:
    return dict(lessons(corpus(phrases()), {"violence_now"}))


def test_intents_are_learnt_from_what_is_no_danger_and_says_something(
    learnt: dict[str, Sample],
) -> None:
    assert Counter(learnt["intent"].labels.tolist()) == {"greet": 2, "ask_national_id": 2}


def test_languages_are_learnt_from_everything_but_no_more_danger_data_than_is_enough(
    learnt: dict[str, Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Counter(learnt["language"].labels.tolist()) == {"en": 4 + MANY, "fr": MANY}
    monkeypatch.setattr("nlu.lessons.ENOUGH", MANY)  # and there is twice as much
    fewer = dict(lessons(corpus(phrases()), {"violence_now"}))["language"]
    assert Counter(fewer.labels.tolist()) == {"en": 4 + MANY // 2, "fr": MANY // 2}


def test_classes_are_learnt_among_other_things_and_against_everything_else(
    learnt: dict[str, Sample],
) -> None:
    among = MANY // EVERY
    found = Counter(learnt["urgency"].labels.tolist())
    # Four plain messages, and every second sentence of the one that has three.
    assert found == {"violence_now": MANY + among, NOT_URGENT: MANY + among, NONE: 4 + 2}


def test_the_alarm_learns_half_of_it_once_more_and_short_everyday_talk(
    learnt: dict[str, Sample],
) -> None:
    more = 3 * MANY // EVERY
    alarm = learnt["alarm"]
    assert Counter(alarm.labels.tolist()) == {"violence_now": MANY + more,
                                              NONE: MANY + more + 1 + 2}  # fmt: skip
    assert alarm.labels[list(alarm.texts).index("hello")] == NONE
    assert not {"my id card", ASKED[2].text} & set(alarm.texts)
