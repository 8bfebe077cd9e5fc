"""Doing what a turn decided about groups, inside its transaction; what only the database knows is
told to the member as news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import timers
from bot.dialogue.peers import effects as does
from bot.dialogue.peers import register
from bot.dialogue.peers.effects import PeerEffect
from bot.dialogue.peers.world import Event, Mode, News, Standing
from bot.library import Library
from bot.peers import (
    activities,
    appeals,
    blocks,
    copies,
    groups,
    invitations,
    members,
    missed,
    news,
    posts,
    reactions,
    relaying,
    reports,
    wishes,
)
from bot.peers.members import Row
from bot.peers.posts import NewPost, State
from bot.screening.rules import Verdict
from bot.voice import voice

LATER = timedelta(minutes=30)
STATES = {
    Verdict.ACCEPT: State.OUT, Verdict.MASK: State.OUT, Verdict.HOLD: State.HELD,
    Verdict.REJECT: State.REJECTED,
}  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """Whose turn it was, on which event."""

    person_id: int
    event_id: int
    language: str
    region: str | None
    library: Library
    now: datetime


def apply(conn: sa.Connection, turn: Turn, effect: PeerEffect) -> None:
    """Does one effect; whoever is not in the group any more does nothing in it."""
    _DOES[type(effect)](conn, turn, effect)


def _tell(conn: sa.Connection, turn: Turn, found: News) -> None:
    key = f"peers:{turn.event_id}:{found.event}:{found.group}"
    news.tell(conn, turn.person_id, key, found, turn.now)


def _member(conn: sa.Connection, turn: Turn, group_id: int) -> Row | None:
    row = members.in_group(conn, group_id, turn.person_id)
    return row if row and row.standing == Standing.ACTIVE.value else None


def _join(conn: sa.Connection, turn: Turn, effect: does.Join) -> None:
    group, before = groups.one(conn, effect.group), members.in_group(
        conn, effect.group, turn.person_id
    )
    if group is None or not group.open or _kept_out(before, turn.now):
        _tell(conn, turn, News(event=Event.REFUSED, group=effect.group))
        return
    row = members.enter(conn, group.id, turn.person_id, effect.name, effect.band, turn.now)
    if row is None:
        _tell(conn, turn, News(event=Event.NAME_TAKEN, group=group.id, name=effect.name,
                               reason=effect.band, text=effect.code))  # fmt: skip
        return
    missed.clear(conn, row.id)
    if effect.code:
        invitation = invitations.use(conn, effect.code, group.id, turn.now)
        members.change(conn, row.id, invitation_id=invitation)
    held, pinned = row.approved < group.rules.hold_first, posts.pinned(conn, group.id)
    _tell(conn, turn, News(
        event=Event.JOINED, group=group.id, tag=group.tag, name=row.name,
        members=group.members + 1, reason="held" if held else "",
        text=pinned.text if pinned else "",
    ))  # fmt: skip
    relaying.welcome(conn, row, turn.event_id, turn.now)


def _kept_out(row: Row | None, now: datetime) -> bool:
    if row is None or row.standing == Standing.REMOVED.value:
        return row is not None
    return bool(row.standing == Standing.BANNED.value and (row.until is None or row.until > now))


def _leave(conn: sa.Connection, turn: Turn, effect: does.Leave) -> None:
    if row := _member(conn, turn, effect.group):
        members.end(conn, row, Standing.LEFT, turn.now)
        copies.stop_member(conn, row)


def _post(conn: sa.Connection, turn: Turn, effect: does.Post) -> None:
    row, judged = _member(conn, turn, effect.group), effect.judgement
    state = STATES.get(judged.verdict)
    if row is None or state is None:
        return
    if effect.counts:
        past = members.load_past(row.past).with_(effect.written, turn.now)
        members.change(conn, row.id, past=members.dump_past(past))
    post = posts.put(conn, NewPost(
        group_id=effect.group, member_id=row.id, event_id=turn.event_id, state=state,
        text=judged.text, findings=[f.value for f in judged.findings],
        reply_to=_existing(conn, effect), question=effect.question, media=effect.media or None,
        media_ref=effect.media_ref or None if state is State.HELD else None,
    ), turn.now)  # fmt: skip
    if state is State.OUT:
        group = groups.one(conn, effect.group)
        _tell(conn, turn, News(
            event=Event.POSTED, group=effect.group, number=post.number,
            members=group.members if group else 0, reason=",".join(post.findings),
        ))  # fmt: skip
    elif state is State.HELD and not posts.unchecked(post):  # else: as soon as it is cleaned
        relaying.held(conn, post, row, turn.now)


def _existing(conn: sa.Connection, effect: does.Post) -> int | None:
    """The post it answers, if there is one: a wrong number makes it an ordinary post."""
    if not effect.reply:
        return None
    row = posts.numbered(conn, effect.group, effect.reply)
    return row.number if row else None


def _about(
    conn: sa.Connection, turn: Turn, group_id: int, number: int
) -> tuple[Row, posts.Row] | None:
    """The member and the post they mean, which is not there any more now and then."""
    row, post = _member(conn, turn, group_id), posts.numbered(conn, group_id, number)
    if row is None:
        return None
    if post is None:
        _tell(conn, turn, News(event=Event.NO_SUCH_POST, group=group_id, number=number))
        return None
    return row, post


def _react(conn: sa.Connection, turn: Turn, effect: does.React) -> None:
    found = _about(conn, turn, effect.group, effect.number)
    if found is None or found[0].id == found[1].member_id:
        return
    row, post = found
    if reactions.put(conn, post.id, row.id, effect.kind, turn.now) and effect.kind == "thanks":
        author = members.one(conn, post.member_id) if post.member_id else None
        if author:
            told = News(event=Event.THANKED, group=effect.group, number=effect.number,
                        name=row.name)  # fmt: skip
            key = f"thanks:{post.id}:{row.id}"
            news.tell(conn, author.person_id, key, told, turn.now)


def _report(conn: sa.Connection, turn: Turn, effect: does.ReportPost) -> None:
    if found := _about(conn, turn, effect.group, effect.number):
        row, post = found
        if reports.put(conn, post.id, row.id, effect.why, turn.now):
            relaying.reported(conn, post.id, effect.why, turn.library, turn.now)
        _tell(conn, turn, News(event=Event.REPORTED, group=effect.group, number=effect.number))


def _block(conn: sa.Connection, turn: Turn, effect: does.BlockAuthor) -> None:
    found = _about(conn, turn, effect.group, effect.number)
    author = members.one(conn, found[1].member_id) if found and found[1].member_id else None
    if found and author and author.id != found[0].id:
        blocks.put(conn, found[0].id, author.id, turn.now)
        _tell(conn, turn, News(event=Event.BLOCKED, group=effect.group, name=author.name))


def _withdraw(conn: sa.Connection, turn: Turn, effect: does.Withdraw) -> None:
    found = _about(conn, turn, effect.group, effect.number)
    if found is None:
        return
    row, post = found
    own = post.member_id == row.id
    if own and posts.set_state(conn, post.id, State.WITHDRAWN, was=(State.OUT, State.HELD)):
        copies.stop_post(conn, post.id, post.group_id, turn.now, returns=False)
    elif not own or post.state != State.WITHDRAWN.value:
        _tell(conn, turn, News(event=Event.NO_SUCH_POST, group=effect.group,
                               number=effect.number))  # fmt: skip
        return
    _tell(conn, turn, News(event=Event.WITHDRAWN, group=effect.group, number=effect.number))


def _set_mode(conn: sa.Connection, turn: Turn, effect: does.SetMode) -> None:
    if row := _member(conn, turn, effect.group):
        due = turn.now
        if effect.mode != Mode.LIVE.value:
            country = turn.library.country
            due = country.peering.next_digest(
                turn.now, country.timezone, weekly=effect.mode == Mode.WEEKLY.value
            )
        members.change(conn, row.id, mode=effect.mode, due_at=due)


def _hush(conn: sa.Connection, turn: Turn, effect: does.Hush) -> None:
    if row := _member(conn, turn, effect.group):
        members.change(conn, row.id, hushed_until=effect.until, due_at=effect.until or turn.now)


def _catch_up(conn: sa.Connection, turn: Turn, effect: does.CatchUp) -> None:
    if row := _member(conn, turn, effect.group):
        members.change(conn, row.id, due_at=turn.now, wants=True)


def _wish(conn: sa.Connection, turn: Turn, effect: does.Wish) -> None:
    wishes.put(conn, turn.person_id, effect.sector, region=turn.region, language=turn.language,
               now=turn.now)  # fmt: skip


def _appeal(conn: sa.Connection, turn: Turn, effect: does.Appeal) -> None:
    appeals.put(conn, effect.decision, turn.person_id, effect.text, turn.now)


def _later(conn: sa.Connection, turn: Turn, effect: does.Later) -> None:
    body = {"purpose": news.PURPOSE, **dict(effect.body)}
    when = effect.until or turn.now + LATER
    timer = timers.Timer(f"peers-later:{turn.event_id}", turn.person_id, when, body)
    timers.put(conn, [timer])


def _record(conn: sa.Connection, turn: Turn, effect: does.Record) -> None:
    activities.put(conn, turn.person_id, sector=effect.sector, region=effect.region,
                   since=effect.since, seeks=effect.seeks, now=turn.now)  # fmt: skip


def _unrecord(conn: sa.Connection, turn: Turn, effect: does.Unrecord) -> None:
    activities.remove(conn, turn.person_id)


def _look_up(conn: sa.Connection, turn: Turn, effect: does.LookUp) -> None:
    found = activities.find(conn, turn.person_id, effect.sector, effect.region)
    text = register.listed(voice(turn.language), turn.library, [
        register.Entry(row.name, row.tag, row.region, row.since, tuple(row.seeks)) for row in found
    ])  # fmt: skip
    _tell(conn, turn, News(event=Event.REACHED, text=text))


def _by_relay(conn: sa.Connection, turn: Turn, effect: relaying.RelayEffect) -> None:
    row = _member(conn, turn, effect.group)
    if row and row.relay_until and row.relay_until > turn.now:
        relaying.apply(conn, row, effect, turn.event_id, turn.library, turn.now)


_DOES: dict[type[PeerEffect], Callable[[sa.Connection, Turn, Any], None]] = {
    does.Join: _join, does.Leave: _leave, does.Post: _post, does.React: _react,
    does.ReportPost: _report, does.BlockAuthor: _block, does.Withdraw: _withdraw,
    does.SetMode: _set_mode, does.Hush: _hush, does.CatchUp: _catch_up, does.Wish: _wish,
    does.Appeal: _appeal, does.Later: _later, does.Record: _record, does.Unrecord: _unrecord,
    does.LookUp: _look_up, does.Decide: _by_relay, does.Hide: _by_relay, does.Pin: _by_relay,
    does.Invite: _by_relay, does.OnCall: _by_relay, does.HelpAuthor: _by_relay,
}  # fmt: skip
