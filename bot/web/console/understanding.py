"""Why a message is read as it is. What is typed here is neither stored nor logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.understanding.explainer import LONGEST
from bot.web.console.guard import Visit
from nlu.explain import Explanation, Reason

WIDTH = 100  # of the longest bar


@dataclass(frozen=True)
class Bar:
    """An n-gram and what it added: `width` of WIDTH, for or against."""

    gram: str
    added: float
    width: float


@dataclass(frozen=True)
class Bars:
    """A class with the n-grams that weighed most."""

    name: str
    score: float
    bars: tuple[Bar, ...]


async def ask(visit: Visit) -> Response:
    """The empty form."""
    return visit.page("understanding.html", text="", found=None, missing=False, longest=LONGEST)


async def show(visit: Visit) -> Response:
    """The form and the reading below it; htmx gets the reading alone. A POST, because addresses
    are logged on the way and bodies are not."""
    text = visit.form.get("text", "")[:LONGEST]
    found = await visit.desk.explainer.explain(text) if text.strip() else None
    template = "understanding_reading.html" if visit.part else "understanding.html"
    return visit.page(
        template, text=text, found=found, missing=found is None and bool(text.strip()),
        longest=LONGEST, **_shown(found) if found else {},
    )  # fmt: skip


def _shown(found: Explanation) -> dict[str, Any]:
    sure = {guess.name: guess.confidence for guess in found.reading.ranking}
    return {
        "sure": sure, "intents": drawn(found.intents), "alarm": drawn(found.urgency[:1])[0],
        "dangers": drawn(found.urgency[1:]), "named": [
            (entity, found.reading.text[entity.start : entity.end])
            for entity in found.reading.entities
        ],
    }  # fmt: skip


def drawn(reasons: tuple[Reason, ...]) -> list[Bars]:
    """The reasons with bars that can be compared with each other."""
    most = max((abs(f.contribution) for r in reasons for f in r.features), default=0.0) or 1.0
    return [
        Bars(reason.name, reason.score, tuple(
            Bar(f.gram, f.contribution, round(abs(f.contribution) / most * WIDTH, 1))
            for f in reason.features
        ))
        for reason in reasons
    ]  # fmt: skip
