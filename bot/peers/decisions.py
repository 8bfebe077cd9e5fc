"""Decisions: what moderators, relays and rules decided, why, and until when. Written once, and kept
so by the database itself, like the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, metadata


class Act(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    DECLINED = "declined"
    HIDDEN = "hidden"
    SHOWN = "shown"  # a hidden post is back
    DISMISSED = "dismissed"  # the report was looked at, the post stays
    WARNED = "warned"
    SILENCED = "silenced"
    REMOVED = "removed"
    BANNED = "banned"
    LIFTED = "lifted"
    KEPT = "kept"  # an appeal was looked at, the decision stays
    PINNED = "pinned"
    APPOINTED = "appointed"
    ENDED = "ended"  # a relay's term
    HELPED = "helped"  # a relay opened a case
    INVITED = "invited"
    RESOLVED = "resolved"  # a pseudonym was looked up
    SETTINGS = "settings"
    BROADCAST = "broadcast"


decisions = sa.Table(
    "peer_decisions",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("group_id", BigId, nullable=False),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("member_id", BigId),  # whom it is about
    sa.Column("post_id", BigId),
    sa.Column("staff_id", BigId),  # who decided: of staff,
    sa.Column("relay_id", BigId),  # or a member who is a relay, else a rule
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("until", Moment),
)
sa.Index("ix_peer_decisions_group", decisions.c.group_id, decisions.c.id)
sa.Index("ix_peer_decisions_member", decisions.c.member_id, decisions.c.id)
sa.Index("ix_peer_decisions_relay", decisions.c.relay_id, decisions.c.id)

# Run once after the table is made.
TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER peer_decisions_keep_rows BEFORE UPDATE ON peer_decisions "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
        "CREATE TRIGGER peer_decisions_keep_all BEFORE DELETE ON peer_decisions "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
        "CREATE TRIGGER peer_decisions_keep_ids BEFORE INSERT ON peer_decisions "
        "WHEN EXISTS (SELECT 1 FROM peer_decisions WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER peer_decisions_keep_all BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON peer_decisions FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}


@dataclass(frozen=True)
class By:
    """Who decides: one of staff, a relay (a member), or neither: a rule."""

    staff_id: int | None = None
    relay_id: int | None = None


def note(
    conn: sa.Connection, act: Act, group_id: int, by: By, now: datetime, *, reason: str = "",
    member_id: int | None = None, post_id: int | None = None, until: datetime | None = None,
) -> int:  # fmt: skip
    """Writes a decision down and returns its id."""
    values = {
        "at": now, "group_id": group_id, "act": act.value, "member_id": member_id,
        "post_id": post_id, "staff_id": by.staff_id, "relay_id": by.relay_id,
        "reason": reason[:300], "until": until,
    }  # fmt: skip
    return int(
        conn.execute(decisions.insert().values(values).returning(decisions.c.id)).scalar_one()
    )


def one(conn: sa.Connection, id: int) -> sa.Row[tuple[Any, ...]] | None:
    return conn.execute(sa.select(decisions).where(decisions.c.id == id)).first()


def of_group(
    conn: sa.Connection, group_id: int, limit: int = 50, *, before: int | None = None
) -> Sequence[sa.Row[tuple[Any, ...]]]:
    """The last ones, the newest first; the next page is `before` the last one's id."""
    query = sa.select(decisions).where(decisions.c.group_id == group_id)
    if before is not None:
        query = query.where(decisions.c.id < before)
    return conn.execute(query.order_by(decisions.c.id.desc()).limit(limit)).all()


def by_relay(conn: sa.Connection, member_id: int, since: datetime) -> int:
    """How often a relay did something for the group: it is counted so that it can be thanked."""
    query = sa.select(sa.func.count()).where(
        decisions.c.relay_id == member_id, decisions.c.at >= since
    )
    return int(conn.execute(query).scalar_one())
