"""How lines do on writers that they were not drawn on: each file of tuning messages is left out in
turn, and read with the lines drawn on all others.

    python -m tests.bench.lines [--comfort N] [--recall SHARE] [--most SHARE] [--false SHARE]
                                 [--pull SHARE]

The options are constants of `nlu.thresholds`, to choose them by; the recall is that of languages
without one of their own.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu import store, thresholds
from nlu.build import TUNING
from nlu.card import misses
from nlu.case import LOOKALIKE, UNJUDGED, Case, read_file
from nlu.sureness import OUT
from nlu.thresholds import Heard
from nlu.triage import Scales

FIGURES = {  # of a report, and what stands above its column
    "ask_* answered": "answered", "of what is answered, right": "right",
    "out of scope refused": "refused", "urgent caught (any class)": "urgent",
    "look-alikes wrongly urgent": "look-alikes", "plain messages wrongly urgent": "plain",
}  # fmt: skip
OPTIONS = ("COMFORT", "RECALL", "MOST", "FALSE", "PULL")


@dataclass(frozen=True)
class Left:
    """A file that was left out, and how it was read."""

    name: str
    language: str
    figures: dict[str, float]

    def missed(self, figure: str) -> bool:
        """Whether the figure has an aim and misses it."""
        return misses(figure, self.language, self.figures[figure])


def left_out(read: dict[str, Heard]) -> Iterator[Left]:
    """Every file that has messages of all kinds."""
    codes = sorted({_language(name) for name in read})
    for name, mine in read.items():
        urgency = {case.urgency for case in mine.cases}
        if {UNJUDGED, LOOKALIKE} < urgency and any(case.intent == OUT for case in mine.cases):
            code = _language(name)
            others = joined([heard for other, heard in read.items() if other != name])
            sure, rings = thresholds.sure(others, codes), thresholds.rings(others, codes)
            yield Left(name, code, figures(mine, sure[code], rings[code]))


def _language(name: str) -> str:
    return name.split("-")[0]


def figures(heard: Heard, sure: float, rings: float) -> dict[str, float]:
    """Shares of messages, read with these lines."""
    cases = heard.cases
    intents = np.array([case.intent for case in cases])
    urgency = np.array([case.urgency for case in cases])
    asked, outside = np.char.startswith(intents, "ask_"), intents == OUT
    answered = (heard.sure >= sure) & (heard.asked != OUT)
    rang = heard.urgent >= rings
    judged = answered & (intents != UNJUDGED)
    shares = (answered[asked], heard.asked[judged] == intents[judged], ~answered[outside],
              rang[(urgency != UNJUDGED) & (urgency != LOOKALIKE)], rang[urgency == LOOKALIKE],
              rang[urgency == UNJUDGED])  # fmt: skip
    return {name: float(share.mean()) if share.size else 0.0
            for name, share in zip(FIGURES, shares, strict=True)}  # fmt: skip


def joined(heard: Sequence[Heard]) -> Heard:
    """One after another."""
    cases: list[Case] = [case for each in heard for case in each.cases]
    return Heard(cases, np.concatenate([each.asked for each in heard]),
                 np.concatenate([each.sure for each in heard]),
                 np.concatenate([each.urgent for each in heard]))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in OPTIONS:
        parser.add_argument(f"--{name.lower()}", type=float, default=getattr(thresholds, name))
    parser.add_argument("--model", type=Path, default=store.PATH)
    args = parser.parse_args()
    for name in OPTIONS:
        setattr(thresholds, name, getattr(args, name.lower()))
    stored = store.load(args.model)
    scales = Scales.of(stored.blend.heads, stored.facts["priorities"])
    read = {path.stem: Heard.of(stored.space, stored.blend, read_file(path), scales)
            for path in sorted(TUNING.glob("*.tsv"))}  # fmt: skip
    found = list(left_out(read))
    print(f"{'':<12}" + "".join(f"{heading:>13}" for heading in FIGURES.values()))
    for left in found:
        cells = (f"{left.figures[name]:>12.1%}{'*' if left.missed(name) else ' '}"
                 for name in FIGURES)  # fmt: skip
        print(f"{left.name:<12}" + "".join(cells))
    for code in dict.fromkeys(left.language for left in found):
        mine = [left for left in found if left.language == code]
        means = (float(np.mean([left.figures[name] for left in mine])) for name in FIGURES)
        print(f"{code + ' mean':<12}" + "".join(f"{mean:>12.1%} " for mean in means))
    reached = sum(not any(map(left.missed, FIGURES)) for left in found)
    print(f"all aims reached on {reached} of {len(found)} files (* is a miss)")


if __name__ == "__main__":
    main()
