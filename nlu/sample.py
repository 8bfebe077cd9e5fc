"""A stated sample of the training phrases, in files of the same kind, for slow engines.

Deterministic, and each writer gives an equal share, as far as there are phrases.
"""

from __future__ import annotations

from itertools import chain, zip_longest
from pathlib import Path

from nlu import data
from nlu.data import Phrase


def chosen(phrases: list[Phrase], size: int) -> list[Phrase]:
    """At most `size` phrases: of every label and language the same number, writers in turns."""
    writers: dict[tuple[str, str], dict[int, list[Phrase]]] = {}
    for phrase in phrases:
        of_label = writers.setdefault((phrase.language, phrase.label), {})
        of_label.setdefault(phrase.writer, []).append(phrase)
    most = size // max(1, len(writers))
    found = []
    for of_label in writers.values():
        turns = chain.from_iterable(zip_longest(*of_label.values()))
        found += [phrase for phrase in turns if phrase is not None][:most]
    return found


def write(target: Path, size: int, source: Path = data.FOLDER) -> list[Phrase]:
    """Writes the sample below `target`, a file a language and writer, and returns it."""
    phrases = chosen(data.read(source), size)
    files: dict[tuple[str, int], dict[str, list[str]]] = {}
    for phrase in phrases:
        labels = files.setdefault((phrase.language, phrase.writer), {})
        labels.setdefault(phrase.label, []).append(phrase.text)
    for (language, writer), labels in files.items():
        path = target / language / f"sample-{writer}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        blocks = [_block(label, texts) for label, texts in labels.items()]
        path.write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    return phrases


def _block(label: str, texts: list[str]) -> str:
    return f"- intent: {label}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
