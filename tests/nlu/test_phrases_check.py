"""The check of phrases: thin cells, copies, and evaluation messages that were trained on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.checks import phrases as check
from nlu.case import Case
from nlu.data import NOT_URGENT, Around, Phrase

TAXONOMY: Any = SimpleNamespace(topics=["passport"], dialogue=["greet"], urgency={"threats": 1})


def many(label: str, size: int, language: str = "ee") -> list[Phrase]:
    return [Phrase(f"{label} {n}", label, language, 1) for n in range(size)]


def lines(found: Any) -> list[str]:
    return [finding.line() for finding in found]


def test_what_is_put_around_learnt_messages_is_not_put_behind_those_that_judge() -> None:
    around = {"en": Around(place=["in Ho"], plea=["help me"]), "fr": Around(place=["ici"])}
    behind = {"place": {"en": ["in ho", "in Wa"], "ha": ["ici"]}, "plea": {"en": ["in Ho"]}}
    (found,) = check.pieces(around, behind)
    assert (found.where, found.what) == (
        "nlu/evaluation/place/en.txt", "also trained on: 'in ho'")  # fmt: skip


def test_a_full_language_has_no_findings() -> None:
    full = many("ask_passport", 40) + many("greet", 40) + many("threats", 80)
    assert lines(check.cells(full, TAXONOMY)) == []


def test_thin_cells_are_named_and_half_empty_ones_are_errors() -> None:
    thin = many("ask_passport", 39) + many("greet", 5) + many("threats", 80)
    assert lines(check.cells(thin, TAXONOMY)) == [
        "warning nlu/data/ee: ask_passport has 39 phrases, the aim is 40",
        "ERROR   nlu/data/ee: greet has 5 phrases, the aim is 40",
    ]


def test_english_needs_more_and_unknown_labels_are_errors() -> None:
    found = lines(check.cells([*many("ask_passport", 100, "en"), *many("oops", 1, "en")], TAXONOMY))
    assert "warning nlu/data/en: ask_passport has 100 phrases, the aim is 120" in found
    assert "ERROR   nlu/data: 'oops' is not in the taxonomy" in found


def test_copies() -> None:
    found = lines(check.copies([
        Phrase("Where is my passport?", "ask_passport", "en", 1),
        Phrase("where is my passport", "ask_passport", "en", 2),
        Phrase("hello there", "greet", "en", 1), Phrase("Hello there!", "menu", "en", 1),
        Phrase("they threaten to burn down the house of my family every day", "threats", "en", 1),
        Phrase("they threaten to burn down the house of my family everyday", NOT_URGENT, "en", 1),
        Phrase("yes", "affirm", "en", 1), Phrase("yes", "affirm", "en", 2),
        Phrase("to", "affirm", "ha", 1), Phrase("to", "opt_out", "pcm", 1),
    ], frozenset({"threats", NOT_URGENT})))  # fmt: skip
    assert found == [
        "warning nlu/data/en: 2 times in ask_passport: 'where is my passport'",
        "ERROR   nlu/data: 'hello there' stands under ['greet', 'menu']",
        "warning nlu/data: 'to' stands under ['affirm', 'opt_out']",
        "warning nlu/data/en: nearly the same: 'they threaten to burn down the house of my family '"
        " (threats) and 'they threaten to burn down the house of my family ' (not_urgent)",
    ]


def test_an_evaluation_message_must_be_new() -> None:
    trained = [Phrase("how can I get a new passport in Tamale", "ask_passport", "en", 1)]
    messages = [
        Case("en", "ask_passport", "-", "How can I get a new passport in Tamale?"),
        Case("en", "ask_passport", "-", "how can i get a new passport in tamalee"),
        Case("en", "ask_passport", "-", "who renews passports near Tamale"),
    ]
    found = lines(check.mixed(trained, messages))
    assert [line[:43] for line in found] == [
        "ERROR   nlu/evaluation/en: also trained on:",
        "warning nlu/evaluation/en: nearly trained o",
    ]


WORDS = st.lists(st.sampled_from(["passport", "pass", "port", "card", "lost", "my", "last"]),
                 min_size=3, max_size=7).map(" ".join)  # fmt: skip


@given(st.sets(WORDS, min_size=2, max_size=12))
def test_near_ones_are_found_as_by_comparing_with_every_text(texts: set[str]) -> None:
    grams = {text: {text[n : n + 4] for n in range(len(text) - 3)} for text in texts}
    index = check.Near(texts)
    for text, mine in grams.items():
        wanted = [other for other, theirs in sorted(grams.items()) if other != text
                  and len(mine & theirs) >= check.ALIKE * len(mine | theirs)]  # fmt: skip
        assert [*index.of(text)] == (wanted if len(mine) >= check.ENOUGH else [])


def test_a_file_says_who_wrote_it_and_whether_it_was_reviewed(tmp_path: Path) -> None:
    folder = tmp_path / "ee"
    folder.mkdir()
    said = "# Provenance: written for this project (ee-1). Review by a native speaker: no"
    (folder / "work-1.yml").write_text(f'{said}\nversion: "3.1"\n', encoding="utf-8")
    (folder / "work-2.yml").write_text('version: "3.1"\n', encoding="utf-8")
    assert lines(check.origins(tmp_path)) == [
        "ERROR   nlu/data/ee/work-2.yml: it must begin with its provenance and review"
    ]
