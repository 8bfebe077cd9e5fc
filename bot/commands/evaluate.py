"""sankofa evaluate: how well messages by other writers are understood, however they are typed."""

from __future__ import annotations

import argparse
import time

from bot.commands.understand import engine
from nlu.case import EVALUATION, SHORT, read_cases
from nlu.evaluate import Report, conditions

NARROW = 15  # the least width of a column


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sankofa evaluate", description=__doc__)
    parser.add_argument("--mistakes", action="store_true", help="list what went wrong as written")
    args = parser.parse_args(argv)
    mind, found = engine(), read_cases()
    reports = conditions(mind.read_all, found, read_cases(EVALUATION / SHORT))
    for language in dict.fromkeys(report.language for report in reports):
        _print([report for report in reports if report.language == language], args.mistakes)
    times = []
    for case in found:
        started = time.perf_counter()
        mind.read(case.text)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    print(f"one message: median {times[len(times) // 2]:.2f} ms, "
          f"99 of 100 within {times[int(0.99 * len(times))]:.2f} ms, of {len(times)}")  # fmt: skip
    return 0


def _print(reports: list[Report], mistakes: bool) -> None:
    """One language: a row a figure, a column a condition."""
    widths = [max(NARROW, len(report.condition) + 2) for report in reports]
    heads = (f"{report.condition:>{width}}" for report, width in zip(reports, widths, strict=True))
    print(f"{reports[0].language + ':':<36}" + "".join(heads))
    for name, (_, size) in reports[0].figures.items():
        shares = "".join(f"{_cell(*report.figures[name]):>{width}}"
                         for report, width in zip(reports, widths, strict=True))  # fmt: skip
        print(f"  {name:<34}{shares}  of {size}")
    if mistakes:
        for wanted, got, text in reports[0].mistakes:
            print(f"    {wanted} -> {got}: {text}")


def _cell(share: float, size: int) -> str:
    return f"{share:.1%}" if size else "-"
