"""python -m nlu.bench injongo TRAIN TEST; python -m nlu.bench outside FILE"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlu.bench import injongo, outside
from nlu.engine import Engine


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nlu.bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ours = commands.add_parser("injongo", description=injongo.__doc__)
    ours.add_argument("train", type=Path, help="tab-separated: lang, intent, text")
    ours.add_argument("test", type=Path)
    theirs = commands.add_parser("outside", description=outside.__doc__)
    theirs.add_argument("file", type=Path, help="tab-separated: lang, intent, text")
    args = parser.parse_args(argv)
    if args.command == "injongo":
        result = injongo.run(args.train, args.test, say=lambda line: print(line, file=sys.stderr))
        print("\n".join(result.lines()))
    else:
        found = outside.run(Engine.load(), injongo.read(args.file))
        print("\n".join(each.line() for each in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
