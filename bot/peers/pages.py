"""Pages: the messages that carry a digest, each with the posts of which it says anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.dialogue.core import Say
from bot.dialogue.peers.relayed import PIECE, Relayed, digest, file
from bot.events import Lane, Part
from bot.rendering import Limits, gsm7, render
from bot.voice import voice

Row = sa.Row[tuple[Any, ...]]


def made(
    row: Row, newest: Sequence[Relayed], omitted: int, limits: Limits
) -> list[Part]:
    """The messages; `row` has the group's tag and language."""
    spoken = voice(row.language)
    piece = PIECE if limits.digests else limits.text
    lines = digest(spoken, row.tag, newest, omitted, piece=piece)
    text = "\n".join(line for _, line in lines)
    parts = _marked(render(Say(text=text, lane=Lane.BULK), limits, spoken), lines, limits)
    if limits.files:  # after the words, the files that the words name
        for post in (one for one in newest if one.media_key):
            parts += [replace(part, posts=(post.id,))
                      for part in render(file(spoken, post), limits, spoken)]  # fmt: skip
    return parts


def _marked(
    parts: Sequence[Part], lines: Sequence[tuple[int, str]], limits: Limits
) -> list[Part]:
    """Each piece of a digest with the posts of which it says anything, so that it can be stopped
    when one of them is taken back."""
    spans, end = [], 0
    for id, line in lines:
        begin, end = end, end + len(gsm7.fold(line) if limits.gsm7 else line) + 1
        spans.append((id, begin, end))
    whole = "\n".join(line for _, line in lines)
    whole, at, marked = gsm7.fold(whole) if limits.gsm7 else whole, 0, []
    for part in parts:
        begin = whole.index(part.text, at)
        at = begin + len(part.text)
        said = tuple(id for id, a, b in spans if id and a < at and begin < b)
        marked.append(replace(part, posts=said))
    return marked


def cost(parts: Sequence[Part]) -> int:
    """SMS segments."""
    return sum(gsm7.segments(part.text) for part in parts)
