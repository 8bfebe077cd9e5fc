"""Fan-out: posts that went out become outbox rows, one for each member who gets them one by one.

A row's key is the post and the member, so that nothing goes twice; the member's pointer `got` moves
in the same transaction, so that nothing is left out. Whoever cannot get a post now (SMS, digests,
a pause, WhatsApp's closed window) is given a time, and digests.py brings what waits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.channels import CHANNELS
from bot.db import Json, insert_from
from bot.dialogue.peers.relayed import Relayed, single
from bot.dialogue.peers.world import Mode
from bot.events import Lane, Part, Status
from bot.library.country import Country
from bot.outbox import as_json, outbox
from bot.peers import digests, groups, missed
from bot.peers.blocks import blocks
from bot.peers.members import ACTIVE, members
from bot.peers.posts import State, posts
from bot.people import addresses, people
from bot.rendering import render
from bot.voice import voice

AT_ONCE = 3  # posts that go one by one; more of them go as one digest
GROUPS = 20  # in one transaction
ONE_BY_ONE = [name for name, channel in CHANNELS.items() if not channel.limits.digests]
WINDOWED = [name for name, channel in CHANNELS.items() if channel.limits.window]

Row = sa.Row[tuple[Any, ...]]


def step(conn: sa.Connection, country: Country, now: datetime) -> bool:
    """Hands over what went out in some groups; True when there was any. In quiet hours nothing
    goes: it waits in the group until they end."""
    if country.peering.quiet_until(now, country.timezone):
        return False
    g = groups.groups.c
    behind = conn.execute(
        sa.select(groups.groups).where(sa.text("pushed < last_number"), g.open)
        .order_by(g.id).limit(GROUPS).with_for_update(skip_locked=True)
    ).all()  # fmt: skip
    for group in behind:
        _push(conn, group, country, now)
    return bool(behind)


def _push(conn: sa.Connection, group: Row, country: Country, now: datetime) -> None:
    fresh = conn.execute(
        sa.select(posts, members.c.name).outerjoin(members, members.c.id == posts.c.member_id)
        .where(posts.c.group_id == group.id, posts.c.number > group.pushed,
               posts.c.state == State.OUT.value)
        .order_by(posts.c.number).limit(AT_ONCE + 1)
    ).all()  # fmt: skip
    if len(fresh) <= AT_ONCE:
        in_step = sa.and_(*_able(group, now), members.c.got >= group.pushed)
        for post in fresh:
            _copies(conn, group, post, in_step, now)
        for id in missed.away(conn, group.id, group.pushed, group.last_number):
            missed.pass_by(conn, id, sa.select(members.c.id).where(_REACHED, in_step))
        conn.execute(
            members.update().where(_REACHED, in_step)
            .values(got=group.last_number, got_at=now)
        )
    digests.schedule(conn, group, country, now)
    conn.execute(
        groups.groups.update().where(groups.groups.c.id == group.id)
        .values(pushed=group.last_number)
    )  # fmt: skip


def _able(group: Row, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Who gets posts one by one at this moment."""
    return (
        members.c.group_id == group.id, ACTIVE, members.c.mode == Mode.LIVE.value,
        sa.or_(members.c.hushed_until.is_(None), members.c.hushed_until <= now),
        people.c.stopped == sa.false(), people.c.counsellor.is_(None),
        addresses.c.gone.is_(None), addresses.c.channel.in_(ONE_BY_ONE),
        sa.or_(addresses.c.channel.not_in(WINDOWED), addresses.c.window_until > now),
    )  # fmt: skip


# A member with the person behind it and the address that person is answered at.
_REACHED = sa.and_(people.c.id == members.c.person_id, addresses.c.id == people.c.reply_to)


def _copies(
    conn: sa.Connection, group: Row, post: Row, in_step: sa.ColumnElement[bool], now: datetime
) -> None:
    """One statement for all members: on a channel the text is the same for each of them. A post
    that is too long for one message takes a statement for each piece."""
    spoken = voice(group.language)
    say = single(spoken, as_relayed(group, post))
    rendered = {}
    for channel in ONE_BY_ONE:
        limits = CHANNELS[channel].limits
        shown = replace(say, options=say.options[: limits.relayed])
        rendered[channel] = render(shown, limits, spoken)
    for n in range(max(map(len, rendered.values()))):
        pieces = {name: parts[n] for name, parts in rendered.items() if n < len(parts)}
        query = _members_with(post, pieces, n, now).where(in_step)
        insert_from(conn, outbox, COLUMNS, query, "key")


def _members_with(
    post: Row, pieces: dict[str, Part], n: int, now: datetime
) -> sa.Select[*tuple[Any, ...]]:
    """The rows of the n-th piece of a post for those who have not got it, by channel."""
    moment = outbox.c.not_before.type
    part = sa.case(
        *((addresses.c.channel == name, sa.literal(as_json(piece), Json))
          for name, piece in pieces.items())
    )  # fmt: skip
    key = sa.literal(f"post:{post.id}:").concat(sa.cast(members.c.id, sa.String))
    return (
        sa.select(
            key.concat(f":{n}" if n else ""), members.c.person_id, addresses.c.id,
            addresses.c.channel, sa.literal(Lane.BULK.value), part,
            sa.literal(Status.QUEUED.value), sa.literal(0), sa.literal(0),
            sa.literal(now, moment), sa.literal(now, moment),
        )
        .where(
            _REACHED, addresses.c.channel.in_(pieces), members.c.got < post.number,
            members.c.id != (post.member_id or 0), _not_blocked(post.member_id),
        )
        .order_by(members.c.id)
    )  # fmt: skip


COLUMNS = ("key", "person_id", "address_id", "channel", "lane", "part", "status", "rank", "tries",
           "not_before", "created_at")  # fmt: skip


def _not_blocked(author_id: int | None) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(
        blocks.c.member_id == members.c.id, blocks.c.author_id == (author_id or 0)
    )


def as_relayed(group: Row, post: Row) -> Relayed:
    """A post as members see it; `post` carries the author's name."""
    return Relayed(
        group=group.id, tag=group.tag, number=post.number, name=post.name or "", text=post.text,
        reply_to=post.reply_to, question=post.question, media=post.media,
        media_key=post.media_key,
    )  # fmt: skip
