"""Conversations in people's words: `>` a person writes, `<` must be said, `!` must not be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library import Library
from bot.rehearsal import Rehearsal
from bot.understanding import Embedded
from tests.conftest import NOON

FOLDER = Path(__file__).parents[1] / "transcripts"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda p: p.stem)
def test_transcript(path: Path, library: Library, embedded: Embedded) -> None:
    channel, *lines = path.read_text(encoding="utf-8").splitlines()
    talk = Rehearsal(library, embedded.engine, channel.removeprefix("channel: "))
    said = ""
    for number, line in enumerate(lines, 2):
        sign, _, text = line.partition(" ")
        where = f"{path.name}:{number}"
        if sign == ">":
            said = "\n".join(part.text for part in talk.write(text, NOON))
            for part in talk.outcome.says:
                said += "\n" + "\n".join(option.label for option in part.options)
        elif sign == "<":
            assert text in said, f"{where}: {text!r} is not in\n{said}"
        elif sign == "!":
            assert text not in said, f"{where}: {text!r} is in\n{said}"
        else:
            assert not line.strip() or sign == "#", f"{where}: what is {line!r}?"
