"""sankofa train: the model file from nlu/data, with its model card beside it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.library import CONTENT
from bot.library.taxonomy import read_taxonomy
from bot.settings import SettingsError
from nlu import card, evaluate, offers, store, versions
from nlu.engine import Engine

if TYPE_CHECKING:
    from nlu.build import Step

WIDTH = 30  # of the progress bar


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa train", description=__doc__)
    parser.add_argument("--output", type=Path, default=store.PATH)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--compare",
        action="store_true",
        help="train a candidate, compare it per intent, keep the present model",
    )
    which.add_argument("--accept", action="store_true", help="take the candidate")
    which.add_argument("--roll-back", action="store_true", help="take the previous model again")
    args = parser.parse_args(argv)
    try:
        if args.roll_back:
            versions.roll_back(args.output)
            print("the previous model is back; the other one is kept in its place")
        elif args.accept:
            versions.accept(args.output)
            print("the candidate is the model now; --roll-back takes it back")
        else:
            _train(args.output, keep=args.compare)
    except versions.NoVersion as error:
        raise SettingsError(str(error)) from error
    return 0


def _train(path: Path, *, keep: bool) -> None:
    """Trains a candidate, reports on it and, unless `keep`, puts it in the model's place."""
    try:
        from nlu.build import build
    except ImportError as error:
        raise SettingsError(f"install sankofa[train] first: {error}") from error
    candidate = versions.candidate(path)
    started = time.monotonic()

    def say(step: Step) -> None:
        _draw(step.share, step.text, time.monotonic() - started)

    facts = build(read_taxonomy(CONTENT / "taxonomy.yml").urgency, path=candidate, say=say)
    engine = Engine.load(candidate)
    cases = evaluate.cases()
    reports = evaluate.conditions(engine.read, cases)
    versions.card(candidate).write_text(card.write(facts, reports), encoding="utf-8")
    if keep:
        try:
            before = Engine.load(path)
        except store.NotTrained as error:
            raise versions.NoVersion(f"nothing to compare with: {error}") from error
        changes = versions.compare(before.read, engine.read, cases)
        print("\n".join(change.line() for change in changes) or "no intent changes")
    else:
        versions.accept(path)
        offers.build(path.with_name(offers.PATH.name))
        print(f"{path}, {offers.PATH.name} and {versions.card(path).name}")


def _draw(share: float, text: str, seconds: float) -> None:
    filled = round(WIDTH * share)
    bar = "#" * filled + "." * (WIDTH - filled)
    line = f"[{bar}] {share:4.0%} {seconds:5.1f} s  {text:<44}"
    again = sys.stderr.isatty() and share < 1
    print(f"\r{line}", end="" if again else "\n", file=sys.stderr, flush=True)
