"""sankofa chat: the same conversation in the terminal, as on a plain phone."""

from __future__ import annotations

import argparse

from bot import library, settings
from bot.commands.understand import engine
from bot.db import now
from bot.rehearsal import Rehearsal


def main(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sankofa chat", description=__doc__).parse_args(argv)
    talk = Rehearsal(library.read(settings.read().country), engine())
    print("Write as on a phone; Ctrl-D ends.\n")
    while True:
        try:
            text = input("> ")
        except EOFError:
            print()
            return 0
        for part in talk.write(text, now()):
            print("\n".join(f"  {line}" for line in part.text.splitlines()) + "\n")
