"""Where a person is in the conversation. Stored as JSON, so shapes live for ever.

Every state carries `offered`: the numbered choices of the last menu, so that "2", the label and
the button all mean the same. Add fields with defaults; tests/states keeps every released shape.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.events import Option

Offered = tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Open:
    """Free to ask anything. `topic` was answered last; `alarm` is the urgency class whose
    safety text was given last; `misses` counts messages in a row that were not understood."""

    offered: Offered = ()
    topic: str | None = None
    alarm: str | None = None
    misses: int = 0


@dataclass(frozen=True, kw_only=True)
class Locating:
    """We asked for a region or town, to list the offices that serve `topic`."""

    offered: Offered = ()
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class Deleting:
    """We asked whether everything stored about the person is really to be deleted."""

    offered: Offered = ()


@dataclass(frozen=True, kw_only=True)
class Joining:
    """On the way into a peer group: `band` is their age once told, `step` is "name" once the
    rules are accepted, `code` the invitation that brought them."""

    offered: Offered = ()
    group: int = 0
    band: str = ""
    step: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Talking:
    """In a group: everything typed goes there; `reply` is the post the next message answers."""

    offered: Offered = ()
    group: int = 0
    reply: int = 0


@dataclass(frozen=True, kw_only=True)
class Appealing:
    """We asked why a moderator's decision should change."""

    offered: Offered = ()
    decision: int = 0


@dataclass(frozen=True, kw_only=True)
class Recording:
    """On the way into the register of activities: we asked since when."""

    offered: Offered = ()
    sector: str = ""
    since: int = 0


State = Open | Locating | Deleting | Joining | Talking | Appealing | Recording
STATES: tuple[type[State], ...] = (
    Open, Locating, Deleting, Joining, Talking, Appealing, Recording
)
_BY_NAME = {state.__name__: state for state in STATES}


def dump(state: State) -> dict[str, Any]:
    """The state as JSON; fields at their default are left out."""
    body = asdict(state)
    body["offered"] = [[o.label, o.token] for o in state.offered]
    default = type(state)()
    kept = {k: v for k, v in body.items() if v != getattr(default, k) and v != []}
    return {"state": type(state).__name__, **kept}


def load(body: dict[str, Any]) -> State:
    """The state back. One we do not know any more becomes Open: nobody is stuck, nothing is lost
    but the menu on screen."""
    kind = _BY_NAME.get(body.get("state", ""), Open)
    known = {f.name for f in fields(kind)}
    values = {k: v for k, v in body.items() if k in known}
    values["offered"] = tuple(Option(label, token) for label, token in body.get("offered", ()))
    return kind(**values)
