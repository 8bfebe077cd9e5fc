"""A person as the conversation knows them: no name, no number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.dialogue.states import Open, State


class Phase(StrEnum):
    """Where in the return somebody is, if they told us."""

    ABROAD = "abroad"
    ARRIVED = "arrived"
    SETTLED = "settled"


class Learning(StrEnum):
    """Whether we may learn from somebody's messages; only a yes is one."""

    NEVER_ASKED = ""
    ASKED = "asked"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Person:
    """`language_chosen`: by the person, so no message changes it. `met`: has had the welcome.
    `counsellor`: the name of ours who has the conversation; the bot is silent then.
    `tried`: when they wrote claim codes lately."""

    language: str = "en"
    language_chosen: bool = False
    region: str | None = None
    phase: str | None = None
    met: bool = False
    stopped: bool = False
    counsellor: str | None = None
    tried: tuple[datetime, ...] = ()
    learning: Learning = Learning.NEVER_ASKED
    state: State = field(default_factory=Open)
