"""The embedded engine against Rasa 3.6 (DIET): the same phrases, the same machine, one run.

Both learn from one sample; the model that is served, from all phrases, stands beside them. Rasa is
asked for its own word, with a threshold fitted for it. `--danger` trains Rasa once more, with
the urgency classes and look-alikes as intents: could it find danger, if it were asked to?
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import yaml

from bot.library import CONTENT
from bot.library.taxonomy import read_taxonomy
from bot.understanding.answer import question
from nlu import baseline, data, sample, store
from nlu.build import TUNING
from nlu.case import LOOKALIKE, UNJUDGED, Case, read_cases
from nlu.engine import OUT
from tests.bench.reader import rss

TOKEN = "bench"
BEFORE = 400  # messages a language that each engine has read before those that count


class Said(NamedTuple):
    """What an engine made of a message."""

    intent: str
    understood: bool
    urgency: str | None


def question_asked(case: Case, _: Said) -> bool:
    return case.intent.startswith("ask_")


def judged(case: Case, _: Said) -> bool:
    return case.intent != UNJUDGED


def answered(case: Case, said: Said) -> bool:
    return case.intent != UNJUDGED and said.understood


def right(case: Case, said: Said) -> bool:
    return said.intent == case.intent


Judge = Callable[[Case, Said], bool]
ROWS: dict[str, tuple[Judge, Judge]] = {  # which messages count, and which of them are hits
    "questions, top 1 of 38": (question_asked, right),
    "every judged intent, top 1": (judged, right),
    "questions answered": (question_asked, lambda case, said: said.understood),
    "of what is answered, right": (answered, right),
    "out of scope refused": (lambda c, _: c.intent == OUT, lambda _, said: not said.understood),
    "urgent caught": (lambda c, _: c.urgency not in (UNJUDGED, LOOKALIKE),
                      lambda _, said: said.urgency is not None),
    "look-alikes wrongly urgent": (lambda c, _: c.urgency == LOOKALIKE,
                                   lambda _, said: said.urgency is not None),
}  # fmt: skip


@dataclass
class Engine:
    """What one engine said and what it cost; None is not measured."""

    name: str
    readings: list[Said] = field(default_factory=list)
    train_wall: float | None = None
    train_cpu: float | None = None
    megabytes: float = 0.0
    speed: float = 0.0  # messages a second on one core

    def shares(self, cases: Sequence[Case]) -> Iterator[tuple[str, float | None]]:
        """Every row of the table, by language."""
        for language in dict.fromkeys(case.language for case in cases):
            for name, (counts, hit) in ROWS.items():
                hits = [
                    hit(case, said) for case, said in zip(cases, self.readings, strict=True)
                    if case.language == language and counts(case, said)
                ]  # fmt: skip
                yield f"{language}: {name}", sum(hits) / len(hits) if hits else None


class Costs:
    """Seconds of the machine and of all cores that child processes took inside the block."""

    def __enter__(self) -> Costs:
        self._wall, self._cpu = time.monotonic(), self._children()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.monotonic() - self._wall
        self.cpu = self._children() - self._cpu

    @staticmethod
    def _children() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def embedded(name: str, model: Path, cases: Sequence[Case], folder: Path | None = None) -> Engine:
    """Trains from `folder` if there is one, and reads, each in a process of its own."""
    found = Engine(name)
    child = [sys.executable, "-m", "tests.bench.reader"]
    if folder:
        with Costs() as costs:
            subprocess.run([*child, "train", str(folder), str(model)], check=True)
        found.train_wall, found.train_cpu = costs.wall, costs.cpu
    texts = json.dumps([_before(), [case.text for case in cases]])
    done = subprocess.run([*child, "read", str(model)], input=texts, check=True, text=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout)
    found.readings = [Said(*each) for each in said["readings"]]
    found.megabytes, found.speed = said["rss"], len(cases) / said["cpu"]
    return found


def rasa(model: Path, cases: Sequence[Case], folder: Path | None, danger: set[str]) -> Engine:
    """Trains from `folder` if there is one, serves and asks. `danger`: what counts as urgent."""
    found = Engine("Rasa 3.6, DIET")
    if folder:
        domain = _domain(folder.parent, danger) if danger else baseline.DOMAIN
        with Costs() as costs:
            baseline.train(folder, model, domain)
        found.train_wall, found.train_cpu = costs.wall, costs.cpu
    port = baseline.free_port()
    url = f"http://127.0.0.1:{port}"
    with baseline.served(model, TOKEN, port) as process:
        sure = 0.0 if danger else baseline.fitted(url, TOKEN)
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            for text in _before():
                _ask(client, text)
            before = _cpu(process.pid)
            answers = [_ask(client, case.text) for case in cases]
            found.speed = len(cases) / (_cpu(process.pid) - before)
        found.megabytes = rss(process.pid)
    found.readings = [
        Said(name, confidence >= sure and name != OUT, name if name in danger else None)
        for name, confidence in answers
    ]
    return found


def _before() -> list[str]:
    """Messages by other writers, the same for every engine."""
    spoken: dict[str, list[str]] = {}
    for case in read_cases(TUNING):
        spoken.setdefault(case.language, []).append(case.text)
    return [text for texts in spoken.values() for text in texts[:BEFORE]]


def _ask(client: httpx.Client, text: str) -> tuple[str, float]:
    answer = client.post("/model/parse", params={"token": TOKEN}, json={"text": question(text)})
    intent = answer.raise_for_status().json()["intent"]
    return intent["name"], intent["confidence"]


def _cpu(process: int) -> float:
    """Seconds that the process has computed so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _domain(folder: Path, danger: set[str]) -> Path:
    content = yaml.safe_load(baseline.DOMAIN.read_text(encoding="utf-8"))
    content["intents"] += [*sorted(danger), data.NOT_URGENT]
    path = folder / "domain.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


