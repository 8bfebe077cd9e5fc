"""What the bot understood of each message, without the message: for staff and for learning."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from bot.db import BigId, metadata
from nlu.reading import Reading

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("event_id", BigId, sa.ForeignKey("inbox.id"), primary_key=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("intent", sa.String(48), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("understood", sa.Boolean, nullable=False),
    sa.Column("urgency", sa.String(32)),
    sa.Column("danger", sa.Float, nullable=False),  # confidence of the triage
)


def put(conn: sa.Connection, new: Mapping[int, Reading]) -> None:
    """Writes the readings of these events, in one statement."""
    if new:
        conn.execute(readings.insert(), [
            {"event_id": id, "language": r.language.name, "intent": r.intent.name,
             "confidence": round(r.intent.confidence, 4), "understood": r.understood,
             "urgency": r.urgency.name, "danger": round(r.urgency.confidence, 4)}
            for id, r in new.items()
        ])  # fmt: skip
