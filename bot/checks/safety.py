"""Safety texts: one per class and language, with real numbers, short enough for two SMS."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks import Finding
from bot.checks.articles import COMPLETE
from bot.library import Library
from bot.rendering import gsm7

SEGMENTS = 2


def check(library: Library) -> Iterator[Finding]:
    """Findings of the safety texts. Whether the model is needed is not asked here."""
    for name in library.taxonomy.urgency:
        for language in COMPLETE:
            where = f"safety/{name}/{language}.md"
            text = library.safety.get((name, language))
            if text is None:
                yield Finding(where, "missing", grave=True)
                continue
            unknown = [id for id in text.helplines if id not in library.helplines]
            if unknown:
                yield Finding(where, f"unknown helpline {unknown[0]!r}", grave=True)
                continue
            if not text.helplines:
                yield Finding(where, "names no number", grave=True)
            parts = gsm7.segments(gsm7.fold(text.filled(library.helplines)))
            if parts > SEGMENTS:
                yield Finding(where, f"{parts} SMS, more than {SEGMENTS}", grave=True)
            if text.status != "reviewed":
                yield Finding(where, "no clinician or lawyer has reviewed it yet")
