"""Catalogues: current with the code, complete, and with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.checks import Finding
from bot.voice import LOCALES

CODE = Path(__file__).resolve().parents[1]
_PLACEHOLDER = re.compile(r"\{\w+\}")


def check() -> Iterator[Finding]:
    """Findings of all catalogues."""
    wanted = extracted()
    if _ids(wanted) != _ids(_read(LOCALES / "sankofa.pot")):
        yield Finding("locales/sankofa.pot", "not current: run `make locales`", grave=True)
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/sankofa.po")):
        catalogue = _read(path)
        where = f"locales/{path.parents[1].name}"
        for message in wanted:
            if not message.id:
                continue
            found = catalogue.get(message.id)
            text = str(found.string) if found else ""
            if not text or (found and found.fuzzy):
                yield Finding(where, f"not translated: {str(message.id)[:50]!r}", grave=True)
            elif _placeholders(text) != _placeholders(str(message.id)):
                yield Finding(where, f"other placeholders: {text[:50]!r}", grave=True)


def extracted() -> Catalog:
    """What the code says, as Babel finds it: literals in `_()`."""
    catalogue = Catalog(project="Sankofa", copyright_holder="the Sankofa authors", fuzzy=False)
    found = extract_from_dir(
        CODE, method_map=[("**.py", "python")], keywords={"_": None}, strip_comment_tags=True
    )
    for _, _, message, _, _ in found:
        catalogue.add(message)
    return catalogue


def update() -> None:
    """Writes the template and brings each catalogue up to date; translations stay."""
    wanted = extracted()
    _write(LOCALES / "sankofa.pot", wanted)
    for path in LOCALES.glob("*/LC_MESSAGES/sankofa.po"):
        catalogue = _read(path)
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def _read(path: Path) -> Catalog:
    locale = path.parents[1].name if path.suffix == ".po" else None
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, width=100, omit_header=False)
