"""Phrases from use: what editors labelled, as training data of a writer of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WRITER = 90  # no phrase file of ours has this number
NAME = f"learned-{WRITER}.yml"
PROVENANCE = (
    "# Provenance: messages of persons who allowed it, pseudonymised and labelled by editors of "
    "this installation; not written for this project."
)
_PLACEHOLDER = re.compile(r"\[[a-z]+\]")
_MEANS_SOMETHING = re.compile(r"[\[\](){}]")  # to Rasa: entities


@dataclass(frozen=True)
class Labelled:
    """A pseudonymised text with its label."""

    language: str
    label: str
    text: str


def phrase(text: str) -> str:
    """The text as one line of an examples block: without placeholders and what YAML or Rasa would
    read as something else; "" when nothing is left."""
    text = _MEANS_SOMETHING.sub(" ", _PLACEHOLDER.sub(" ", text))
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()).lstrip("-/# ").strip()


def document(labelled: Iterable[Labelled]) -> str:
    """Rasa's YAML with every phrase once, by label."""
    by_label: dict[str, dict[str, None]] = {}
    for each in labelled:
        if text := phrase(each.text):
            by_label.setdefault(each.label, {})[text] = None
    blocks = [
        f"- intent: {label}\n  examples: |\n" + "".join(f"    - {text}\n" for text in sorted(texts))
        for label, texts in sorted(by_label.items())
    ]
    return f'{PROVENANCE}\nversion: "3.1"\nnlu:{"" if blocks else " []"}\n' + "".join(blocks)


def write(folder: Path, labelled: Sequence[Labelled]) -> int:
    """Writes `folder/<language>/learned-90.yml` anew for every language; returns how many
    phrases there are."""
    for old in folder.glob(f"*/{NAME}"):
        old.unlink()
    for language in sorted({each.language for each in labelled}):
        path = folder / language / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = [each for each in labelled if each.language == language]
        path.write_text(document(mine), encoding="utf-8")
    return len({(each.language, each.label, phrase(each.text)) for each in labelled
                if phrase(each.text)})  # fmt: skip
