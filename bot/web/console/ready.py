"""What lies ready for a case: prepared replies, articles, offices, and the words of a closing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import referrals
from bot.conversation import Line
from bot.dialogue import counsellor
from bot.dialogue.core import Act, Heard, Said, Talk, World
from bot.dialogue.person import Person
from bot.events import Kind
from bot.library import Library, Office

AGREED, NEXT = "{agreed}", "{next}"  # where the page puts what is typed


@dataclass(frozen=True)
class Text:
    """A text to put into an answer, under a name in the counsellor's language. `group`: of the
    taxonomy, empty for a prepared reply; `language`: of the text."""

    group: str
    name: str
    text: str
    language: str


def replies(rows: Iterable[sa.Row[Any]], language: str) -> list[Text]:
    """The prepared replies, those in the person's language first; others in English, or in what
    there is."""
    found = []
    for row in rows:
        code = next((code for code in (language, "en", *row.texts) if code in row.texts), None)
        if code is not None:
            found.append(Text("", row.name, row.texts[code], code))
    return sorted(found, key=lambda text: text.language != language)


def articles(library: Library, language: str, locale: str) -> list[Text]:
    """The answers of all articles in the person's language (or the pack's), in the menu's order."""
    found = []
    for group, topics in library.taxonomy.groups.items():
        for topic in topics:
            article, known = library.article(topic, language), library.article(topic, locale)
            if article and known:
                found.append(Text(group, known.title, article.answer, article.language))
    return found


@dataclass(frozen=True)
class Choice:
    """An office to refer to. `words`: what it is found by besides its name."""

    id: str
    name: str
    words: str


def need(library: Library, lines: Iterable[Line]) -> str:
    """The topic that the person asked about last; empty when none was understood."""
    intents = [line.reading.intent for line in lines if line.reading and line.reading.understood]
    topics = [intent.removeprefix("ask_") for intent in intents if intent.startswith("ask_")]
    return topics[-1] if topics and topics[-1] in library.taxonomy.topics else ""


def offices(library: Library, person: Person, topic: str, locale: str) -> list[Choice]:
    """All of them: first those for the topic, and of these the nearest to the person's region."""
    centre = library.regions.capitals.get(person.region or "")

    def far(office: Office) -> float:
        if centre is None or office.latitude is None or office.longitude is None:
            return math.inf
        return centre.km_to(office.latitude, office.longitude)

    def words(office: Office) -> str:
        articles = [library.article(topic, locale) for topic in office.topics]
        region = library.regions.name(office.region, locale) if office.region else ""
        return " ".join([region, *(article.title for article in articles if article)])

    fitting = sorted(library.offices, key=lambda office: (
        topic not in office.topics, far(office), referrals.shown_name(office, locale)
    ))  # fmt: skip
    return [Choice(o.id, referrals.shown_name(o, locale), words(o)) for o in fitting]


def closing(library: Library, person: Person, name: str, now: datetime) -> str:
    """What the person will read when `name` closes the case, with AGREED and NEXT in their places
    on lines of their own; empty when they stopped us."""
    spoken = Said(act=Act.CLOSED, name=name, agreed=AGREED, next=NEXT, case=1)
    talk = Talk(person, Heard(kind=Kind.STAFF, said=spoken), World(library, now))
    return "\n".join(say.text for say in counsellor.said(talk).says)
