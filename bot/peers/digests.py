"""Digests: what waits for a member goes in one message, when it suits them and the channel.

SMS has a budget of segments a month; outside WhatsApp's window one fixed sentence a day may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels import CHANNELS
from bot.dialogue.peers.relayed import IN_DIGEST, PIECE, Relayed, digest, file, nudge
from bot.dialogue.peers.world import Mode
from bot.events import Lane, Part
from bot.library.country import Country
from bot.outbox import Draft
from bot.outbox import put as queue
from bot.peers.blocks import blocks
from bot.peers.groups import groups
from bot.peers.members import ACTIVE, members
from bot.peers.posts import State, posts
from bot.people import addresses, people
from bot.rendering import Limits, gsm7, render
from bot.voice import voice

BATCH = 100  # members in one transaction
BUSY = timedelta(minutes=30)  # with a counsellor: posts wait
A_DAY = timedelta(hours=24)

Row = sa.Row[tuple[Any, ...]]


def schedule(conn: sa.Connection, group: Row, country: Country, now: datetime) -> None:
    """Everybody who has not got the newest post and has no time yet gets one: at once, or with
    the next digest. Why they could not get it is looked at then."""
    costly = [name for name, channel in CHANNELS.items() if channel.limits.digests]
    on_costly = sa.exists().where(
        people.c.id == members.c.person_id, addresses.c.id == people.c.reply_to,
        addresses.c.channel.in_(costly),
    )  # fmt: skip
    peering, zone, moment = country.peering, country.timezone, members.c.due_at.type
    weekly = sa.literal(peering.next_digest(now, zone, weekly=True), moment)
    daily = sa.literal(peering.next_digest(now, zone, weekly=False), moment)
    due = sa.case(
        (members.c.mode == Mode.WEEKLY.value, weekly),
        (sa.or_(members.c.mode == Mode.DAILY.value, on_costly), daily),
        else_=sa.literal(now, moment),
    )
    conn.execute(
        members.update()
        .where(members.c.group_id == group.id, ACTIVE, members.c.got < group.last_number,
               members.c.due_at.is_(None))
        .values(due_at=due)
    )  # fmt: skip


def step(conn: sa.Connection, country: Country, now: datetime) -> bool:
    """Brings some members what waits for them; True when there were any."""
    rows = conn.execute(
        sa.select(members, groups.c.tag, groups.c.language, groups.c.last_number, groups.c.open,
                  people.c.stopped, people.c.counsellor, addresses.c.id.label("address_id"),
                  addresses.c.channel, addresses.c.gone, addresses.c.window_until)
        .join(groups, groups.c.id == members.c.group_id)
        .join(people, people.c.id == members.c.person_id)
        .outerjoin(addresses, addresses.c.id == people.c.reply_to)
        .where(members.c.due_at <= now).order_by(members.c.due_at, members.c.id)
        .limit(BATCH).with_for_update(of=members, skip_locked=True)
    ).all()  # fmt: skip
    for row in rows:
        values = _bring(conn, row, country, now)
        conn.execute(members.update().where(members.c.id == row.id).values(values))
    return bool(rows)


def _bring(conn: sa.Connection, row: Row, country: Country, now: datetime) -> dict[str, Any]:
    """What becomes of a member whose time has come."""
    unreachable = row.address_id is None or row.gone or row.stopped
    if row.standing != "active" or not row.open or unreachable or row.got >= row.last_number:
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
    month = f"{now:%Y-%m}"
    spent = row.spent if row.month == month else 0
    values: dict[str, Any] = {"due_at": None, "wants": False, "nudged_at": None}
    if not newest and not omitted:  # their own, or taken back meanwhile
        return values | {"got": row.last_number}
    parts = _parts(row, newest, omitted, limits)
    if limits.digests:
        budget = country.peering.sms_segments
        # One that no month could pay for is cut to its newest posts: else it would wait for ever.
        while not spent and _cost(parts) > budget and len(newest) > 1:
            newest, omitted = newest[1:], omitted + 1
            parts = _parts(row, newest, omitted, limits)
        cost = _cost(parts)
        # Whoever asks for it gets it, and it counts: the next digests wait for a new month.
        if spent + cost > budget and not row.wants:
            return values | {"due_at": _next_month(country, now)}
        values |= {"month": month, "spent": spent + cost}
    drafts = [
        Draft(f"digest:{row.id}:{row.last_number}:{n}", row.person_id, row.address_id, row.channel,
              part, Lane.BULK)
        for n, part in enumerate(parts)
    ]  # fmt: skip
    queue(conn, drafts, now)
    return values | {"got": row.last_number, "got_at": now}


def _cost(parts: Sequence[Part]) -> int:
    return sum(gsm7.segments(part.text) for part in parts)


def _waiting(conn: sa.Connection, row: Row) -> tuple[list[Relayed], int]:
    """The newest posts that wait, oldest first, and how many older ones there are."""
    author = members.alias("author")
    blocked = sa.exists().where(
        blocks.c.member_id == row.id, blocks.c.author_id == posts.c.member_id
    )
    theirs = sa.and_(
        posts.c.group_id == row.group_id, posts.c.number > row.got,
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
                reply_to=p.reply_to, question=p.question, media=p.media,
                media_key=p.media_key)
        for p in reversed(found)
    ], omitted  # fmt: skip


def _parts(
    row: Row, newest: Sequence[Relayed], omitted: int, limits: Limits
) -> list[Part]:
    spoken = voice(row.language)
    piece = PIECE if limits.digests else limits.text
    say = digest(spoken, row.tag, newest, omitted, piece=piece)
    parts = render(replace(say, options=()), limits, spoken)
    if limits.files:  # after the words, the files that the words name
        for post in newest:
            parts += render(file(spoken, post), limits, spoken) if post.media_key else []
    return parts


def _next_month(country: Country, now: datetime) -> datetime:
    local = now.astimezone(country.timezone)
    first = (local.replace(day=28) + timedelta(days=4)).replace(day=1)
    return country.peering.next_digest(first, country.timezone, weekly=False)
