"""The command line: `sankofa <command>`, the same as `python -m bot <command>`."""

from __future__ import annotations

import argparse
import importlib
import sys

from bot.settings import SettingsError

COMMANDS = {
    "demo": "everything on this machine without accounts, with three phones to type on",
    "serve": "web and worker in one process, with the real providers",
    "web": "only the webhooks (PostgreSQL)",
    "work": "only the worker and the senders (PostgreSQL)",
    "understand": "one message a line in, one JSON object a line out",
    "chat": "the conversation in the terminal",
    "train": "train the model from nlu/data",
    "evaluate": "accuracy, recall and abstention per language on the evaluation set",
    "check": "what is missing, stale, expired or too long in content and locales",
    "cases": "open cases, the most urgent first",
    "migrate": "bring the database's schema up to date",
    "staff": "add EMAIL --role ROLE: an account for the counsellors' console",
    "telegram": "set-webhook: tell Telegram where we are",
}



def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit status (2: a setting or an argument is wrong)."""
    parser = argparse.ArgumentParser(prog="sankofa", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, does in COMMANDS.items():
        commands.add_parser(name, help=does, add_help=False)
    known, rest = parser.parse_known_args(argv)
    module = importlib.import_module(f"bot.commands.{known.command}")
    try:
        return int(module.main(rest) or 0)
    except SettingsError as error:
        print(f"sankofa: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
