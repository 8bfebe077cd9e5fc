"""A cry and a question are heard in one sentence of many, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.engine import Engine
from nlu.explain import explain
from nlu.hearing import AROUND, BRIEF, ROOM, Hearing

NEUTRAL = "Weather tomorrow in Tamale for us. Play music for me. Tell me a joke."


@pytest.mark.parametrize("message", ["{cry} {rest}", "{rest} {cry}"])
def test_a_cry_among_other_sentences_rings(engine: Engine, message: str) -> None:
    text = message.format(cry="He is beating me now.", rest=NEUTRAL)
    found = engine.read(text)
    assert found.urgency.name == "violence_now"
    assert explain(engine, text).cried == "He is beating me now."
    assert engine.read(NEUTRAL).urgency.name is None


@pytest.mark.parametrize("message", ["{ask} {rest}", "{rest} {ask}"])
def test_a_question_among_other_sentences_is_heard(engine: Engine, message: str) -> None:
    ask = "How do I renew my passport?"
    text = message.format(ask=ask, rest=NEUTRAL)
    assert engine.read(text).intent.name == "ask_passport"
    assert explain(engine, text).asked == ask
    assert engine.read(NEUTRAL).intent.name == "out_of_scope"


def test_a_greeting_is_not_what_a_message_of_many_sentences_says(engine: Engine) -> None:
    heard = Hearing.of(engine.space, engine.blend, ["Hello my friend. Weather tomorrow for us."])
    rows, _ = heard.surest()
    assert rows.tolist() == [0]


def test_messages_read_together_keep_their_own_sentences(engine: Engine) -> None:
    texts = ["He is beating me now. Play music for me.", "hello", "Tell me a joke. Weather today?"]
    assert engine.read_all(texts) == [engine.read(text) for text in texts]


def test_what_is_said_around_a_sentence_counts(engine: Engine) -> None:
    """A cry is as urgent as it is alone, but for a share of how urgent the whole message is."""
    cry = "He is beating me now."
    heard = Hearing.of(engine.space, engine.blend, [cry, f"{cry} {NEUTRAL}"])
    alone, whole, sentence, *_ = engine.scales.value(heard.said)
    rows, urgent = heard.loudest(engine.scales)
    assert rows.tolist() == [0, 2]
    louder = BRIEF * (1 - np.array([5, 19]) / ROOM)
    assert urgent - louder == pytest.approx([alone, sentence + AROUND * (whole - sentence)])


def test_a_message_of_few_words_counts_louder_and_a_long_one_as_it_is(engine: Engine) -> None:
    long = f"{NEUTRAL} {NEUTRAL}"
    for text, louder in (("he beats", BRIEF * 0.9), ("", BRIEF * 0.95), (long, 0)):
        heard = Hearing.of(engine.space, engine.blend, [text])
        values = engine.scales.value(heard.said)
        _, urgent = heard.loudest(engine.scales)
        best = (values + AROUND * (values[0] - values)).max()
        assert urgent == pytest.approx([best + louder])
