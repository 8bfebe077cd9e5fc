"""sankofa train: the model file from nlu/data."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from bot.library import CONTENT
from bot.library.taxonomy import read_taxonomy
from bot.settings import SettingsError
from nlu import store


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa train", description=__doc__)
    parser.add_argument("--output", type=Path, default=store.PATH)
    args = parser.parse_args(argv)
    try:
        from nlu.build import build
    except ImportError as error:
        raise SettingsError(f"install sankofa[train] first: {error}") from error
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {line}", file=sys.stderr)

    facts = build(read_taxonomy(CONTENT / "taxonomy.yml").urgency, path=args.output, say=say)
    shown = {k: facts[k] for k in ("phrases", "understood_from", "urgent_from", "unseen_writers")}
    print(json.dumps(shown, indent=1))
    return 0
