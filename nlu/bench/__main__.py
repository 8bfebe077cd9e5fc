"""python -m nlu.bench injongo TRAIN TEST"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlu.bench import injongo


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nlu.bench", description=injongo.__doc__)
    parser.add_argument("data", choices=["injongo"])
    parser.add_argument("train", type=Path, help="tab-separated: lang, intent, text")
    parser.add_argument("test", type=Path)
    args = parser.parse_args(argv)
    result = injongo.run(args.train, args.test, say=lambda line: print(line, file=sys.stderr))
    print("\n".join(result.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
