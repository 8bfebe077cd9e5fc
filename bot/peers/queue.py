"""The moderators' queue: posts that were reported or taken out, posts that wait, and appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.peers.appeals import appeals
from bot.peers.decisions import Act, decisions
from bot.peers.groups import groups, lock_all
from bot.peers.members import members
from bot.peers.posts import State, posts
from bot.peers.reports import reports

PAGE = 25  # of each kind
BEFORE = 3  # posts of context
# Decisions about a member, of which the second of two moderators must know.
SANCTIONS = (Act.WARNED, Act.SILENCED, Act.REMOVED, Act.BANNED, Act.LIFTED)
# Literals, so that the partial indexes are used.
_HELD = sa.text("peer_posts.state = 'held'")
_HIDDEN = sa.text("peer_posts.state = 'hidden'")
_REPORT_OPEN = sa.text("peer_reports.done_at IS NULL")
_APPEAL_OPEN = sa.text("peer_appeals.done_at IS NULL")

Row = sa.Row[tuple[Any, ...]]


@dataclass(frozen=True)
class Item:
    """A post to decide about. `row`: the post with its group and author; `why`: how often it was
    reported for what, never by whom; `before`: what was said before it; `answers`: the post it
    replies to; `seen`: the last sanction of its author."""

    row: Row
    why: tuple[tuple[str, int], ...]
    before: tuple[Row, ...]
    answers: Row | None
    seen: int


@dataclass(frozen=True)
class Waiting:
    """How many wait for a moderator. `appeals`: those that this one may decide."""

    reported: int
    held: int
    appeals: int

    @property
    def all(self) -> int:
        return self.reported + self.held + self.appeals


def reported(conn: sa.Connection, group_id: int | None = None) -> list[Item]:
    """Posts with open reports, and posts that reports or a relay took out: those first in which
    somebody is in danger, then the oldest."""
    asked = sa.select(reports.c.post_id).where(_REPORT_OPEN)
    out = sa.and_(posts.c.id.in_(asked), posts.c.state == State.OUT.value)
    found = [*_posts(conn, out, group_id), *_posts(conn, _HIDDEN, group_id)]
    items = _items(conn, sorted(found, key=lambda row: row.id)[:PAGE])
    return sorted(items, key=lambda item: all(why != "danger" for why, _ in item.why))


def held(conn: sa.Connection, group_id: int | None = None) -> list[Item]:
    """Posts that wait before they go out, the oldest first."""
    return _items(conn, _posts(conn, _HELD, group_id))


def asking(conn: sa.Connection, staff_id: int, group_id: int | None = None) -> Sequence[Row]:
    """Open appeals with the decision and the post they are about, the oldest first; none about a
    decision of this member of staff."""
    d, p, g, m = decisions.c, posts.c, groups.c, members.c
    query = (
        sa.select(
            appeals, d.act, d.reason, d.until, d.at.label("decided_at"), d.group_id, d.post_id,
            d.staff_id, d.relay_id, p.text.label("post"), p.number, g.tag, g.sector, g.region,
            g.language.label("group_language"), m.name, m.standing, m.silenced_until,
        )
        .select_from(appeals).join(decisions, d.id == appeals.c.decision_id)
        .join(groups, g.id == d.group_id).join(members, m.id == appeals.c.member_id)
        .outerjoin(posts, p.id == d.post_id)
        .where(_APPEAL_OPEN, not_by(staff_id)).order_by(appeals.c.id).limit(PAGE)
    )  # fmt: skip
    if group_id is not None:
        query = query.where(d.group_id == group_id)
    return conn.execute(query).all()


def not_by(staff_id: int) -> sa.ColumnElement[bool]:
    """Decisions that somebody else made: a colleague, a relay, a rule."""
    return sa.or_(decisions.c.staff_id.is_(None), decisions.c.staff_id != staff_id)


def waiting(conn: sa.Connection, staff_id: int) -> Waiting:
    """The counts of the three shelves."""
    out = (
        sa.select(sa.func.count(sa.distinct(reports.c.post_id))).select_from(reports)
        .join(posts, posts.c.id == reports.c.post_id)
        .where(_REPORT_OPEN, posts.c.state == State.OUT.value)
    )  # fmt: skip
    mine = (
        sa.select(sa.func.count()).select_from(appeals)
        .join(decisions, decisions.c.id == appeals.c.decision_id)
        .where(_APPEAL_OPEN, not_by(staff_id))
    )  # fmt: skip
    one = conn.execute(
        sa.select(*(query.scalar_subquery() for query in (out, _count(_HIDDEN), _count(_HELD),
                                                          mine)))
    ).one()  # fmt: skip
    return Waiting(one[0] + one[1], one[2], one[3])


def mark(conn: sa.Connection) -> tuple[Any, ...]:
    """Changes with everything that changes the queue; one statement on small indexes."""
    newest = [sa.select(sa.func.max(table.c.id)).scalar_subquery()
              for table in (posts, reports, appeals, decisions)]  # fmt: skip
    counts = [
        _count(_HELD).scalar_subquery(), _count(_HIDDEN).scalar_subquery(),
        sa.select(sa.func.count()).select_from(reports).where(_REPORT_OPEN).scalar_subquery(),
        sa.select(sa.func.count()).select_from(appeals).where(_APPEAL_OPEN).scalar_subquery(),
    ]  # fmt: skip
    return tuple(conn.execute(sa.select(*newest[1:], *counts)).one())


def last_sanctions(conn: sa.Connection, member_ids: Iterable[int]) -> dict[int, int]:
    """By member: the last decision about them (not about a post of theirs)."""
    d = decisions.c
    query = (
        sa.select(d.member_id, sa.func.max(d.id))
        .where(d.member_id.in_(list(member_ids)), d.act.in_([act.value for act in SANCTIONS]))
        .group_by(d.member_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def fresh(conn: sa.Connection, member_id: int, seen: int) -> bool:
    """Whether nobody decided anything about the member since the decision `seen` (0: ever); the
    member, and before them their group, is locked until the transaction ends."""
    lock_all(conn, conn.scalars(sa.select(members.c.group_id).where(members.c.id == member_id)))
    conn.execute(sa.select(members.c.id).where(members.c.id == member_id).with_for_update())
    return last_sanctions(conn, [member_id]).get(member_id, 0) <= seen


def _count(which: sa.TextClause) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(posts).where(which)


def _posts(
    conn: sa.Connection, which: sa.ColumnElement[bool] | sa.TextClause, group_id: int | None
) -> list[Row]:
    g, m = groups.c, members.c
    query = (
        sa.select(
            posts, g.tag, g.sector, g.region, g.language.label("group_language"), m.name,
            m.standing, m.until, m.silenced_until, m.warned, m.approved, m.relay_until,
        )
        .join(groups, g.id == posts.c.group_id)
        .outerjoin(members, m.id == posts.c.member_id)
        .where(which).order_by(posts.c.id).limit(PAGE)
    )  # fmt: skip
    if group_id is not None:
        query = query.where(posts.c.group_id == group_id)
    return list(conn.execute(query).all())


def _items(conn: sa.Connection, rows: Sequence[Row]) -> list[Item]:
    seen = last_sanctions(conn, {row.member_id for row in rows if row.member_id})
    whys: dict[int, list[tuple[str, int]]] = {}
    r = reports.c
    counted = (
        sa.select(r.post_id, r.why, sa.func.count())
        .where(r.post_id.in_([row.id for row in rows]), _REPORT_OPEN)
        .group_by(r.post_id, r.why).order_by(sa.func.count().desc(), r.why)
    )  # fmt: skip
    for post_id, why, count in conn.execute(counted):
        whys.setdefault(post_id, []).append((why, count))
    return [
        Item(row, tuple(whys.get(row.id, ())), _before(conn, row), _answered(conn, row),
             seen.get(row.member_id or 0, 0))
        for row in rows
    ]  # fmt: skip


def _before(conn: sa.Connection, row: Row) -> tuple[Row, ...]:
    """The posts of the group that went out before this one, the oldest first."""
    p = posts.c
    earlier = p.number < row.number if row.number else p.out_at <= row.created_at
    found = conn.execute(
        _told().where(p.group_id == row.group_id, p.number.is_not(None), earlier)
        .order_by(p.number.desc()).limit(BEFORE)
    ).all()  # fmt: skip
    return tuple(reversed(found))


def _answered(conn: sa.Connection, row: Row) -> Row | None:
    if row.reply_to is None:
        return None
    p = posts.c
    query = _told().where(p.group_id == row.group_id, p.number == row.reply_to)
    return conn.execute(query).first()


def _told() -> sa.Select[Any]:
    p = posts.c
    return sa.select(p.number, p.text, p.media, p.state, members.c.name).outerjoin(
        members, members.c.id == p.member_id
    )
