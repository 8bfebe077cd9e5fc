"""Everything about groups that the turns of a batch may ask for, read in as few statements as
possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from bot.dialogue.peers.join import invitation_in
from bot.dialogue.peers.world import Event as Happened
from bot.dialogue.peers.world import Group, Membership, News, Peers
from bot.events import Kind
from bot.inbox import Claim, Event
from bot.outbox import outbox
from bot.peers import groups, invitations, members, news, posts
from bot.screening.judge import Offers

SPOKEN = (Kind.MESSAGE, Kind.CHOICE, Kind.PEERS, Kind.DUE)


@dataclass(frozen=True)
class Around:
    """`mine` by person id; `invited` by code; `replied` by the provider's id of our message.
    `decided`: posts that relays were to decide about and that do not wait any more."""

    offers: Offers
    groups: tuple[Group, ...] = ()
    mine: dict[int, tuple[Membership, ...]] = field(default_factory=dict)
    invited: dict[str, int] = field(default_factory=dict)
    replied: dict[str, tuple[int, int]] = field(default_factory=dict)
    decided: frozenset[int] = frozenset()

    def of(self, person_id: int) -> Peers:
        """The groups as this person's turn sees them."""
        return Peers(self.groups, self.mine.get(person_id, ()), self.offers)

    def invited_by(self, event: Event) -> int | None:
        """The group that a code in the text opens."""
        code = invitation_in(str(event.body.get("text") or ""))
        return self.invited.get(code) if code else None

    def news(self, event: Event) -> News | None:
        """What it tells, unless that is over."""
        found = news.load(event.body) if event.kind in (Kind.PEERS, Kind.DUE) else None
        over = found and found.event is Happened.HELD and found.post in self.decided
        return None if over else found

    def replied_to(self, event: Event) -> tuple[int, int] | None:
        """The group and number of the post this is the app's own reply to."""
        return self.replied.get(str(event.body.get("replied") or ""))


def read(conn: sa.Connection, claims: Sequence[Claim], offers: Offers, now: datetime) -> Around:
    """Reads it; receipts alone need nothing."""
    events = [event for claim in claims for event in claim.events if event.kind in SPOKEN]
    if not events:
        return Around(offers)
    known = {group.id: group for group in groups.everyone(conn, closed=True)}
    if not known:
        return Around(offers)
    codes = {invitation_in(str(event.body.get("text") or "")) for event in events}
    answered = {str(event.body["replied"]) for event in events if event.body.get("replied")}
    return Around(
        offers,
        tuple(group for group in known.values() if group.open),
        members.of_people(conn, [claim.person_id for claim in claims], known),
        invitations.groups_of(conn, [code for code in codes if code], now),
        _posts_of(conn, answered, [claim.person_id for claim in claims]),
        _decided(conn, {event.body["post"] for event in events if _asks(event)}),
    )


def _asks(event: Event) -> bool:
    """Whether it brings a relay a post that waits."""
    return event.body.get("event") == Happened.HELD.value and "post" in event.body


def _decided(conn: sa.Connection, ids: set[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    p = posts.posts.c
    gone = sa.select(p.id).where(p.id.in_(ids), p.state != posts.State.HELD.value)
    return frozenset(conn.scalars(gone))


def _posts_of(
    conn: sa.Connection, provider_ids: set[str], person_ids: Sequence[int]
) -> dict[str, tuple[int, int]]:
    """Which posts these messages of ours carried: the key of the row names the post."""
    if not provider_ids:
        return {}
    o = outbox.c
    rows = conn.execute(
        sa.select(o.provider_id, o.key).where(
            sa.text("outbox.lane = '2' AND outbox.provider_id IS NOT NULL"),
            o.provider_id.in_(provider_ids), o.person_id.in_(person_ids),
        )
    )  # fmt: skip
    # Many may answer the same post at once, each by the copy that they got.
    of = {row.provider_id: int(row.key.split(":")[1]) for row in rows
          if row.key.startswith("post:")}  # fmt: skip
    p = posts.posts.c
    query = sa.select(p.id, p.group_id, p.number).where(p.id.in_(set(of.values())))
    found = {row.id: (row.group_id, row.number) for row in conn.execute(query)}
    return {provider_id: found[id] for provider_id, id in of.items() if id in found}
