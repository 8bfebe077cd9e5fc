"""What the conversation gives to learn from: only of those who said yes, and never of danger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.core import Consent, Effect, Learn
from bot.dialogue.person import Learning
from bot.library import Library
from bot.rehearsal import Rehearsal
from bot.understanding import Embedded
from tests.conftest import NOON


def said(
    library: Library, embedded: Embedded, learning: Learning, *texts: str
) -> list[Effect]:
    """All effects of these messages that are about learning."""
    talk = Rehearsal(library, embedded.engine, "telegram")
    talk.person = replace(talk.person, learning=learning, met=True)
    found: list[Effect] = []
    for text in texts:
        talk.write(text, NOON)
        found += talk.outcome.effects
    return [e for e in found if isinstance(e, Learn)
            or (isinstance(e, Consent) and e.purpose == "learning")]  # fmt: skip


NONSENSE = "asdkjh qwpoei zxmcn"
CASES = [
    ([NONSENSE], [Learn("not_understood")]),
    ([NONSENSE, "Talk to a person"], [Learn("not_understood"), Learn("human_asked")]),
    (["i lost my passport", "This did not help"], [Learn("rated_bad", "passport")]),
    (["i lost my passport", "This helped"], []),
    (["i lost my passport", "person"], [Learn("human_asked")]),
    (["menu", "person"], []),
    (["he is beating me now with a knife", "Talk to a person"], []),
    ([NONSENSE, NONSENSE], [Learn("not_understood"), Learn("not_understood")]),
]


@pytest.mark.parametrize(("texts", "wanted"), CASES)
def test_what_was_wrong_is_learnt_from_after_a_yes(
    library: Library, embedded: Embedded, texts: list[str], wanted: list[Effect]
) -> None:
    assert said(library, embedded, Learning.YES, *texts) == wanted


@pytest.mark.parametrize("learning", [Learning.NEVER_ASKED, Learning.ASKED, Learning.NO])
@pytest.mark.parametrize("texts", [texts for texts, _ in CASES])
def test_nothing_is_learnt_from_without_a_yes(
    library: Library, embedded: Embedded, learning: Learning, texts: list[str]
) -> None:
    assert said(library, embedded, learning, *texts) == []


def test_the_answer_is_a_consent_that_can_be_given_and_taken_back(
    library: Library, embedded: Embedded
) -> None:
    texts = [NONSENSE, NONSENSE, "Yes, learn from me", "my data", "Learning from me",
             "No, do not learn"]  # fmt: skip
    assert said(library, embedded, Learning.NEVER_ASKED, *texts) == [
        Consent("learning", given=True), Consent("learning", given=False),
    ]  # fmt: skip
