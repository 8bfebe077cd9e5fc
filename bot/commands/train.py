"""sankofa train: the model file from nlu/data, with its model card beside it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.learned import fetch
from bot.library import CONTENT
from bot.library.taxonomy import read_taxonomy
from bot.settings import SettingsError
from nlu import card, data, evaluate, offers, store, versions
from nlu.case import EVALUATION, SHORT, read_cases
from nlu.engine import Engine

if TYPE_CHECKING:
    from nlu.build import Step

WIDTH = 30  # of the progress bar
REFUSED = 1  # exit status: the candidate waits for somebody's word


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa train", description=__doc__)
    parser.add_argument("--output", type=Path, default=store.PATH)
    parser.add_argument("--data", type=Path, default=data.FOLDER, help="default: nlu/data")
    parser.add_argument("--evaluation", type=Path, default=EVALUATION,
                        help="default: nlu/evaluation")  # fmt: skip
    parser.add_argument("--tuning", type=Path, help="default: nlu/tuning")
    parser.add_argument(
        "--from-use",
        action="store_true",
        help="also learn what editors labelled; a candidate that reads worse does not become the "
        "model, unless --accept",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--compare",
        action="store_true",
        help="train a candidate, compare it per intent, keep the present model",
    )
    which.add_argument(
        "--accept", action="store_true", help="take the candidate; with --from-use, in any case"
    )
    which.add_argument("--roll-back", action="store_true", help="take the previous model again")
    args = parser.parse_args(argv)
    if args.from_use and args.roll_back:
        parser.error("--roll-back trains nothing")
    try:
        if args.roll_back:
            versions.roll_back(args.output)
            print("the previous model is back; the other one is kept in its place")
        elif args.accept and not args.from_use:
            versions.accept(args.output)
            print("the candidate is the model now; --roll-back takes it back")
        else:
            return _train(args)
    except versions.NoVersion as error:
        raise SettingsError(str(error)) from error
    return 0


def _train(args: argparse.Namespace) -> int:
    """Trains a candidate and reports on it. It takes the model's place unless it is only to be
    compared, or learnt from use and reads worse."""
    try:
        from nlu.build import TUNING, build
    except ImportError as error:
        raise SettingsError(f"install sankofa[train] first: {error}") from error
    path: Path = args.output
    candidate, learned = versions.candidate(path), fetch() if args.from_use else None
    before = _present(path, needed=args.compare) if args.compare or learned else None
    urgency = read_taxonomy(CONTENT / "taxonomy.yml").urgency
    started = time.monotonic()

    def say(step: Step) -> None:
        _draw(step.share, step.text, time.monotonic() - started)

    facts = build(urgency, path=candidate, folder=args.data, learned=learned,
                  tuning=args.tuning or TUNING, say=say)  # fmt: skip
    cases = read_cases(args.evaluation)
    short = read_cases(args.evaluation / SHORT)
    reports = evaluate.on_all_cores(candidate, cases, short)
    versions.card(candidate).write_text(card.write(facts, reports), encoding="utf-8")
    against: list[str] = []
    if before is not None:
        changes = versions.compare(before.read_all, Engine.load(candidate).read_all, cases)
        print("\n".join(change.line() for change in changes) or "no intent changes")
        against = versions.objections(changes, urgency)
        for objection in against:
            print(f"against it: {objection}")
    if args.compare:
        return 0
    if against and learned and not args.accept:
        print("the candidate does not take the model's place; `sankofa train --accept` takes it")
        return REFUSED
    versions.accept(path)
    if args.data == data.FOLDER:  # the model of posts learns from phrases of its own
        offers.build(path.with_name(offers.PATH.name))
    print(f"{path} and {versions.card(path).name}")
    return 0


def _present(path: Path, *, needed: bool) -> Engine | None:
    """The model that is served; None where there is none yet, NoVersion when it is `needed`."""
    try:
        return Engine.load(path)
    except store.NotTrained as error:
        if needed:
            raise versions.NoVersion(f"nothing to compare with: {error}") from error
        return None


def _draw(share: float, text: str, seconds: float) -> None:
    filled = round(WIDTH * share)
    bar = "#" * filled + "." * (WIDTH - filled)
    line = f"[{bar}] {share:4.0%} {seconds:5.1f} s  {text:<44}"
    again = sys.stderr.isatty() and share < 1
    print(f"\r{line}", end="" if again else "\n", file=sys.stderr, flush=True)
