"""sankofa check: what is missing, stale, expired or too long in content, locales and phrases."""

from __future__ import annotations

import argparse

from bot import library, settings
from bot.checks import articles, locales, numbers, phrases, readiness, safety
from bot.db import now
from bot.settings import SettingsError


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa check", description=__doc__)
    parser.add_argument("--all", action="store_true", help="also list every warning")
    parser.add_argument("--update-locales", action="store_true", help="bring catalogues up to date")
    args = parser.parse_args(argv)
    if args.update_locales:
        locales.update()
    try:
        pack = library.read(settings.read().country)
    except (FileNotFoundError, ValueError) as error:
        raise SettingsError(str(error)) from error
    today = now().date()
    found = [
        *safety.check(pack), *numbers.check(pack, today), *articles.check(pack, today),
        *locales.check(), *readiness.check(pack), *phrases.check(pack.taxonomy),
    ]  # fmt: skip
    grave = [f for f in found if f.grave]
    for finding in found if args.all else grave:
        print(finding.line())
    for ready in readiness.table(pack):
        print(ready.line())
    print(f"{len(pack.articles)} articles, {len(pack.helplines)} helplines, "
          f"{len(pack.offices)} offices: {len(grave)} errors, {len(found) - len(grave)} warnings"
          + ("" if args.all else " (--all lists them)"))  # fmt: skip
    return 1 if grave else 0
