"""Articles: all there, not stale, short enough, and no fact without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.checks import Finding
from bot.library import Article, Library
from bot.library.articles import SECTIONS, plain

COMPLETE = ("en", "fr")  # the languages that must have every article
LIMITS = {"title": 24, "question": 72, "answer": 430}
SECTION_LIMITS = {"steps": 1000, "where": 310, "cost": 260, "ask": 210}
_MARK = re.compile(r"\[(\d+)\]")
_SENTENCE = re.compile(r"(?<=[.!?\]])\s+(?=[A-ZÀ-Ý0-9\"'])")
_FIGURE = re.compile(r"\d{2,}")


def check(library: Library, today: date) -> Iterator[Finding]:
    """Findings of all articles."""
    for topic in library.taxonomy.topics:
        for language in COMPLETE:
            article = library.articles.get((topic, language))
            where = f"articles/{topic}/{language}.md"
            if article is None:
                yield Finding(where, "missing", grave=True)
            else:
                yield from _one(library, article, where, today)
        yield from _same_marks(library, topic)
    for topic, language in library.articles:
        if topic not in library.taxonomy.topics:
            yield Finding(f"articles/{topic}/{language}.md", "not a topic", grave=True)


def _one(library: Library, article: Article, where: str, today: date) -> Iterator[Finding]:
    if article.review_by <= today:
        yield Finding(where, f"stale since {article.review_by}")
    if article.status not in ("draft", "reviewed"):
        yield Finding(where, f"unknown status {article.status!r}", grave=True)
    for name, most in LIMITS.items():
        if (size := len(getattr(article, name))) > most:
            yield Finding(where, f"{name} has {size} characters, more than {most}", grave=True)
    for name in SECTIONS:
        size = len(article.sections.get(name, ""))
        if not size:
            yield Finding(where, f"section {name} is missing", grave=True)
        elif size > SECTION_LIMITS[name]:
            yield Finding(where, f"section {name} has {size} characters", grave=True)
    known = {source.id for source in article.sources}
    for mark in {int(m) for m in _MARK.findall(article.raw)} - known:
        yield Finding(where, f"mark [{mark}] has no source", grave=True)
    for sentence in unsourced(article.raw):
        yield Finding(where, f"a figure without a source: {sentence[:60]!r}", grave=True)
    for topic in article.related:
        if topic not in library.taxonomy.topics:
            yield Finding(where, f"related topic {topic!r} does not exist", grave=True)
    for source in article.sources:
        if source.date is None:
            yield Finding(where, f"source {source.id} has no date")


def unsourced(raw: str) -> list[str]:
    """Sentences with a figure of two or more digits and no mark up to the end of their line."""
    found = []
    for line in raw.splitlines():
        if line.startswith("#") or not _FIGURE.search(plain(line)):
            continue
        open_sentences: list[str] = []
        for sentence in _SENTENCE.split(line):
            open_sentences.append(sentence)
            if _MARK.search(sentence):
                open_sentences = []
        found += [s for s in open_sentences if _FIGURE.search(s)]
    return found


def _same_marks(library: Library, topic: str) -> Iterator[Finding]:
    """Both languages state the same facts: their source marks agree."""
    pair = [library.articles.get((topic, language)) for language in COMPLETE]
    if all(pair):
        first, second = (sorted(_MARK.findall(a.raw)) for a in pair if a)
        if first != second:
            yield Finding(f"articles/{topic}", "the languages do not cite the same sources")
