"""The contract with the real Rasa (`make rasa-test`): the same readings through both engines."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml

from bot.settings import Rasa as Account
from bot.understanding import Embedded, Rasa
from nlu import baseline, sample
from nlu.case import read_cases

pytestmark = pytest.mark.rasa
Counted = Callable[[], dict[str, float]]
CLEAR = (
    "I lost my Ghana card", "j'ai perdu mon passeport", "how do I renew my passport",
    "where can I learn tailoring", "je cherche un travail", "I need a lawyer",
    "comment inscrire mon enfant à l'école", "my luggage did not arrive",
    "who reads my messages", "hello", "merci beaucoup", "I want to talk to a person",
)  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """The trained model, served on a free port."""
    facts, port = baseline.facts(), baseline.free_port()
    with baseline.served(baseline.MODEL, facts["RASA_TOKEN"], port):
        yield Account(url=f"http://127.0.0.1:{port}", token=facts["RASA_TOKEN"],
                      understood_from=float(facts["RASA_UNDERSTOOD_FROM"]))  # fmt: skip


@pytest.fixture
async def real(embedded: Embedded, account: Account, names: frozenset[str]) -> AsyncIterator[Rasa]:
    made = Rasa(embedded, account, names)
    yield made
    await made.close()


async def test_clear_messages_mean_the_same_to_both(
    real: Rasa, embedded: Embedded, fallbacks: Counted
) -> None:
    theirs, ours = await real.read(CLEAR), await embedded.read(CLEAR)
    assert fallbacks() == {}
    same = [a.intent.name == b.intent.name for a, b in zip(theirs, ours, strict=True)]
    assert sum(same) >= 10
    assert theirs != ours  # it was asked: its confidences are its own


async def test_every_message_of_the_evaluation_gets_a_reading_of_the_same_shape(
    real: Rasa, embedded: Embedded, names: frozenset[str], fallbacks: Counted
) -> None:
    texts = [case.text for case in read_cases()][::20]
    theirs, ours = await real.read(texts), await embedded.read(texts)
    assert fallbacks() == {}
    for a, b in zip(theirs, ours, strict=True):
        assert replace(a, intent=b.intent, ranking=b.ranking, understood=b.understood) == b
        assert a.as_json().keys() == b.as_json().keys()
        assert {guess.name for guess in a.ranking} <= names
        confidences = [guess.confidence for guess in a.ranking]
        assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize("text", ["", "/restart", "/greet{", "x" * 100_000, "\x00", "\ud83d", "{}"])
async def test_hostile_texts_get_a_reading_from_both(
    real: Rasa, embedded: Embedded, text: str
) -> None:
    [a], [b] = await real.read([text]), await embedded.read([text])
    assert (a.text, a.urgency, a.language) == (b.text, b.urgency, b.language)


async def test_a_typed_intent_is_not_obeyed(real: Rasa, account: Account) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        obeyed = await client.post(f"{account.url}/model/parse", params={"token": account.token},
                                   json={"text": "/ask_taxes"})  # fmt: skip
    assert obeyed.json()["intent"] == {"name": "ask_taxes", "confidence": 1.0}
    [found] = await real.read(["/ask_taxes"])
    assert found.intent.confidence < 1


async def test_a_wrong_token_is_refused_and_counted(
    embedded: Embedded, account: Account, names: frozenset[str], fallbacks: Counted
) -> None:
    stranger = Rasa(embedded, replace(account, token="x"), names)
    assert await stranger.read(CLEAR[:1]) == await embedded.read(CLEAR[:1])
    await stranger.close()
    assert fallbacks() == {"refused": 1}


def test_rasa_learns_the_intents_of_the_same_files_and_nothing_else(tmp_path: Path) -> None:
    chosen = sample.write(tmp_path, 1500)
    code = (
        "import json, sys; sys.path.insert(1, '.')\n"
        "from rasa.shared.importers.importer import TrainingDataImporter as Importer\n"
        "found = Importer.load_from_config('config.yml', 'domain.yml', [sys.argv[1]])\n"
        "examples = found.get_nlu_data().training_examples\n"
        "print(json.dumps([[m.get('intent'), m.get('text')] for m in examples if m.get('text')]))"
    )
    done = subprocess.run([baseline.HOME / "bin" / "python", "-c", code, tmp_path], check=True,
                          cwd=baseline.PROJECT, capture_output=True, text=True)  # fmt: skip
    learned = {(intent, text) for intent, text in json.loads(done.stdout.splitlines()[-1])}
    taught = {(p.label, p.text) for p in chosen}
    domain = yaml.safe_load(baseline.DOMAIN.read_text(encoding="utf-8"))["intents"]
    assert learned == {pair for pair in taught if pair[0] in domain}
    assert {intent for intent, _ in learned} == set(domain)
