"""Conversations in people's words: `>` a person writes, `<` must be said, `!` must not be said;
`* office | topic | note`: staff ask whether the person may be referred."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.core import Referral, Standing
from bot.library import Library
from bot.referrals import shown_name
from bot.rehearsal import Rehearsal
from bot.understanding import Embedded
from tests.conftest import NOON

FOLDER = Path(__file__).parents[1] / "transcripts"


def proposal(talk: Rehearsal, library: Library, line: str) -> Referral:
    """The referral of a line, to an office of the pack by its id."""
    id, topic, note = (part.strip() for part in line.split("|"))
    office = next(office for office in library.offices if office.id == id)
    return Referral(
        id=1, office=shown_name(office, talk.person.language), standing=Standing.ASKED,
        language=talk.person.language, region=talk.person.region, topic=topic or None, note=note,
    )  # fmt: skip


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
        elif sign == "*":
            parts = talk.propose(proposal(talk, library, text), NOON)
            said = "\n".join(part.text for part in parts)
        elif sign == "<":
            assert text in said, f"{where}: {text!r} is not in\n{said}"
        elif sign == "!":
            assert text not in said, f"{where}: {text!r} is in\n{said}"
        else:
            assert not line.strip() or sign == "#", f"{where}: what is {line!r}?"
