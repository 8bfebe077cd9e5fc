"""A process of its own that trains the embedded engine or reads with it: what does that cost?"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

BATCH = 64  # messages, as many as the worker reads at once


def rss(process: int | str = "self") -> float:
    """Megabytes of memory that a process holds now."""
    status = Path(f"/proc/{process}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def train(folder: str, model: str) -> None:
    from bot.library import CONTENT
    from bot.library.taxonomy import read_taxonomy
    from nlu.build import build

    build(read_taxonomy(CONTENT / "taxonomy.yml").urgency, path=Path(model), folder=Path(folder))


def read(model: str) -> None:
    """Two lists of texts on stdin, as JSON: some to grow warm with, as a service has read others
    before; then those that count. Readings and costs on stdout."""
    from nlu.engine import Engine

    engine = Engine.load(Path(model))
    before, texts = json.load(sys.stdin)
    engine.read_all(before)
    started = time.process_time()
    readings = [reading for n in range(0, len(texts), BATCH)
                for reading in engine.read_all(texts[n : n + BATCH])]  # fmt: skip
    cpu = time.process_time() - started
    found = [(r.intent.name, r.understood, r.urgency.name) for r in readings]
    json.dump({"cpu": cpu, "rss": rss(), "readings": found}, sys.stdout)


if __name__ == "__main__":
    {"train": train, "read": read}[sys.argv[1]](*sys.argv[2:])
