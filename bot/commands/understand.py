"""sankofa understand: one message a line on stdin, one JSON object a line on stdout."""

from __future__ import annotations

import argparse
import json
import sys

from bot import library, settings
from bot.settings import SettingsError
from bot.understanding import gazetteer
from nlu.engine import Engine, NotTrained


def engine() -> Engine:
    """The trained engine with the country's places and the sectors; SettingsError if untrained."""
    country = settings.read().country
    try:
        return Engine.load(gazetteer=gazetteer(library.read(country)))
    except (NotTrained, FileNotFoundError) as error:
        raise SettingsError(str(error)) from error


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa understand", description=__doc__)
    parser.add_argument("--engine", choices=["embedded"], default="embedded")
    parser.parse_args(argv)
    read = engine().read
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        found = read(text).as_json()
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0
