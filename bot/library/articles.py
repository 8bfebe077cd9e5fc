"""Knowledge articles: one Markdown file per topic and language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.library.files import as_date, read_markdown

SECTIONS = ("steps", "where", "cost", "ask")
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True)
class Source:
    """Where a fact comes from. `date` is as the source gives it, often only a year."""

    id: int
    title: str
    url: str | None
    date: str | None


@dataclass(frozen=True, kw_only=True)
class Article:
    """`answer` is the chat-sized text, `sections` the rest; source marks [n] are taken out."""

    topic: str
    language: str
    title: str
    question: str
    answer: str
    sections: dict[str, str]
    sources: tuple[Source, ...]
    related: tuple[str, ...]
    reviewed_on: date
    review_in: timedelta
    status: str
    raw: str  # with the marks, for the checks

    @property
    def review_by(self) -> date:
        """From this day on the article counts as stale."""
        return self.reviewed_on + self.review_in


def plain(text: str) -> str:
    """The text without its source marks."""
    return _MARK.sub("", text).strip()


def read_articles(folder: Path) -> dict[tuple[str, str], Article]:
    """Every `<topic>/<language>.md` below `folder`; raises ValueError naming a broken file."""
    found = {}
    for path in sorted(folder.glob("*/*.md")):
        front, body = read_markdown(path)
        try:
            found[path.parent.name, path.stem] = _article(path, front, body)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: {error!r}") from error
    return found


def _article(path: Path, front: dict[str, Any], body: str) -> Article:
    answer, *rest = re.split(r"^## +", body, flags=re.MULTILINE)
    sections = {}
    for block in rest:
        name, _, text = block.partition("\n")
        sections[name.strip()] = plain(text)
    reviewed = as_date(front["reviewed_on"])
    if reviewed is None:
        raise ValueError("reviewed_on is not a date")
    amount, unit = str(front["review_in"]).split()
    return Article(
        topic=path.parent.name,
        language=path.stem,
        title=str(front["title"]),
        question=str(front["question"]),
        answer=plain(answer),
        sections=sections,
        sources=tuple(
            Source(s["id"], s["title"], s.get("url"), _text(s.get("date")))
            for s in front["sources"]
        ),
        related=tuple(front.get("related") or ()),
        reviewed_on=reviewed,
        review_in=timedelta(days=int(amount) * (30 if unit.startswith("month") else 1)),
        status=str(front["status"]),
        raw=body,
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
