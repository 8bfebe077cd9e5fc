"""sankofa understand: one message a line on stdin, one JSON object a line on stdout."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys

from bot import library, settings
from bot.settings import Settings, SettingsError
from bot.understanding import Understanding, gazetteer, reader
from nlu.engine import Engine, NotTrained


def engine() -> Engine:
    """The trained engine with the country's places and the sectors; SettingsError if untrained."""
    country = settings.read().country
    try:
        return Engine.load(gazetteer=gazetteer(library.read(country)))
    except (NotTrained, FileNotFoundError) as error:
        raise SettingsError(str(error)) from error


def chosen(configured: Settings) -> Understanding:
    """The engine of the settings; SettingsError if untrained."""
    try:
        return reader(configured, library.read(configured.country))
    except (NotTrained, FileNotFoundError) as error:
        raise SettingsError(str(error)) from error


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa understand", description=__doc__)
    parser.add_argument("--engine", choices=["embedded", "rasa"], help="default: NLU_ENGINE")
    args = parser.parse_args(argv)
    configured = settings.read()
    if args.engine:
        configured = dataclasses.replace(configured, nlu_engine=args.engine)
    with asyncio.Runner() as loop:  # one for all lines: Rasa's connections belong to it
        engine = chosen(configured)
        for line in sys.stdin.buffer:
            text = line.decode("utf-8", errors="replace").rstrip("\r\n")
            [found] = loop.run(engine.read([text]))
            print(json.dumps(found.as_json(), ensure_ascii=False), flush=True)
        loop.run(engine.close())
    return 0
