"""How long the served model reads: one message alone, and 64 together.

`python -m tests.bench.reading` reads the evaluation set. A machine that does other things, too,
makes single runs slower than the work is; the best of nine of each message leaves that out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.case import read_cases
from nlu.engine import Engine
from tests.bench.reader import BATCH

ROUNDS = 9
Times = NDArray[np.float64]


def alone(engine: Engine, texts: Sequence[str], rounds: int) -> Times:
    """Milliseconds of each text (rounds x texts), one after the other, so that none finds what it
    needs at hand because it has just been read."""
    found = np.empty((rounds, len(texts)))
    for row in found:
        for n, text in enumerate(texts):
            started = time.perf_counter()
            engine.read(text)
            row[n] = 1000 * (time.perf_counter() - started)
    return found


def together(engine: Engine, texts: Sequence[str], rounds: int) -> float:
    """Milliseconds of one text among `BATCH`, in the best round."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        for n in range(0, len(texts), BATCH):
            engine.read_all(texts[n : n + BATCH])
        found.append(1000 * (time.perf_counter() - started) / len(texts))
    return min(found)


def line(name: str, times: Times) -> str:
    return (f"{name:<26}median {np.median(times):.2f} ms  "
            f"99 of 100 within {np.quantile(times, 0.99):.2f} ms")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args()
    engine = Engine.load()
    texts = [case.text for case in read_cases()]
    engine.read_all(texts)  # a service has read before
    times = alone(engine, texts, args.rounds)
    print(f"{len(texts)} messages, {args.rounds} rounds")
    print(line("one alone", times))
    print(line("one alone, at its best", times.min(axis=0)))
    best = together(engine, texts, args.rounds)
    print(f"{f'one of {BATCH} together':<26}mean {best:.2f} ms, "
          f"{times.min(axis=0).mean() / best:.1f}x less than alone")  # fmt: skip


if __name__ == "__main__":
    main()
