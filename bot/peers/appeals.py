"""Appeals: a member asks for another look at a decision; somebody else looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Moment, insert_new, metadata
from bot.dialogue.peers.world import Event, News
from bot.peers import decisions, groups, members, moderation, news, posts
from bot.peers.decisions import Act, By

appeals = sa.Table(
    "peer_appeals",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("decision_id", BigId, sa.ForeignKey("peer_decisions.id"), nullable=False),
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    sa.UniqueConstraint("decision_id"),
)
_open = sa.text("done_at IS NULL")
sa.Index("ix_peer_appeals_open", appeals.c.id, sqlite_where=_open, postgresql_where=_open)

Row = sa.Row[tuple[Any, ...]]


def put(
    conn: sa.Connection, decision_id: int, person_id: int, text: str, now: datetime
) -> bool:
    """Notes the appeal; False when the decision is not about this person, or was appealed."""
    decided = decisions.one(conn, decision_id)
    member = members.one(conn, decided.member_id) if decided and decided.member_id else None
    if member is None or member.person_id != person_id:
        return False
    row: dict[str, object] = {
        "decision_id": decision_id, "member_id": member.id, "text": text, "at": now
    }  # fmt: skip
    return insert_new(conn, appeals, [row], "decision_id") == 1


def waiting(conn: sa.Connection, limit: int = 50) -> Sequence[Row]:
    """Open appeals with the decision they are about, the oldest first."""
    d = decisions.decisions
    query = (
        sa.select(appeals, d.c.act, d.c.reason, d.c.until, d.c.group_id, d.c.post_id,
                  d.c.staff_id, d.c.relay_id)
        .join(d, d.c.id == appeals.c.decision_id)
        .where(appeals.c.done_at.is_(None)).order_by(appeals.c.id).limit(limit)
    )  # fmt: skip
    return conn.execute(query).all()


def one(conn: sa.Connection, id: int) -> Row | None:
    return conn.execute(sa.select(appeals).where(appeals.c.id == id)).first()


def settle(
    conn: sa.Connection, id: int, by: By, now: datetime, *, lift: bool, words: str = ""
) -> bool:
    """Lifts what was decided, or keeps it and says so. False: it was settled before, or by
    whoever made the decision."""
    appeal = one(conn, id)
    decided = decisions.one(conn, appeal.decision_id) if appeal else None
    if appeal is None or decided is None or appeal.done_at is not None:
        return False
    groups.lock_all(conn, [decided.group_id])  # before the post, as everybody does
    if by.staff_id is not None and by.staff_id == decided.staff_id:
        return False
    done = conn.execute(
        appeals.update().where(appeals.c.id == id, appeals.c.done_at.is_(None)).values(done_at=now)
    )
    if not done.rowcount:  # somebody was faster in this very moment
        return False
    if lift:
        if decided.act in (Act.DECLINED.value, Act.HIDDEN.value) and decided.post_id:
            _again(conn, decided.post_id)
            if _gone(conn, decided.post_id):
                return _send_again(conn, decided, by, appeal.member_id, now)
            return moderation.approve(conn, decided.post_id, by, now)
        if decided.act == Act.WARNED.value or not moderation.lift(
            conn, appeal.member_id, by, now
        ):
            moderation.take_back(conn, appeal.member_id, Act(decided.act), by, now)
        return True
    member = members.one(conn, appeal.member_id)
    noted = decisions.note(conn, Act.KEPT, decided.group_id, by, now, reason=words,
                           member_id=appeal.member_id, post_id=decided.post_id)  # fmt: skip
    if member:
        kept = News(event=Event.APPEAL_KEPT, group=decided.group_id, text=words)
        news.tell(conn, member.person_id, f"decision:{noted}", kept, now)
    return True


def purge(conn: sa.Connection, now: datetime) -> None:
    """Blanks the words of old appeals that are settled."""
    old = sa.and_(appeals.c.done_at < now - posts.TEXTS, appeals.c.text != "")
    conn.execute(appeals.update().where(old).values(text=""))


def _gone(conn: sa.Connection, post_id: int) -> bool:
    """Whether its photo or voice note was deleted when the post was declined."""
    post = posts.one(conn, post_id)
    return post is not None and posts.unchecked(post)


def _send_again(
    conn: sa.Connection, decided: Row, by: By, member_id: int, now: datetime
) -> bool:
    """The decision is lifted and the post cannot go out: its author is asked for it once more."""
    posts.set_state(conn, decided.post_id, posts.State.DECLINED, was=(posts.State.HIDDEN,))
    noted = decisions.note(conn, Act.LIFTED, decided.group_id, by, now, member_id=member_id,
                           post_id=decided.post_id)  # fmt: skip
    if member := members.one(conn, member_id):
        told = News(event=Event.SEND_AGAIN, group=decided.group_id)
        news.tell(conn, member.person_id, f"decision:{noted}", told, now)
    return True


def _again(conn: sa.Connection, post_id: int) -> None:
    """A declined post waits once more, so that it can be approved."""
    posts.set_state(conn, post_id, posts.State.HIDDEN, was=(posts.State.DECLINED,))
