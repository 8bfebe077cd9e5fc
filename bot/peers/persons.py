"""Memberships when two people turn out to be one, or when somebody deletes their data."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.dialogue.peers.world import Standing
from bot.peers import copies, groups
from bot.peers import members as one_by_one
from bot.peers.activities import activities
from bot.peers.appeals import appeals
from bot.peers.members import members
from bot.peers.posts import State, drop_files, posts
from bot.peers.wishes import wishes

WAITS = timedelta(days=3)  # no copy of a post waits longer in the outbox


def join(conn: sa.Connection, gone: int, keep: int, now: datetime) -> None:
    """`gone` becomes `keep`. In a group that both are in, `keep` stays under their name."""
    for row in conn.execute(sa.select(members).where(members.c.person_id == gone)).all():
        there = one_by_one.in_group(conn, row.group_id, keep)
        if there is None:
            one_by_one.change(conn, row.id, person_id=keep)
            continue
        # What a moderator decided about either holds for the one they are.
        if _out(row, now) > _out(there, now):
            one_by_one.end(conn, there, Standing(row.standing), now, until=row.until)
            copies.stop_member(conn, there)
        silences = [one.silenced_until for one in (row, there) if one.silenced_until]
        one_by_one.change(conn, there.id, warned=row.warned + there.warned,
                          silenced_until=max(silences, default=None))  # fmt: skip
        if row.standing == Standing.ACTIVE.value:
            one_by_one.end(conn, row, Standing.LEFT, now)
    for table in (activities, wishes):
        key = [c.name for c in table.primary_key if c.name != "person_id"]
        mine = sa.select(*(table.c[n] for n in key or ["person_id"])).where(
            table.c.person_id == keep
        )
        there_too = table.c[key[0]].in_(mine) if key else sa.exists(mine)
        conn.execute(table.delete().where(table.c.person_id == gone, there_too))
        conn.execute(table.update().where(table.c.person_id == gone).values(person_id=keep))


def _out(row: one_by_one.Row, now: datetime) -> tuple[int, datetime]:
    """How strictly a moderator keeps the member out: the stricter compares as more."""
    match row.standing:
        case Standing.BANNED if row.until is None:
            return 3, now
        case Standing.BANNED if row.until > now:
            return 2, row.until
        case Standing.REMOVED:
            return 1, now
        case _:
            return 0, now


def forget(conn: sa.Connection, person_id: int, now: datetime) -> None:
    """Leaves all groups and takes names, texts and the activity away; a ban stays a ban, and the
    names stay taken for a while: nobody may pass for them. Nothing of theirs goes out any more;
    what was reported stays with the moderators, without its words."""
    rows = conn.execute(sa.select(members).where(members.c.person_id == person_id)).all()
    groups.lock_all(conn, [row.group_id for row in rows])
    for row in rows:
        if row.standing == Standing.ACTIVE.value:
            one_by_one.end(conn, row, Standing.LEFT, now)
            copies.stop_member(conn, row)
        one_by_one.forget_name(conn, row, now)
    mine = [row.id for row in rows]
    theirs = posts.c.member_id.in_(mine)
    going = sa.and_(theirs, posts.c.state == State.OUT.value, posts.c.out_at > now - WAITS)
    for post in conn.execute(sa.select(posts.c.id, posts.c.group_id).where(going)).all():
        copies.stop_post(conn, post.id, post.group_id, now, returns=False)
    drop_files(conn, theirs)
    conn.execute(posts.update().where(theirs).values(text="", media=None))
    gone = sa.case((posts.c.reports > 0, State.HIDDEN.value), else_=State.WITHDRAWN.value)
    there = posts.c.state.in_((State.OUT.value, State.HELD.value))
    conn.execute(posts.update().where(theirs, there).values(state=gone))
    conn.execute(appeals.update().where(appeals.c.member_id.in_(mine)).values(text=""))
    for table in (activities, wishes):
        conn.execute(table.delete().where(table.c.person_id == person_id))
