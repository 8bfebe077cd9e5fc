"""An explanation adds up to what the engine decided."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from nlu.explain import explain
from nlu.normalise import fold


def test_it_names_the_words_that_spoke_for_the_intent(engine: Engine) -> None:
    found = explain(engine, "please renew my old Passport zzyzx")
    assert found.folded == "please renew my old passport zzyzx"
    assert found.intents[0].name == found.reading.intent.name == "ask_passport"
    grams = {f.gram: f.contribution for f in found.intents[0].features}
    assert grams["passport"] > 0
    assert "zzyzx" in found.unknown
    assert "passport" not in found.unknown


def test_it_names_the_words_that_rang(engine: Engine) -> None:
    found = explain(engine, "he is beating me now")
    alarm, likeliest = found.urgency[0], found.urgency[1]
    assert alarm.name == "urgent"
    assert any("now" in f.gram and f.contribution > 0 for f in alarm.features)
    assert any(f.contribution > 0 for f in likeliest.features)
    assert likeliest.name == found.reading.urgency.name == "violence_now"


def test_parts_and_bias_sum_to_the_decision_values(engine: Engine) -> None:
    vector = engine.space.vectors([fold("comment payer ma dette")])
    for model in (engine.blend.joint, engine.blend.own["fr"]):
        total = model.contributions(vector).sum(axis=0) + model.bias
        assert total == pytest.approx(model.scores(vector)[0], abs=1e-4)


def test_the_score_of_an_intent_is_the_blended_one(engine: Engine) -> None:
    text = "comment payer ma dette"
    found = explain(engine, text).intents[0]
    scores = engine.blend.judge(engine.space.vectors([text])).of("intent")[0]
    assert found.name == "ask_debts"
    assert found.score == pytest.approx(float(scores.max()), abs=1e-3)


@pytest.mark.parametrize("text", ["", "今天", "SOS", "hello"])
def test_any_text_can_be_explained(engine: Engine, text: str) -> None:
    assert explain(engine, text).reading == engine.read(text)


def test_no_more_features_than_asked_for(engine: Engine) -> None:
    found = explain(engine, "my debt for the journey is too big", most=3)
    assert all(len(reason.features) <= 3 for reason in (*found.intents, *found.urgency))


@pytest.mark.parametrize(
    ("text", "always"),
    [("SOS", True), ("help he has a knife", False), ("he is choking me", True), ("hello", False)],
)
def test_it_says_always_only_of_safe_words_and_whole_cries(
    engine: Engine, text: str, always: bool
) -> None:
    assert explain(engine, text).always == always
