"""The model card: what a model learnt from, how it does, and where it is weak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nlu.conditions import AS_WRITTEN
from nlu.evaluate import Report

AIMS = {  # the least (or, for a share of mistakes, the most) that counts as good
    "ask_* top-1": {"en": 0.9, "fr": 0.9, "pcm": 0.9, "": 0.8},
    "ask_* answered": {"": 0.8},
    "of what is answered, right": {"en": 0.97, "fr": 0.97, "pcm": 0.97, "": 0.93},
    "out of scope refused": {"": 0.95},
    "urgent caught (any class)": {"en": 0.98, "fr": 0.98, "": 0.95},
    "urgent in the right class": {"": 0.85},
    "look-alikes wrongly urgent": {"": 0.05},
    "language right, 3 words and more": {"": 0.97},
}
MOST = frozenset({"look-alikes wrongly urgent"})


def write(facts: Mapping[str, Any], reports: Sequence[Report]) -> str:
    """The card in Markdown, from a build's facts and the reports of an evaluation."""
    lines = [
        "# Model card: understanding of short messages", "",
        "Linear models on words, neighbouring words and character n-grams: language, intent, class "
        "of danger, alarm. For sorting what people ask a return service, and for ringing a "
        "counsellor; not for deciding anything about a person.", "",
        "## Learnt from", "",
        "All phrases are invented for this project; none is by a returnee. Akan, Ewe, Hausa and "
        "Pidgin were not reviewed by native speakers.", "",
        "| language | phrases | of these look-alikes of danger | writers |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {code} | {row['phrases']} | {row['look_alikes']} | {row['writers']} |"
              for code, row in facts["phrases"].items()]  # fmt: skip
    for condition in dict.fromkeys(report.condition for report in reports):
        lines += ["", f"## Messages by other writers, {condition}", "",
                  *_table([r for r in reports if r.condition == condition])]  # fmt: skip
    weak = weaknesses(reports) or ["- No figure of messages as written is below its aim."]
    lines += ["", "## Known weaknesses", "", *weak,
              "- Real messages will be harder than these: shorter, mixed, spelt otherwise.",
              "- English and Pidgin are often taken for each other in short messages.",
              "- One word never tells the language."]  # fmt: skip
    return "\n".join(lines) + "\n"


def misses(figure: str, language: str, share: float) -> bool:
    """Whether a figure has an aim and misses it."""
    if figure not in AIMS:
        return False
    aim = _aim(figure, language)
    return share > aim if figure in MOST else share < aim


def weaknesses(reports: Sequence[Report]) -> list[str]:
    """Figures as written that miss their aim, with their sample sizes."""
    return [
        f"- {report.language}: {name} {share:.1%} of {size}, "
        f"the aim is {_aim(name, report.language):.0%}"
        for report in reports if report.condition == AS_WRITTEN
        for name, (share, size) in report.figures.items()
        if size and misses(name, report.language, share)
    ]  # fmt: skip


def _aim(figure: str, language: str) -> float:
    return AIMS[figure].get(language, AIMS[figure][""])


def _table(reports: Sequence[Report]) -> list[str]:
    names = list(reports[0].figures)
    head = "| | " + " | ".join(report.language for report in reports) + " |"
    rows = ["| " + name + " | " + " | ".join(_cell(*r.figures[name]) for r in reports) + " |"
            for name in names]  # fmt: skip
    return [head, "|---" * (len(reports) + 1) + "|", *rows]


def _cell(share: float, size: int) -> str:
    return f"{share:.1%} ({size})" if size else "-"
