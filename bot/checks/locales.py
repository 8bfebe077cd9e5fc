"""Catalogues: current with the code, complete, and with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.checks import Finding
from bot.voice import LOCALES, SOURCE

CODE = Path(__file__).resolve().parents[1]
DOMAINS = ("sankofa", "console")
BUGS = "the project's issues"  # where translators say what is wrong
# Sentences of these files that only the console shows.
SPOKEN_TO_STAFF = ("handoff.py", "passwords.py", "staff.py", "canned.py",
                   "referrals.py")  # fmt: skip
_PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")


def check() -> Iterator[Finding]:
    """Findings of all catalogues of both domains."""
    for domain in DOMAINS:
        wanted = extracted(domain)
        if _ids(wanted) != _ids(_read(LOCALES / f"{domain}.pot")):
            yield Finding(f"locales/{domain}.pot", "not current: run `make locales`", grave=True)
        for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{domain}.po")):
            yield from _catalogue(path, wanted)


def _catalogue(path: Path, wanted: Catalog) -> Iterator[Finding]:
    catalogue = _read(path)
    where = f"locales/{path.parents[1].name}/{path.stem}"
    for message in wanted:
        if not message.id:
            continue
        found = catalogue.get(message.id)
        texts = _texts(found.string) if found else []
        if not texts or not all(texts) or (found and found.fuzzy):
            yield Finding(where, f"not translated: {_texts(message.id)[0][:50]!r}", grave=True)
        elif not _fits(texts, _texts(message.id)):
            yield Finding(where, f"other placeholders: {texts[0][:50]!r}", grave=True)


def _fits(texts: list[str], originals: list[str]) -> bool:
    """The same placeholders; a singular may say "one" instead of the number."""
    wanted = _placeholders(originals[-1])
    return _placeholders(texts[-1]) == wanted and all(
        set(_placeholders(text)) <= set(wanted) for text in texts[:-1]
    )


def extracted(domain: str = "sankofa") -> Catalog:
    """What code and templates say, as Babel finds it: `console` for staff, `sankofa` the rest."""
    catalogue = Catalog(project="Sankofa", version=version("sankofa"), msgid_bugs_address=BUGS,
                        copyright_holder="the Sankofa authors", fuzzy=False)  # fmt: skip
    found = extract_from_dir(
        CODE, method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        keywords={"_": None, "gettext": None, "ngettext": (1, 2), "Refused": None,
                  "WeakPassword": None, "Unfit": None},
        options_map={"**.html": {"trimmed": "true", "silent": "false"}}, strip_comment_tags=True,
    )  # fmt: skip
    for file, _, message, _, _ in found:
        if _domain(file) == domain:
            catalogue.add(message)
    return catalogue


def _domain(file: str) -> str:
    return "console" if file.startswith("web/") or file in SPOKEN_TO_STAFF else "sankofa"


def translated(language: str) -> tuple[int, int]:
    """How many of the service's sentences a language has, and how many there are."""
    wanted = _ids(extracted())
    path = LOCALES / language / "LC_MESSAGES" / "sankofa.po"
    if language == SOURCE:
        return len(wanted), len(wanted)
    if not path.is_file():
        return 0, len(wanted)
    found = {str(m.id) for m in _read(path) if m.id and all(_texts(m.string))}
    return len(wanted & found), len(wanted)


def update() -> None:
    """Writes the templates and brings each catalogue up to date; translations stay."""
    for domain in DOMAINS:
        wanted = extracted(domain)
        _write(LOCALES / f"{domain}.pot", wanted)
        for path in LOCALES.glob(f"*/LC_MESSAGES/{domain}.po"):
            catalogue = _read(path)
            catalogue.update(wanted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            _write(path, catalogue)


def _texts(text: object) -> list[str]:
    """A message's forms: one, or singular and plural."""
    return [str(t) for t in text] if isinstance(text, (tuple, list)) else [str(text or "")]


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
