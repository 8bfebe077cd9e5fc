"""Groups as staff see them: how many, from where, how lively; never who."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.peers.activities import table as activities_table
from bot.peers.groups import groups
from bot.peers.members import ACTIVE, members
from bot.peers.posts import State, posts
from bot.peers.reports import reports
from bot.people import addresses, people

WEEK = timedelta(days=7)

Row = sa.Row[tuple[Any, ...]]
Cells = dict[tuple[str, str | None], int]


@dataclass(frozen=True)
class Counts:
    """What goes on in the groups, by group id; groups where nothing does are left out."""

    channels: dict[int, dict[str, int]]  # members by the channel they wrote on last
    regions: dict[int, dict[str | None, int]]
    posts: dict[int, int]  # of a week
    held: dict[int, int]
    reports: dict[int, int]  # posts to look at
    relays: dict[int, int]


def counts(conn: sa.Connection, now: datetime) -> Counts:
    """Reads them for all groups at once."""
    p, m = posts.c, members.c
    reported = sa.select(reports.c.post_id).where(sa.text("peer_reports.done_at IS NULL"))
    seen = _by_group(conn, _posts(p.id.in_(reported), p.state == State.OUT.value))
    for id, count in _by_group(conn, _posts(sa.text("peer_posts.state = 'hidden'"))).items():
        seen[id] = seen.get(id, 0) + count
    channels, regions = _places(conn)
    return Counts(
        channels, regions,
        posts=_by_group(conn, _posts(p.created_at >= now - WEEK, p.number.is_not(None))),
        held=_by_group(conn, _posts(sa.text("peer_posts.state = 'held'"))), reports=seen,
        relays=_by_group(conn, sa.select(m.group_id, sa.func.count())
                         .where(ACTIVE, m.relay_until > now).group_by(m.group_id)),
    )  # fmt: skip


def _posts(*which: Any) -> sa.Select[Any]:
    # Not the bare column: SQLite would walk all posts by their group instead of the few asked for.
    group = posts.c.group_id + sa.literal_column("0")
    return sa.select(group, sa.func.count()).where(*which).group_by(group)


def _by_group(conn: sa.Connection, query: sa.Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in conn.execute(query)}


def _places(
    conn: sa.Connection,
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str | None, int]]]:
    """Members by channel and by region."""
    channels: dict[int, dict[str, int]] = {}
    regions: dict[int, dict[str | None, int]] = {}
    query = (
        sa.select(members.c.group_id, addresses.c.channel, people.c.region, sa.func.count())
        .join(people, people.c.id == members.c.person_id)
        .outerjoin(addresses, addresses.c.id == people.c.reply_to)
        .where(ACTIVE)
        .group_by(members.c.group_id, addresses.c.channel, people.c.region)
    )
    for id, channel, region, count in conn.execute(query):
        ways, places = channels.setdefault(id, {}), regions.setdefault(id, {})
        ways[channel or ""] = ways.get(channel or "", 0) + count
        places[region] = places.get(region, 0) + count
    return channels, regions


def numbers(conn: sa.Connection, post_ids: Iterable[int | None]) -> dict[int, int]:
    """By post id: its number in the group, for those that went out."""
    wanted = {id for id in post_ids if id is not None}
    query = sa.select(posts.c.id, posts.c.number).where(
        posts.c.id.in_(wanted), posts.c.number.is_not(None)
    )
    return {row.id: row.number for row in conn.execute(query)} if wanted else {}


def latest(conn: sa.Connection, group_id: int, limit: int = 8) -> Sequence[Row]:
    """The newest posts that went out, the newest first."""
    p = posts.c
    query: sa.Select[Any] = (
        sa.select(p.id, p.number, p.text, p.media, p.state, p.member_id, p.reply_to, p.pinned,
                  p.likes, p.thanks, p.out_at, members.c.name)
        .outerjoin(members, members.c.id == p.member_id)
        .where(p.group_id == group_id, p.number.is_not(None))
        .order_by(p.number.desc()).limit(limit)
    )  # fmt: skip
    return conn.execute(query).all()


def said_lately(conn: sa.Connection, group_id: int, text: str, since: datetime) -> bool:
    """Whether the service said exactly this to the group since then, as one of its last posts."""
    return any(
        post.member_id is None and post.out_at >= since and post.text == text
        for post in latest(conn, group_id)
    )


def networks(conn: sa.Connection) -> Cells:
    """By sector and region: how many persons are in groups."""
    query = (
        sa.select(groups.c.sector, people.c.region,
                  sa.func.count(sa.distinct(members.c.person_id)))
        .join(groups, groups.c.id == members.c.group_id)
        .join(people, people.c.id == members.c.person_id)
        .where(ACTIVE).group_by(groups.c.sector, people.c.region)
    )  # fmt: skip
    return {(sector, region): count for sector, region, count in conn.execute(query)}


def running(conn: sa.Connection) -> Cells:
    """By sector and region: how many activities run."""
    return {
        (row.sector, row.region): int(row._mapping["count"]) for row in activities_table(conn)
    }
