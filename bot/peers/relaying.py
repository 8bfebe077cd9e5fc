"""What relays do in their group, and what they are told: never who somebody is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot import cases, clock, people
from bot.channels import limits
from bot.dialogue.peers import effects as does
from bot.dialogue.peers.world import Event, News
from bot.library import Library
from bot.peers import decisions, invitations, members, moderation, news, posts, reports
from bot.peers.decisions import Act, By
from bot.peers.members import Row
from bot.peers.posts import State

RelayEffect = (
    does.Decide | does.Hide | does.Pin | does.Invite | does.OnCall | does.HelpAuthor
)
SAME_DAY = 1  # priority of a case that a relay or a report of danger opens


def welcome(conn: sa.Connection, row: Row, event_id: int, now: datetime) -> None:
    """The relays of the group learn that somebody joined, not who."""
    for relay in members.relays(conn, row.group_id, now, on_call=True):
        if relay.id != row.id:
            told = News(event=Event.NEWCOMER, group=row.group_id)
            news.tell(conn, relay.person_id, f"newcomer:{event_id}:{relay.id}", told, now)


def held(conn: sa.Connection, post: posts.Row, author: Row, now: datetime) -> None:
    """A post waits: the relays on call may decide, unless they wrote it, or cannot see or hear what
    is in it."""
    for relay in members.relays(conn, post.group_id, now, on_call=True):
        if relay.id == author.id or not _perceives(conn, post, relay):
            continue
        told = News(
            event=Event.HELD, group=post.group_id, post=post.id, number=post.waits_as or 0,
            name=author.name, text=post.text, reason=", ".join(post.findings),
            media=post.media_key or "", kind=post.media or "",
        )  # fmt: skip
        news.tell(conn, relay.person_id, f"held:{post.id}:{relay.id}", told, now)


def reported(
    conn: sa.Connection, post_id: int, why: str, library: Library, now: datetime
) -> None:
    """Several members reported it: out until a moderator looks. Somebody in danger: a case."""
    post = posts.one(conn, post_id)
    if post is None:
        return
    if post.reports >= reports.HIDES:
        moderation.hide(conn, post_id, By(), "reports", now)
    if why == "danger" and post.member_id:
        author = members.one(conn, post.member_id)
        if author:
            _open_case(conn, author.person_id, "peer_report", library, now)


def apply(
    conn: sa.Connection, relay: Row, effect: RelayEffect, event_id: int, library: Library,
    now: datetime,
) -> None:  # fmt: skip
    """Does what a relay decided; only in their own group, and nothing about their own posts."""
    by, group = By(relay_id=relay.id), relay.group_id
    match effect:
        case does.Decide():
            _decide(conn, relay, effect, event_id, now)
        case does.Hide(number=number):
            post = posts.numbered(conn, group, number)
            if post is None or not moderation.hide(conn, post.id, by, "", now):
                _no_such(conn, relay, number, event_id, now)
        case does.Pin(number=number):
            post = posts.numbered(conn, group, number)
            if post is None or post.state != State.OUT.value:
                _no_such(conn, relay, number, event_id, now)
                return
            posts.pin(conn, post)
            decisions.note(conn, Act.PINNED, group, by, now, post_id=post.id)
        case does.Invite():
            code, until = invitations.new(conn, group, now, member_id=relay.id)
            decisions.note(conn, Act.INVITED, group, by, now)
            told = News(event=Event.INVITATION, group=group, text=code, until=until)
            news.tell(conn, relay.person_id, f"invitation:{event_id}", told, now)
        case does.OnCall(on=on):
            members.change(conn, relay.id, on_call=on)
        case does.HelpAuthor(number=number):
            _help(conn, relay, number, event_id, library, now)


def _decide(
    conn: sa.Connection, relay: Row, effect: does.Decide, event_id: int, now: datetime
) -> None:
    """About the post of a button, or the one that waits under the number they typed."""
    by, group = By(relay_id=relay.id), relay.group_id
    post = posts.one(conn, effect.post) if effect.post else posts.waiting(
        conn, group, effect.number
    )
    if post is None or post.group_id != group or not _may_decide(post, relay):
        ours = post is not None and post.group_id == group
        number = effect.number or (post.waits_as or 0 if post and ours else 0)
        told = News(event=Event.NOT_WAITING, group=group, number=number)
        news.tell(conn, relay.person_id, f"not-waiting:{event_id}", told, now)
    elif effect.approve and not _perceives(conn, post, relay):
        told = News(event=Event.UNCHECKED, group=group)
        news.tell(conn, relay.person_id, f"unchecked:{event_id}", told, now)
    elif effect.approve:
        moderation.approve(conn, post.id, by, now)
    else:
        moderation.decline(conn, post.id, by, "", now)


def _no_such(
    conn: sa.Connection, relay: Row, number: int, event_id: int, now: datetime
) -> None:
    told = News(event=Event.NO_SUCH_POST, group=relay.group_id, number=number)
    news.tell(conn, relay.person_id, f"no-such:{event_id}", told, now)


def _may_decide(post: posts.Row, relay: Row) -> bool:
    """Held ones only: what a moderator or reports took out is for moderators."""
    return bool(post.state == State.HELD.value and post.member_id != relay.id)


def _perceives(conn: sa.Connection, post: posts.Row, relay: Row) -> bool:
    """Whether this relay can have seen or heard all of the post."""
    if not post.media:
        return True
    reply = people.reply_addresses(conn, [relay.person_id]).get(relay.person_id)
    return bool(post.media_key and reply and limits(reply[1]).files)


def _help(
    conn: sa.Connection, relay: Row, number: int, event_id: int, library: Library, now: datetime
) -> None:
    """A case for whoever asked for help in the post; the relay does not see it."""
    post = posts.numbered(conn, relay.group_id, number)
    author = members.one(conn, post.member_id) if post and post.member_id else None
    if post is None or author is None or author.id == relay.id:
        _no_such(conn, relay, number, event_id, now)
        return
    _open_case(conn, author.person_id, "relay", library, now)
    decisions.note(conn, Act.HELPED, relay.group_id, By(relay_id=relay.id), now,
                   member_id=author.id, post_id=post.id)  # fmt: skip
    told = News(event=Event.ASKED, group=relay.group_id, number=number)
    news.tell(conn, relay.person_id, f"asked:{event_id}", told, now)


def _open_case(
    conn: sa.Connection, person_id: int, reason: str, library: Library, now: datetime
) -> None:
    person = people.read(conn, [person_id]).get(person_id)
    reply = people.reply_addresses(conn, [person_id]).get(person_id)
    if person is None or reply is None:
        return
    new = cases.NewCase(
        person_id=person_id, reason=reason, urgency=None, priority=SAME_DAY,
        language=person.language, region=person.region, channel=reply[1],
    )  # fmt: skip
    cases.open_case(conn, new, clock.plan(library.country, SAME_DAY, now), now)
