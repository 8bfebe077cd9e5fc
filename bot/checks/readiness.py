"""How far each language is: sentences, safety texts, articles, phrases, and who has read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.checks import Finding
from bot.checks.articles import COMPLETE
from bot.checks.locales import translated
from bot.library import Library
from bot.voice import SOURCE, autonym, spoken, voice
from nlu import data
from nlu.case import read_cases

# What must be there before a language is offered: the most asked topics.
FIRST = ("reintegration_assistance", "arrival_reception", "national_id", "health_insurance",
         "medical_care", "job_search", "skills_training", "business_start", "business_grant",
         "children_school", "return_from_abroad", "case_status")  # fmt: skip
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Ready:
    """One language's counts: what is there, of how many."""

    language: str
    sentences: tuple[int, int]
    safety: tuple[int, int]
    articles: tuple[int, int]
    reviewed: int  # safety texts and articles
    phrases: int
    judged: int  # evaluation messages

    def line(self) -> str:
        """For a terminal."""
        parts = [
            f"{self.language:<4}{autonym(self.language):<10}",
            f"sentences {self.sentences[0]}/{self.sentences[1]}",
            f"safety {self.safety[0]}/{self.safety[1]}",
            f"articles {self.articles[0]}/{self.articles[1]}",
            f"reviewed {self.reviewed}",
            f"phrases {self.phrases}",
            f"judged on {self.judged}",
            "shown beside English" if voice(self.language).draft else "shown alone",
        ]
        return "  ".join(parts)


def table(library: Library) -> list[Ready]:
    """Every language of the taxonomy."""
    phrases = Counter(phrase.language for phrase in data.read())
    judged = Counter(case.language for case in read_cases())
    statuses = [(of, text.status) for (_, of), text in library.safety.items()]
    statuses += [(of, article.status) for (_, of), article in library.articles.items()]
    return [
        Ready(
            language=language,
            sentences=translated(language),
            safety=_count(library.safety.keys(), library.taxonomy.urgency, language),
            articles=_count(library.articles.keys(), library.taxonomy.topics, language),
            reviewed=sum(status == "reviewed" for of, status in statuses if of == language),
            phrases=phrases[language],
            judged=judged[language],
        )
        for language in library.taxonomy.languages
    ]  # fmt: skip


def _count(
    found: Collection[tuple[str, str]], names: Collection[str], language: str
) -> tuple[int, int]:
    return sum((name, language) in found for name in names), len(names)


def check(library: Library) -> Iterator[Finding]:
    """A language that is offered has its safety texts and first articles, and translations keep
    the numbers and the sources."""
    for language in library.taxonomy.languages:
        if language not in spoken():
            yield Finding(f"locales/{language}", "not offered yet: no catalogue")
        elif language not in COMPLETE:
            yield from _offered(library, language)


def _offered(library: Library, language: str) -> Iterator[Finding]:
    for name in library.taxonomy.urgency:
        where = f"safety/{name}/{language}.md"
        own, source = library.safety.get((name, language)), library.safety[name, SOURCE]
        if own is None:
            yield Finding(where, "missing in a language that is offered", grave=True)
        elif sorted(own.helplines) != sorted(source.helplines):
            yield Finding(where, "other numbers than the English text", grave=True)
    for topic in FIRST:
        if (topic, language) not in library.articles:
            yield Finding(f"articles/{topic}/{language}.md", "missing", grave=True)
    for (topic, of), article in library.articles.items():
        if of != language:
            continue
        english = library.articles[topic, SOURCE]
        if sorted(_MARK.findall(article.raw)) != sorted(_MARK.findall(english.raw)):
            where = f"articles/{topic}/{language}.md"
            yield Finding(where, "other sources than the English text", grave=True)
