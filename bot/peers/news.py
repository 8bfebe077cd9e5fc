"""News: what happened in a group reaches its member through the inbox, like everything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import inbox
from bot.dialogue.peers.news import as_body
from bot.dialogue.peers.world import Event, News
from bot.events import Kind

PURPOSE = "peers"  # of a timer that brings news again


def tell(conn: sa.Connection, person_id: int, key: str, news: News, now: datetime) -> None:
    """Puts the news into the person's inbox; the same key a second time changes nothing."""
    inbox.tell(conn, person_id, key, dict(as_body(news)), now, kind=Kind.PEERS)


def load(body: dict[str, Any]) -> News | None:
    """News back from an event's body; None for an event of another kind."""
    if "event" not in body:
        return None
    values = {k: v for k, v in body.items() if k in News.__dataclass_fields__}
    values["event"] = Event(values["event"])
    if values.get("until"):
        values["until"] = datetime.fromisoformat(values["until"])
    return News(**values)
