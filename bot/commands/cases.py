"""sankofa cases: open cases, the most urgent first."""

from __future__ import annotations

import argparse

from bot import cases, settings
from bot.db import Database, now


def main(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sankofa cases", description=__doc__).parse_args(argv)
    database = Database(settings.read().database_url)
    found = database.call(cases.waiting)
    database.close()
    print(f"{'case':>6} {'prio':>4}  {'reason':<14} {'class':<20} {'lang':<5} {'channel':<9} clock")
    for case in found:
        left = int((case.due_at - now()).total_seconds() // 60)
        clock = f"{left} min left" if left >= 0 else f"{-left} min over"
        print(f"{case.id:>6} {case.priority:>4}  {case.reason:<14} {case.urgency or '-':<20} "
              f"{case.language:<5} {case.channel:<9} {clock}")  # fmt: skip
    return 0
