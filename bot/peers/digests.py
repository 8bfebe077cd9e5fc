"""Digests: what waits for a member goes in one message, when it suits them and the channel.

SMS has a budget of segments a month; outside WhatsApp's window one fixed sentence a day may go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels import CHANNELS
from bot.dialogue.peers.relayed import IN_DIGEST, Relayed, nudge
from bot.dialogue.peers.world import Mode
from bot.events import Lane, Part
from bot.library.country import Country
from bot.outbox import Draft
from bot.outbox import put as queue
from bot.peers import missed, pages
from bot.peers.blocks import blocks
from bot.peers.groups import groups, lock_due
from bot.peers.members import ACTIVE, members
from bot.peers.posts import State, posts
from bot.people import addresses, people
from bot.rendering import Limits
from bot.voice import voice

BATCH = 100  # members in one transaction
BUSY = timedelta(minutes=30)  # with a counsellor: posts wait
A_DAY = timedelta(hours=24)

Row = sa.Row[tuple[Any, ...]]


def schedule(conn: sa.Connection, group: Row, country: Country, now: datetime) -> None:
    """Everybody who has not got the newest post and has no time yet gets one: at once, or with
    the next digest. Why they could not get it is looked at then."""
    conn.execute(
        members.update()
        .where(members.c.group_id == group.id, ACTIVE, members.c.got < group.last_number,
               members.c.due_at.is_(None))
        .values(due_at=_next(country, now))
    )  # fmt: skip


def recall(conn: sa.Connection, country: Country, now: datetime) -> bool:
    """Who missed a post that is out again, and can be reached, gets a time too."""
    back = missed.back().subquery()
    reachable = sa.exists().where(
        people.c.id == members.c.person_id, people.c.stopped == sa.false(),
        addresses.c.id == people.c.reply_to, addresses.c.gone.is_(None),
        groups.c.id == members.c.group_id, groups.c.open,
    )  # fmt: skip
    done = conn.execute(
        members.update()
        .where(members.c.id.in_(sa.select(back.c.member_id)), ACTIVE,
               members.c.due_at.is_(None), reachable)
        .values(due_at=_next(country, now))
    )  # fmt: skip
    return bool(done.rowcount)


def _next(country: Country, now: datetime) -> sa.ColumnElement[Any]:
    """When a member gets what waits: now, or with their next digest."""
    costly = [name for name, channel in CHANNELS.items() if channel.limits.digests]
    on_costly = sa.exists().where(
        people.c.id == members.c.person_id, addresses.c.id == people.c.reply_to,
        addresses.c.channel.in_(costly),
    )  # fmt: skip
    peering, zone, moment = country.peering, country.timezone, members.c.due_at.type
    weekly = sa.literal(peering.next_digest(now, zone, weekly=True), moment)
    daily = sa.literal(peering.next_digest(now, zone, weekly=False), moment)
    return sa.case(
        (members.c.mode == Mode.WEEKLY.value, weekly),
        (sa.or_(members.c.mode == Mode.DAILY.value, on_costly), daily),
        else_=sa.literal(now, moment),
    )

def step(conn: sa.Connection, country: Country, now: datetime) -> bool:
    """Brings some members what waits for them; True when there were any."""
    ids = lock_due(conn, sa.select(members.c.group_id).where(members.c.due_at <= now))
    back = missed.back().subquery()
    rows = conn.execute(
        sa.select(members, sa.exists().where(back.c.member_id == members.c.id).label("missed"),
                  groups.c.tag, groups.c.language, groups.c.last_number, groups.c.open,
                  people.c.stopped, people.c.counsellor, addresses.c.id.label("address_id"),
                  addresses.c.channel, addresses.c.gone, addresses.c.window_until)
        .join(groups, groups.c.id == members.c.group_id)
        .join(people, people.c.id == members.c.person_id)
        .outerjoin(addresses, addresses.c.id == people.c.reply_to)
        .where(members.c.due_at <= now, members.c.group_id.in_(ids))
        .order_by(members.c.due_at, members.c.id).limit(BATCH)
        .with_for_update(of=members, skip_locked=True)
    ).all()  # fmt: skip
    for row in rows:
        values = _bring(conn, row, country, now)
        conn.execute(members.update().where(members.c.id == row.id).values(values))
    return bool(rows)


def _bring(conn: sa.Connection, row: Row, country: Country, now: datetime) -> dict[str, Any]:
    """What becomes of a member whose time has come."""
    unreachable = row.address_id is None or row.gone or row.stopped
    nothing = row.got >= row.last_number and not row.missed
    if row.standing != "active" or not row.open or unreachable or nothing:
        return {"due_at": None, "wants": False}
    if row.counsellor:
        return {"due_at": now + BUSY}
    if not row.wants:
        quiet = country.peering.quiet_until(now, country.timezone)
        if later := max((m for m in (row.hushed_until, quiet) if m and m > now), default=None):
            return {"due_at": later}
    limits = CHANNELS[row.channel].limits
    if limits.window and not (row.window_until and row.window_until > now):
        return _nudge(conn, row, now)
    return _send(conn, row, limits, country, now)


def _nudge(conn: sa.Connection, row: Row, now: datetime) -> dict[str, Any]:
    """At most one a day, however many groups: their other memberships count too."""
    last = conn.execute(
        sa.select(sa.func.max(members.c.nudged_at)).where(members.c.person_id == row.person_id)
    ).scalar()
    if last and last > now - A_DAY:
        return {"due_at": last + A_DAY, "nudged_at": row.nudged_at or last}
    spoken = voice(row.language)
    say = nudge(spoken)
    part = Part(text=say.text, template=say.template)
    key = f"nudge:{row.id}:{now:%Y%m%d%H%M}"
    queue(conn, [Draft(key, row.person_id, row.address_id, row.channel, part, Lane.BULK)], now)
    return {"due_at": now + A_DAY, "nudged_at": now}


def _send(
    conn: sa.Connection, row: Row, limits: Limits, country: Country, now: datetime
) -> dict[str, Any]:
    newest, omitted = _waiting(conn, row)
    away = missed.away(conn, row.group_id, row.got, row.last_number)
    month = f"{now:%Y-%m}"
    spent = row.spent if row.month == month else 0
    values: dict[str, Any] = {"due_at": None, "wants": False, "nudged_at": None}
    if not newest and not omitted:  # their own, or taken back meanwhile
        _passed(conn, row, away)
        return values | {"got": row.last_number}
    parts = pages.made(row, newest, omitted, limits)
    if limits.digests:
        budget = country.peering.sms_segments
        # One that no month could pay for is cut to its newest posts: else it would wait for ever.
        while not spent and pages.cost(parts) > budget and len(newest) > 1:
            newest, omitted = newest[1:], omitted + 1
            parts = pages.made(row, newest, omitted, limits)
        cost = pages.cost(parts)
        # Whoever asks for it gets it, and it counts: the next digests wait for a new month.
        if spent + cost > budget and not row.wants:
            return values | {"due_at": _next_month(country, now)}
        values |= {"month": month, "spent": spent + cost}
    key = f"digest:{row.id}:{row.last_number}"
    if row.missed:  # the number may have had its digest
        key += f":{now:%y%m%d%H%M%S%f}"
    drafts = [
        Draft(f"{key}:{n}", row.person_id, row.address_id, row.channel, part, Lane.BULK)
        for n, part in enumerate(parts)
    ]
    queue(conn, drafts, now)
    _passed(conn, row, away)
    return values | {"got": row.last_number, "got_at": now}


def _passed(conn: sa.Connection, row: Row, away: Sequence[int]) -> None:
    """Everything up to now is behind the member, but what is taken out may come back."""
    if row.missed:
        missed.brought(conn, row.id)
    missed.put(conn, [(row.id, post) for post in away])


def _waiting(conn: sa.Connection, row: Row) -> tuple[list[Relayed], int]:
    """The newest posts that wait, oldest first, and how many older ones there are."""
    author = members.alias("author")
    blocked = sa.exists().where(
        blocks.c.member_id == row.id, blocks.c.author_id == posts.c.member_id
    )
    fresh = posts.c.number > row.got
    if row.missed:
        back = missed.back().subquery()
        mine = sa.select(back.c.post_id).where(back.c.member_id == row.id)
        fresh = sa.or_(fresh, posts.c.id.in_(mine))
    theirs = sa.and_(
        posts.c.group_id == row.group_id, fresh,
        posts.c.number <= row.last_number, posts.c.state == State.OUT.value,
        sa.or_(posts.c.member_id.is_(None), posts.c.member_id != row.id), ~blocked,
    )  # fmt: skip
    found = conn.execute(
        sa.select(posts, author.c.name).outerjoin(author, author.c.id == posts.c.member_id)
        .where(theirs).order_by(posts.c.number.desc()).limit(IN_DIGEST)
    ).all()  # fmt: skip
    if len(found) < IN_DIGEST:
        omitted = 0
    else:
        count = sa.select(sa.func.count()).select_from(posts).where(theirs)
        omitted = int(conn.execute(count).scalar_one()) - len(found)
    return [
        Relayed(group=row.group_id, tag=row.tag, number=p.number, name=p.name or "", text=p.text,
                id=p.id, reply_to=p.reply_to, question=p.question, media=p.media,
                media_key=p.media_key)
        for p in reversed(found)
    ], omitted  # fmt: skip


def _next_month(country: Country, now: datetime) -> datetime:
    local = now.astimezone(country.timezone)
    first = (local.replace(day=28) + timedelta(days=4)).replace(day=1)
    return country.peering.next_digest(first, country.timezone, weekly=False)
