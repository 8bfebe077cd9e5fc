"""sankofa evaluate: how well messages by other writers are understood."""

from __future__ import annotations

import argparse
import time

from bot.commands.understand import engine
from nlu.evaluate import cases, evaluate


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa evaluate", description=__doc__)
    parser.add_argument("--mistakes", action="store_true", help="list what went wrong")
    args = parser.parse_args(argv)
    read, found = engine().read, cases()
    for report in evaluate(read, found):
        print("\n".join(report.lines()))
        if args.mistakes:
            for wanted, got, text in report.mistakes:
                print(f"    {wanted} -> {got}: {text}")
    times = []
    for case in found:
        started = time.perf_counter()
        read(case.text)
        times.append(time.perf_counter() - started)
    times.sort()
    print(f"one message: median {1000 * times[len(times) // 2]:.2f} ms")
    return 0
