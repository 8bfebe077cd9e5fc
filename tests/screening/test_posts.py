"""Posts by writers who saw neither the training posts nor the rules: what is bad is held or hidden,
what is honest goes out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.screening.judge import Author, judge
from bot.screening.offers import load
from bot.screening.rules import Finding, Rules, Verdict
from tests.conftest import NOON

FOLDER = Path(__file__).parent
OUT = (Verdict.ACCEPT, Verdict.MASK)
WORDS = dict.fromkeys(Finding, "hidden")


def judged(language: str) -> list[tuple[str, Verdict, tuple[Finding, ...]]]:
    """The label of each message, and what becomes of it in a group with the usual rules."""
    offers, rules = load(), Rules(hold_first=0)
    with (FOLDER / f"posts-{language}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        made = judge(row["text"], rules, Author(), NOON, language=language, offers=offers,
                     words=WORDS)  # fmt: skip
        found.append((row["label"], made.verdict, made.findings))
    return found


def right(label: str, verdict: Verdict) -> bool:
    """Honest posts go out whole, contacts are hidden or held, everything else is held or hidden."""
    if label in ("honest", "figures"):
        return verdict is Verdict.ACCEPT
    if label == "contact":
        return verdict is not Verdict.ACCEPT
    return verdict not in OUT or verdict is Verdict.MASK


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nearly_all_posts_are_decided_right(language: str) -> None:
    found = judged(language)
    share = sum(right(label, verdict) for label, verdict, _ in found) / len(found)
    assert len(found) > 250
    assert share >= LEAST[language], f"{share:.3f}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hardly_an_honest_post_is_held(language: str) -> None:
    honest = [v for label, v, _ in judged(language) if label in ("honest", "figures")]
    share = sum(verdict not in OUT for verdict in honest) / len(honest)
    assert share <= MOST[language], f"{share:.3f}"


LEAST = {"en": 0.95, "fr": 0.95}
MOST = {"en": 0.03, "fr": 0.03}