COSTS: dict[str, tuple[Callable[[Engine], float | None], bool]] = {  # and whether more is better
    "training, seconds": (lambda engine: engine.train_wall, False),
    "training, CPU seconds": (lambda engine: engine.train_cpu, False),
    "memory when serving, MB": (lambda engine: engine.megabytes, False),
    "messages a second and core": (lambda engine: engine.speed, True),
}


def table(theirs: Engine, ours: Sequence[Engine], cases: Sequence[Case]) -> Iterator[str]:
    """The comparison, a line a row: Rasa, then each of ours with its ratio to Rasa."""
    yield f"{'':<32}{theirs.name:>16}" + "".join(f"{one.name:>22}{'':>9}" for one in ours)
    for name, (cost, more) in COSTS.items():
        line, base = f"{name:<32}{_number(cost(theirs)):>16}", cost(theirs)
        for one in ours:
            own = cost(one)
            ratio = "" if not own or not base else f"{own / base if more else base / own:.1f}x"
            line += f"{_number(own):>22}{ratio:>9}"
        yield line
    shares = [dict(engine.shares(cases)) for engine in (theirs, *ours)]
    for name, base in shares[0].items():
        line = f"{name:<32}{_percent(base):>16}"
        yield line + "".join(f"{_percent(one[name]):>22}{'':>9}" for one in shares[1:])


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-nlu", description=__doc__)
    parser.add_argument("--size", type=int, default=baseline.SIZE, help="phrases of the sample")
    parser.add_argument("--model", type=Path, help="a Rasa model of the same sample: not trained")
    parser.add_argument("--danger", action="store_true", help="Rasa with danger as intents, too")
    args = parser.parse_args()
    cases = read_cases()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        phrases = len(sample.write(folder, args.size))
        print(f"{phrases} of {len(data.read())} phrases; {len(cases)} messages by other writers",
              flush=True)  # fmt: skip
        try:
            ours = [embedded("embedded, sample", Path(name) / "sample.npz", cases, folder)]
            if store.PATH.exists():
                ours.append(embedded("embedded, as served", store.PATH, cases))
            model = args.model or Path(name) / "rasa.tar.gz"
            theirs = rasa(model, cases, None if args.model else folder, set())
            print("\n".join(table(theirs, ours, cases)), flush=True)
            print("Rasa learns intents only: danger is not its job. Ratios: how many times better.")
            if args.danger:
                classes = set(read_taxonomy(CONTENT / "taxonomy.yml").urgency)
                theirs = rasa(Path(name) / "danger.tar.gz", cases, folder, classes)
                theirs.name = "danger as intents"
                print("\n".join(table(theirs, [], cases)), flush=True)
        except baseline.NoRasa as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
