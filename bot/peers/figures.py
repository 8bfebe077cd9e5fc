"""Figures of groups: what was written, answered and reported, and how many were silent, by week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.db import Moment
from bot.peers.members import members
from bot.peers.posts import posts
from bot.peers.reports import reports
from bot.period import Slot


@dataclass(frozen=True, kw_only=True)
class Week:
    """What members did. `silent`: those who were in the group at its end and wrote nothing;
    `reports`: of posts of these days."""

    posts: int = 0  # that went out, with replies
    replies: int = 0
    questions: int = 0
    answered: int = 0
    reports: int = 0
    members: int = 0  # at the end
    wrote: int = 0

    @property
    def silent(self) -> int:
        return max(self.members - self.wrote, 0)


def weekly(conn: sa.Connection, slots: Sequence[Slot]) -> dict[int, list[Week]]:
    """By group: one Week a slot, in their order; slots may be longer and overlap. Groups without
    members and posts are left out."""
    p, m = posts.c, members.c
    edges = _edges(slots)
    inside = sa.and_(p.created_at >= edges.c.since, p.created_at < edges.c.until,
                     p.number.is_not(None))  # fmt: skip
    reported = (
        sa.select(sa.func.count()).select_from(reports).where(reports.c.post_id == p.id)
        .correlate(posts).scalar_subquery()
    )  # fmt: skip
    written = (
        sa.select(
            p.group_id, edges.c.slot, sa.func.count(), _sum(p.reply_to.is_not(None)),
            _sum(p.question), _sum(sa.and_(p.question, p.answered)), sa.func.sum(reported),
            sa.func.count(sa.distinct(p.member_id)),
        )
        .select_from(edges).join(posts, inside).group_by(p.group_id, edges.c.slot)
    )  # fmt: skip
    there = sa.and_(m.joined_at < edges.c.until,
                    sa.or_(m.left_at.is_(None), m.left_at >= edges.c.until))  # fmt: skip
    inhabited = (
        sa.select(m.group_id, edges.c.slot, sa.func.count())
        .select_from(edges).join(members, there).group_by(m.group_id, edges.c.slot)
    )  # fmt: skip
    at_end = {(row[0], row[1]): row[2] for row in conn.execute(inhabited)}
    done = {(row[0], row[1]): [int(n) for n in row[2:]] for row in conn.execute(written)}
    return {
        group: [_week(done.get((group, n)), at_end.get((group, n), 0)) for n in range(len(slots))]
        for group in sorted({id for id, _ in (*at_end, *done)})
    }


def together(weeks: Iterable[Week]) -> Week:
    """The same week of several groups as one; who is in two of them counts twice."""
    read = list(weeks)
    names = ("posts", "replies", "questions", "answered", "reports", "members", "wrote")
    return Week(**{name: sum(getattr(week, name) for week in read) for name in names})


def _week(done: list[int] | None, at_end: int) -> Week:
    if done is None:
        return Week(members=at_end)
    posted, replies, questions, answered, reported, wrote = done
    return Week(posts=posted, replies=replies, questions=questions, answered=answered,
                reports=reported, members=at_end, wrote=wrote)  # fmt: skip


def _sum(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((which, 1), else_=0))


def _edges(slots: Sequence[Slot]) -> sa.CTE:
    return sa.values(
        sa.column("slot", sa.Integer), sa.column("since", Moment), sa.column("until", Moment),
        name="edges",
    ).data([(i, slot.since, slot.until) for i, slot in enumerate(slots)]).cte("slots")  # fmt: skip
