"""Labelled phrases as training data: hostile texts stay phrases, and training takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import learning, migrate
from bot.commands.train import main
from bot.db import Database
from bot.learning import learnings
from nlu import data, learned, versions
from nlu.engine import Engine
from nlu.learned import Labelled, document, phrase
from nlu.versions import Change, objections
from tests.conftest import NOON
from tests.nlu.conftest import write


@pytest.mark.parametrize(("text", "wanted"), [
    ("i lost my passport", "i lost my passport"),
    ("my name is [name] and i need work", "my name is and i need work"),
    ("- intent: greet\n  examples: |\n    - ha", "intent: greet examples: | - ha"),
    ("/stop", "stop"),
    ("# not a comment", "not a comment"),
    ("in [Accra](region) {\"a\": 1}", "in Accra region \"a\": 1"),
    ("a\x07b\u2028c\tsp", "a b c sp"),
    ("[number]", ""),
])  # fmt: skip
def test_a_text_becomes_one_line(text: str, wanted: str) -> None:
    assert phrase(text) == wanted


texts = st.lists(st.text(max_size=60), min_size=1, max_size=6)


@given(texts)
def test_any_text_is_read_back_as_the_phrase_it_was_written_as(texts: list[str]) -> None:
    found = yaml.safe_load(document([Labelled("en", "greet", text) for text in texts]))
    read = [line.removeprefix("- ") for block in found["nlu"]
            for line in block["examples"].splitlines()]  # fmt: skip
    assert read == sorted({phrase(text) for text in texts} - {""})
    assert {block["intent"] for block in found["nlu"]} <= {"greet"}


def test_a_folder_is_written_anew_for_every_language(tmp_path: Path) -> None:
    first = [Labelled("en", "greet", "hello [name]"), Labelled("en", "greet", "hello"),
             Labelled("fr", "greet", "salut"), Labelled("fr", "greet", "[name]")]  # fmt: skip
    assert learned.write(tmp_path, first) == 2
    assert [(p.language, p.label, p.text, p.writer) for p in data.read(tmp_path)] == [
        ("en", "greet", "hello", 90), ("fr", "greet", "salut", 90),
    ]  # fmt: skip
    assert (tmp_path / "en" / "learned-90.yml").read_text().startswith("# Provenance:")
    assert learned.write(tmp_path, [Labelled("fr", "greet", "salut")]) == 1
    assert not (tmp_path / "en" / "learned-90.yml").exists()


BETTER, WORSE, MUCH_WORSE = (1, 2), (2, 1), (3, 1)


@pytest.mark.parametrize(("changes", "wanted"), [
    ([], []),
    ([("en", "greet", BETTER), ("en", "menu", WORSE)], []),
    ([("en", "menu", WORSE)], []),
    ([("en", "menu", MUCH_WORSE)], ["2 messages are read worse, 0 better"]),
    ([("en", "menu", MUCH_WORSE), ("fr", "menu", WORSE), ("ha", "stop", BETTER)], []),
    ([("en", "menu", MUCH_WORSE), ("fr", "menu", MUCH_WORSE), ("ha", "stop", BETTER)],
     ["4 messages are read worse, 1 better"]),
    ([("en", "threats", WORSE), ("fr", "threats", BETTER)],
     ["en: 1 fewer urgent messages are caught"]),
    ([("en", "threats", WORSE), ("en", "detention", BETTER)], []),
    ([("en", "look-alikes", WORSE)], []),
])  # fmt: skip
def test_what_speaks_against_a_candidate(changes: list[Any], wanted: list[str]) -> None:
    found = [Change(language, name, *counts, 9) for language, name, counts in changes]
    assert objections(found, {"threats", "detention"}) == wanted


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a database, tiny data, and evaluation messages about weddings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANKOFA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'use.db'}")
    write(tmp_path / "data")
    for path in (tmp_path / "data").glob("*/all-1.yml"):  # as many writers as are held out in turn
        lines = path.read_text(encoding="utf-8").splitlines()
        third = [f"{line} today" if line.startswith("    - ") else line for line in lines]
        path.with_name("all-3.yml").write_text("\n".join(third) + "\n", encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'use.db'}")
    migrate.upgrade(database)
    database.close()
    (tmp_path / "evaluation").mkdir()
    return tmp_path


def labelled(home: Path, label: str, *texts: str) -> None:
    database = Database(f"sqlite:///{home / 'use.db'}")

    def fill(conn: sa.Connection) -> None:
        for text in texts:
            conn.execute(learnings.insert(), {
                "language": "en", "text": text, "guess": "greet", "confidence": 0.5,
                "why": "not_understood", "day": NOON, "label": label, "labelled_at": NOON,
            })  # fmt: skip

    database.call(fill)
    assert database.call(learning.phrases)
    database.close()


def train(home: Path, *more: str) -> int:
    return main([
        "--output", str(home / "m.npz"), "--data", str(home / "data"), "--tuning",
        str(home / "none"), "--evaluation", str(home / "evaluation"), *more,
    ])  # fmt: skip


def judged(home: Path, *rows: str) -> None:
    lines = ["intent\turgency\ttext", *rows]
    (home / "evaluation" / "en.tsv").write_text("\n".join(lines) + "\n")


WEDDING = ["the wedding of my brother", "wedding cake and wedding dress", "who pays the wedding",
           "a wedding in [name]", "my wedding is soon", "wedding music"]  # fmt: skip


def test_training_takes_what_editors_labelled_and_can_be_rolled_back(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = installation / "m.npz"
    judged(installation, "ask_debts\t-\twedding of my sister", "greet\t-\thello",
           "-\tviolence_now\the is beating me now")  # fmt: skip
    assert train(installation) == 0
    before = Engine.load(path).read("wedding of my sister").intent
    assert before.name != "ask_debts"
    labelled(installation, "ask_debts", *WEDDING)
    labelled(installation, "gone_from_the_taxonomy", "a label of old")
    assert train(installation, "--from-use", "--compare") == 0
    said = capsys.readouterr().out
    assert f"{len(WEDDING)} phrases from use in" in said
    assert "+ en  ask_debts" in said
    assert Engine.load(path).read("wedding of my sister").intent == before
    assert train(installation, "--from-use") == 0
    assert Engine.load(path).read("wedding of my sister").intent.name == "ask_debts"
    assert versions.card(path).exists()
    assert train(installation, "--roll-back") == 0
    assert Engine.load(path).read("wedding of my sister").intent == before


def test_a_candidate_that_reads_worse_waits_for_somebodys_word(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = installation / "m.npz"
    judged(installation, "ask_passport\t-\thow do i renew my passport please",
           "ask_passport\t-\thow do i renew my passport please again")  # fmt: skip
    assert train(installation) == 0
    served = path.read_bytes()
    again = (f"how do i renew my passport please {n}" for n in ("a", "b", "now", "then", "sir"))
    labelled(installation, "ask_debts", "how do i renew my passport please", *again)
    assert train(installation, "--from-use") == 1
    said = capsys.readouterr().out
    assert "- en  ask_passport" in said
    assert "against it: 2 messages are read worse, 0 better" in said
    assert path.read_bytes() == served
    assert train(installation, "--accept") == 0
    assert path.read_bytes() != served
    assert versions.previous(path).read_bytes() == served


def test_rolling_back_trains_nothing(installation: Path) -> None:
    with pytest.raises(SystemExit):
        train(installation, "--from-use", "--roll-back")
