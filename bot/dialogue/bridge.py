"""Two languages at once: what no native speaker has read yet goes with the country's own language.

The turn is taken twice, once in each, and the sentences are put together; what both say alike is
said once. Buttons stay in the person's language.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.core import Outcome, Say
from bot.dialogue.person import Person
from bot.voice import voice

ALIKE = 0.5  # of the letters: an article that is not translated is there already


def needed(language: str) -> bool:
    """Whether nobody has reviewed this language's sentences yet."""
    return voice(language).draft


def reader(person: Person, language: str) -> Person:
    """The same person as a reader of the country's language, whatever they write."""
    return replace(person, language=language, language_chosen=True)


def beside(own: Outcome, other: Outcome) -> Outcome:
    """`own` with the sentences of `other` below its own."""
    if len(own.says) != len(other.says):
        return own
    pairs = zip(own.says, other.says, strict=True)
    return replace(own, says=tuple(_both(one, two) for one, two in pairs))


def _both(own: Say, other: Say) -> Say:
    said = set(own.text.splitlines())
    new = [line for line in other.text.splitlines() if line.strip() and line not in said]
    letters = len("".join(other.text.split()))
    if len("".join("".join(new).split())) <= letters * (1 - ALIKE):
        return own
    return replace(own, text=f"{own.text}\n\n{other.text}")
