"""Posts: what members write to their group. A number is given when a post goes out, not before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, metadata
from bot.peers import groups
from bot.peers import media as files
from bot.peers.members import members

TEXTS = timedelta(days=30)  # as long as all messages are kept


class State(StrEnum):
    """A post's life. Only OUT has a number and reaches others."""

    HELD = "held"  # somebody decides
    OUT = "out"
    DECLINED = "declined"
    REJECTED = "rejected"  # by the rules: for the author to read, and for the numbers
    HIDDEN = "hidden"  # by a relay or reports, until a moderator looks
    WITHDRAWN = "withdrawn"  # by its author


posts = sa.Table(
    "peer_posts",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("group_id", BigId, sa.ForeignKey("peer_groups.id"), nullable=False),
    sa.Column("member_id", BigId, sa.ForeignKey("peer_members.id")),  # NULL: the service
    sa.Column("event_id", BigId),  # of the inbox; a second turn on it changes nothing
    sa.Column("number", sa.Integer),
    sa.Column("waits_as", sa.Integer),  # its number among those of the group that ever waited
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # as others may see it
    sa.Column("findings", Json, nullable=False),  # why it was held, masked or rejected
    sa.Column("reply_to", sa.Integer),  # a number of the group
    sa.Column("question", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("answered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("media", sa.String(16)),  # photo or voice
    sa.Column("media_ref", sa.String(600)),  # channel:where to fetch it, until it is cleaned
    sa.Column("media_key", sa.String(64)),  # of the cleaned copy
    sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("likes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("thanks", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reports", sa.Integer, nullable=False, server_default="0"),  # not yet looked at
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("out_at", Moment),
    sa.UniqueConstraint("event_id"),
    sa.UniqueConstraint("group_id", "number"),
)
_held = sa.text("state = 'held'")
sa.Index("ix_peer_posts_held", posts.c.id, sqlite_where=_held, postgresql_where=_held)
_hidden = sa.text("state = 'hidden'")
sa.Index("ix_peer_posts_hidden", posts.c.id, sqlite_where=_hidden, postgresql_where=_hidden)
sa.Index("ix_peer_posts_member", posts.c.member_id, posts.c.id)
sa.Index("ix_peer_posts_created_at", posts.c.created_at)

Row = sa.Row[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """What a turn decided about a text."""

    group_id: int
    member_id: int | None
    event_id: int | None
    state: State
    text: str
    findings: Sequence[str] = ()
    reply_to: int | None = None
    question: bool = False
    media: str | None = None
    media_ref: str | None = None
    pinned: bool = False


def put(conn: sa.Connection, new: NewPost, now: datetime) -> Row:
    """Writes the post down; one that goes out gets its number at once, one that waits a number by
    which relays name it until then."""
    number = groups.next_number(conn, new.group_id) if new.state is State.OUT else None
    waits = groups.next_waiting(conn, new.group_id) if new.state is State.HELD else None
    values: dict[str, object] = {
        "group_id": new.group_id, "member_id": new.member_id, "event_id": new.event_id,
        "number": number, "waits_as": waits, "state": new.state.value, "text": new.text,
        "findings": list(new.findings), "reply_to": new.reply_to or None,
        "question": new.question, "media": new.media, "media_ref": new.media_ref,
        "pinned": new.pinned, "created_at": now, "out_at": now if number else None,
    }  # fmt: skip
    row = conn.execute(posts.insert().values(values).returning(posts)).one()
    if number:
        _counted(conn, row)
    return row


def publish(conn: sa.Connection, row: Row, now: datetime) -> int | None:
    """A held or hidden post goes out; returns its number, None if it is neither any more, or if
    nobody can have seen or heard what is in it.

    One that was out before keeps its number: who has it does not get it twice."""
    fresh = one(conn, row.id, lock=True)
    if fresh is None or fresh.state not in (State.HELD.value, State.HIDDEN.value):
        return None
    if unchecked(fresh):
        return None
    number = fresh.number or groups.next_number(conn, fresh.group_id)
    conn.execute(
        posts.update().where(posts.c.id == fresh.id)
        .values(state=State.OUT.value, number=number, out_at=fresh.out_at or now)
    )  # fmt: skip
    if fresh.number is None:
        _counted(conn, fresh)
    return number


def _counted(conn: sa.Connection, row: Row) -> None:
    """One more of this member that went out; the question it answers is answered."""
    if row.member_id:
        conn.execute(
            members.update().where(members.c.id == row.member_id)
            .values(approved=members.c.approved + 1)
        )  # fmt: skip
    if row.reply_to:
        conn.execute(
            posts.update()
            .where(posts.c.group_id == row.group_id, posts.c.number == row.reply_to,
                   posts.c.member_id != row.member_id)
            .values(answered=True)
        )  # fmt: skip


def one(conn: sa.Connection, id: int, *, lock: bool = False) -> Row | None:
    query = sa.select(posts).where(posts.c.id == id)
    return conn.execute(query.with_for_update() if lock else query).first()


def numbered(conn: sa.Connection, group_id: int, number: int) -> Row | None:
    """The post that went out under this number, whatever became of it."""
    return conn.execute(
        sa.select(posts).where(posts.c.group_id == group_id, posts.c.number == number)
    ).first()


def waiting(conn: sa.Connection, group_id: int, number: int) -> Row | None:
    """The post of the group that waits under this number."""
    return conn.execute(
        sa.select(posts).where(sa.text("peer_posts.state = 'held'"),
                               posts.c.group_id == group_id, posts.c.waits_as == number)
    ).first()  # fmt: skip


def set_state(conn: sa.Connection, id: int, state: State, *, was: Sequence[State]) -> bool:
    """Changes the state if it is one of `was`; False if somebody was faster. A post that stays in
    loses its photo or voice note at once."""
    done = conn.execute(
        posts.update()
        .where(posts.c.id == id, posts.c.state.in_([s.value for s in was]))
        .values(state=state.value)
    )
    if done.rowcount and state in (State.DECLINED, State.WITHDRAWN):
        drop_files(conn, posts.c.id == id)
    return bool(done.rowcount)


def hold_back(conn: sa.Connection, member_id: int) -> None:
    """Posts of this member that wait for a decision are declined: they are out of the group."""
    theirs = sa.and_(posts.c.member_id == member_id, posts.c.state == State.HELD.value)
    drop_files(conn, theirs)
    conn.execute(posts.update().where(theirs).values(state=State.DECLINED.value))


def unchecked(row: Row) -> bool:
    """Whether it carries a photo or voice note of which there is no cleaned copy: not yet, or not
    any more."""
    return bool(row.media and not row.media_key)


def waiting_files(conn: sa.Connection, limit: int) -> Sequence[Row]:
    """Held posts whose photo or voice note is to be fetched, the oldest first."""
    query = sa.select(posts).where(
        sa.text("peer_posts.state = 'held'"), posts.c.media.is_not(None),
        posts.c.media_key.is_(None),
    )  # fmt: skip
    return conn.execute(query.order_by(posts.c.id).limit(limit)).all()


def awaits(conn: sa.Connection, row: Row) -> bool:
    """Whether the post still waits for this very file; it is held until the transaction ends."""
    fresh = one(conn, row.id, lock=True)
    return (
        fresh is not None and fresh.state == State.HELD.value and unchecked(fresh)
        and fresh.media_ref == row.media_ref
    )  # fmt: skip


def keep_file(
    conn: sa.Connection, row: Row, content: bytes, now: datetime
) -> Row | None:
    """Keeps the cleaned copy with its post and returns the post; None when nobody waits for it any
    more."""
    if not awaits(conn, row):
        return None
    key = files.put(conn, row.media, content, now)
    kept = posts.update().where(posts.c.id == row.id).values(media_key=key, media_ref=None)
    return conn.execute(kept.returning(posts)).one()


def drop_files(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> None:
    """Deletes the photos and voice notes of these posts, and where they came from."""
    with_file = sa.or_(posts.c.media_key.is_not(None), posts.c.media_ref.is_not(None))
    files.remove(conn, sa.select(posts.c.media_key).where(condition, with_file))
    conn.execute(
        posts.update().where(condition, with_file).values(media_key=None, media_ref=None)
    )


def add(conn: sa.Connection, id: int, **by: int) -> None:
    """Adds to the counters of a post (likes, thanks, reports)."""
    conn.execute(
        posts.update().where(posts.c.id == id)
        .values({name: posts.c[name] + step for name, step in by.items()})
    )  # fmt: skip


def pin(conn: sa.Connection, row: Row) -> None:
    """This post is shown to newcomers, and no other of the group."""
    conn.execute(
        posts.update().where(posts.c.group_id == row.group_id, posts.c.pinned)
        .values(pinned=False)
    )  # fmt: skip
    conn.execute(posts.update().where(posts.c.id == row.id).values(pinned=True))


def pinned(conn: sa.Connection, group_id: int) -> Row | None:
    return conn.execute(
        sa.select(posts).where(posts.c.group_id == group_id, posts.c.pinned,
                               posts.c.state == State.OUT.value)
    ).first()  # fmt: skip


def purge(conn: sa.Connection, now: datetime) -> None:
    """Blanks the texts of old posts and deletes their files; their numbers stay."""
    old = posts.c.created_at < now - TEXTS
    drop_files(conn, old)
    files.purge(conn, now - TEXTS)
    conn.execute(posts.update().where(old, posts.c.text != "").values(text=""))
