"""The settings of a group as a form, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.handoff import Refused
from bot.screening.rules import DEFAULTS, MAY_CHANGE, Finding, Rules, Verdict

# What a number may be: name, least, most.
NUMBERS = {
    "hold_first": (0, 20), "slow": (0, 3600), "per_minute": (1, 30), "per_day": (1, 60),
    "longest": (60, 1200),
}  # fmt: skip
HIDEABLE = ("number", "email", "link", "handle")  # what can be hidden in a text that goes out
WORDS, LETTERS = 300, 40  # banned words of a language; of one word


def verdicts(finding: str) -> list[str]:
    """What may become of a post with this finding."""
    return [v.value for v in Verdict if v is not Verdict.MASK or finding in HIDEABLE]


def typed(form: Mapping[str, str], languages: Sequence[str], before: Rules) -> Rules:
    """The rules of the form; `languages` with "" for words of every language. Raises Refused."""
    kinds = {}
    for finding in MAY_CHANGE:
        chosen = form.get(f"kind-{finding}", before.verdict(Finding(finding)).value)
        if chosen not in verdicts(finding):
            raise Refused("Choose what becomes of each kind.")
        if chosen != DEFAULTS[finding]:
            kinds[finding] = chosen
    words = dict(before.words)
    for language in languages:
        if (text := form.get(f"words-{language}")) is not None:
            words[language] = _words(text)
    numbers: dict[str, Any] = {
        name: _number(form.get(name, ""), *NUMBERS[name]) for name in NUMBERS
    }
    kept = {code: listed for code, listed in words.items() if listed}
    return replace(before, kinds=kinds, words=kept, **numbers)


def changed(before: Rules, after: Rules) -> list[str]:
    """The names of what differs."""
    return [name for name in vars(after) if getattr(after, name) != getattr(before, name)]


def _number(text: str, least: int, most: int) -> int:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    if not least <= number <= most:
        raise Refused("A number is missing, or is too small or too large.")
    return number


def _words(text: str) -> list[str]:
    listed = list(dict.fromkeys(word.strip() for word in text.splitlines() if word.strip()))
    if len(listed) > WORDS or any(len(word) > LETTERS for word in listed):
        raise Refused("At most 300 words in a language, each of at most 40 letters.")
    return listed
