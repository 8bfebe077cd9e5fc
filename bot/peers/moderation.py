"""Moderation: decisions about posts and members. Each is logged, told to the member with its
reason, and ends when it was said to end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.dialogue.peers.news import as_body
from bot.dialogue.peers.world import Event, News, Standing
from bot.peers import copies, decisions, groups, members, news, posts, reports
from bot.peers.decisions import Act, By
from bot.peers.posts import State
from bot.timers import Timer
from bot.timers import put as set_timers

Row = sa.Row[tuple[Any, ...]]
_EVENTS = {
    Act.WARNED: Event.WARNED, Act.SILENCED: Event.SILENCED, Act.REMOVED: Event.REMOVED,
    Act.BANNED: Event.BANNED,
}  # fmt: skip


def approve(conn: sa.Connection, post_id: int, by: By, now: datetime) -> bool:
    """A held or hidden post goes out; False when somebody decided before, when its photo or voice
    note has not been cleaned yet, or when its author is out or silenced: their posts reach nobody.
    """
    row = _locked(conn, post_id)
    author = members.one(conn, row.member_id) if row and row.member_id else None
    if row is None or (row.member_id and not (author and may_write(author, now))):
        return False
    before = row.number
    number = posts.publish(conn, row, now)
    if number is None:
        return False
    reports.settle(conn, post_id, now)
    act = Act.APPROVED if before is None else Act.SHOWN
    id = decisions.note(conn, act, row.group_id, by, now, member_id=row.member_id,
                        post_id=post_id)  # fmt: skip
    if author:  # none: our own announcement
        _tell(conn, author, News(event=Event.APPROVED, number=number), id, now)
    return True


def decline(conn: sa.Connection, post_id: int, by: By, reason: str, now: datetime) -> bool:
    """A held or hidden post stays in; its author is told why."""
    was = (State.HELD, State.HIDDEN)
    return _keep_in(conn, post_id, Act.DECLINED, by, reason, now, was=was)


def take_out(conn: sa.Connection, post_id: int, by: By, reason: str, now: datetime) -> bool:
    """A moderator takes a post out for good, whether it is out or already hidden; it goes to
    nobody who has not got it yet."""
    was = (State.OUT, State.HIDDEN)
    row = _locked(conn, post_id)
    if row is None or not _keep_in(conn, post_id, Act.HIDDEN, by, reason, now, was=was):
        return False
    copies.stop_post(conn, post_id, row.group_id, now, returns=True)  # an appeal may bring it back
    return True


def _keep_in(
    conn: sa.Connection, post_id: int, act: Act, by: By, reason: str, now: datetime, *,
    was: tuple[State, ...],
) -> bool:  # fmt: skip
    row = posts.one(conn, post_id, lock=True)
    if row is None or not posts.set_state(conn, post_id, State.DECLINED, was=was):
        return False
    reports.settle(conn, post_id, now)
    id = decisions.note(
        conn, act, row.group_id, by, now, reason=reason, member_id=row.member_id, post_id=post_id
    )
    author = members.one(conn, row.member_id) if row.member_id else None
    if author:
        told = News(event=Event.DECLINED, reason=reason, number=row.number or 0)
        _tell(conn, author, told, id, now)
    return True


def hide(conn: sa.Connection, post_id: int, by: By, reason: str, now: datetime) -> bool:
    """A post is taken out until a moderator looks; it goes to nobody who has not got it yet."""
    row = _locked(conn, post_id)
    if row is None or not posts.set_state(conn, post_id, State.HIDDEN, was=(State.OUT,)):
        return False
    copies.stop_post(conn, post_id, row.group_id, now, returns=True)
    id = decisions.note(
        conn, Act.HIDDEN, row.group_id, by, now, reason=reason, member_id=row.member_id,
        post_id=post_id,
    )  # fmt: skip
    author = members.one(conn, row.member_id) if row.member_id else None
    if author:
        found = News(event=Event.HIDDEN, number=row.number or 0, reason=reason)
        _tell(conn, author, found, id, now)
    return True


def dismiss(conn: sa.Connection, post_id: int, by: By, now: datetime) -> bool:
    """The reports were looked at and the post stays."""
    row = posts.one(conn, post_id, lock=True)
    if row is None or not row.reports:
        return False
    reports.settle(conn, post_id, now)
    decisions.note(conn, Act.DISMISSED, row.group_id, by, now, member_id=row.member_id,
                   post_id=post_id)  # fmt: skip
    return True


def sanction(
    conn: sa.Connection, member_id: int, act: Act, by: By, reason: str, now: datetime,
    *, until: datetime | None = None, post_id: int | None = None,
) -> bool:  # fmt: skip
    """Warns, silences, removes or bans a member; False when they are out already. Who has left by
    themselves, or may come back, can still be banned: leaving is no way around it."""
    row = members.one(conn, member_id)
    if row is None or not (row.standing == Standing.ACTIVE.value or (
        act is Act.BANNED and row.standing != Standing.BANNED.value
    )):  # fmt: skip
        return False
    match act:
        case Act.WARNED:
            members.change(conn, member_id, warned=row.warned + 1)
        case Act.SILENCED:
            members.change(conn, member_id, silenced_until=until)
        case Act.REMOVED:
            members.end(conn, row, Standing.REMOVED, now)
        case Act.BANNED:
            members.end(conn, row, Standing.BANNED, now, until=until)
        case _:
            raise ValueError(f"{act} is no sanction")
    if act is not Act.WARNED:
        posts.hold_back(conn, member_id)
    if act in (Act.REMOVED, Act.BANNED):
        copies.stop_member(conn, row)
    id = decisions.note(
        conn, act, row.group_id, by, now, reason=reason, member_id=member_id, post_id=post_id,
        until=until,
    )  # fmt: skip
    _tell(conn, row, News(event=_EVENTS[act], reason=reason, until=until), id, now)
    if until:
        body = dict(as_body(News(event=Event.LIFTED, group=row.group_id, until=until)))
        timer = Timer(f"peers-lifted:{id}", row.person_id, until,
                      {"purpose": news.PURPOSE, "decision": id, **body})  # fmt: skip
        set_timers(conn, [timer])
    return True


def lift(conn: sa.Connection, member_id: int, by: By, now: datetime) -> bool:
    """Ends a silence, a removal or a ban before its time; the member is told."""
    row = members.one(conn, member_id)
    silenced = row is not None and row.silenced_until and row.silenced_until > now
    out = row is not None and row.standing in (Standing.BANNED.value, Standing.REMOVED.value)
    if row is None or not (silenced or out):
        return False
    members.change(
        conn, member_id, silenced_until=None, until=None,
        standing=Standing.LEFT.value if out else row.standing,
    )  # fmt: skip
    id = decisions.note(conn, Act.LIFTED, row.group_id, by, now, member_id=member_id)
    _tell(conn, row, News(event=Event.LIFTED), id, now)
    return True


def take_back(
    conn: sa.Connection, member_id: int, act: Act, by: By, now: datetime
) -> None:  # fmt: skip
    """A warning is taken back, or a sanction that is over already: the member is told."""
    row = members.one(conn, member_id)
    if row is None:
        return
    if act is Act.WARNED:
        members.change(conn, member_id, warned=max(row.warned - 1, 0))
    id = decisions.note(conn, Act.LIFTED, row.group_id, by, now, member_id=member_id)
    _tell(conn, row, News(event=Event.LIFTED, reason=act.value), id, now)


def may_write(row: Row, now: datetime) -> bool:
    """Whether posts of this member may reach others now."""
    silenced = row.silenced_until is not None and row.silenced_until > now
    return bool(row.standing == Standing.ACTIVE.value and not silenced)


def _locked(conn: sa.Connection, post_id: int) -> Row | None:
    """The post under its group's lock: no fan-out or digest is half way while it is taken out."""
    row = posts.one(conn, post_id)
    if row is None:
        return None
    groups.lock_all(conn, [row.group_id])
    return posts.one(conn, post_id, lock=True)


def _tell(conn: sa.Connection, row: Row, found: News, decision: int, now: datetime) -> None:
    group = groups.one(conn, row.group_id)
    body = News(
        event=found.event, group=row.group_id, sector=group.sector if group else "",
        number=found.number, reason=found.reason, until=found.until, decision=decision,
    )  # fmt: skip
    news.tell(conn, row.person_id, f"decision:{decision}", body, now)


