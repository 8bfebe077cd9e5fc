"""Groups, memberships and what happened in them, as a turn is given them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.dialogue.peers.effects import Leave, Post
from bot.screening.judge import Offers, Past
from bot.screening.rules import Finding, Rules


class Mode(StrEnum):
    """How a member gets posts."""

    LIVE = "live"
    DAILY = "daily"
    WEEKLY = "weekly"


class Standing(StrEnum):
    """What a member is; only ACTIVE ones send and get posts."""

    ACTIVE = "active"
    LEFT = "left"
    REMOVED = "removed"  # by a moderator, who may let them come back
    BANNED = "banned"  # until a moment, or for good


@dataclass(frozen=True, kw_only=True)
class Group:
    """One peer network: a sector, a region (None: the whole country) and one language. `last` is
    the number of its newest post."""

    id: int
    tag: str  # what is written after #
    sector: str
    region: str | None
    language: str
    members: int
    joined: int  # how many ever joined
    last: int = 0
    rules: Rules = field(default_factory=Rules)
    open: bool = True


@dataclass(frozen=True, kw_only=True)
class Membership:
    """One person in one group. `got`: the last post number that was handed to them; `latest`: when.
    """

    id: int
    group: Group
    name: str
    standing: Standing = Standing.ACTIVE
    until: datetime | None = None  # of a ban
    silenced_until: datetime | None = None
    hushed_until: datetime | None = None
    mode: Mode = Mode.LIVE
    approved: int = 0
    past: Past = field(default_factory=Past)
    relay_until: datetime | None = None
    got: int = 0
    latest: datetime | None = None

    @property
    def last(self) -> int:
        """The number of the group's newest post."""
        return self.group.last

    def kept_out(self, now: datetime) -> bool:
        """Whether a moderator keeps them out of the group now."""
        banned = self.standing is Standing.BANNED and (not self.until or now < self.until)
        return banned or self.standing is Standing.REMOVED

    def relays(self, now: datetime) -> bool:
        """Whether they have a relay's powers now."""
        return self.relay_until is not None and now < self.relay_until


def no_offer(text: str) -> Finding | None:
    """Where no model judges posts, a moderator does."""
    return None


@dataclass(frozen=True)
class Peers:
    """All open groups, and this person's memberships, also ended ones. `offers` judges texts."""

    groups: tuple[Group, ...] = ()
    mine: tuple[Membership, ...] = ()
    offers: Offers = no_offer

    @property
    def active(self) -> tuple[Membership, ...]:
        return tuple(m for m in self.mine if m.standing is Standing.ACTIVE and m.group.open)

    def after(self, effects: Iterable[object], now: datetime) -> Peers:
        """The same after a turn: what was just posted counts for the next one of the same batch.
        """
        mine = self.mine
        for effect in effects:
            if isinstance(effect, Post) and effect.counts:
                mine = tuple(
                    replace(m, past=m.past.with_(effect.written, now))
                    if m.group.id == effect.group else m for m in mine
                )  # fmt: skip
            elif isinstance(effect, Leave):
                mine = tuple(m for m in mine if m.group.id != effect.group)
        return replace(self, mine=mine)

    def in_group(self, id: int) -> Membership | None:
        """The person's active membership."""
        return next((m for m in self.active if m.group.id == id), None)

    def ever_in(self, id: int) -> Membership | None:
        """The person's membership whatever became of it."""
        return next((m for m in self.mine if m.group.id == id), None)

    def group(self, id: int) -> Group | None:
        return next((g for g in self.groups if g.id == id), None)

    def tagged(self, tag: str) -> Membership | None:
        return next((m for m in self.active if m.group.tag == tag), None)


class Event(StrEnum):
    """What happened in a group that its member is told."""

    JOINED = "joined"
    NAME_TAKEN = "name_taken"
    REFUSED = "refused"  # the group is closed, or they are banned from it
    POSTED = "posted"
    NO_SUCH_POST = "no_such_post"
    THANKED = "thanked"
    WITHDRAWN = "withdrawn"
    REPORTED = "reported"
    BLOCKED = "blocked"
    APPROVED = "approved"
    DECLINED = "declined"  # a held post will not go out
    HIDDEN = "hidden"
    WARNED = "warned"
    SILENCED = "silenced"
    REMOVED = "removed"
    BANNED = "banned"
    LIFTED = "lifted"  # a sanction is over
    APPEAL_KEPT = "appeal_kept"  # looked at, and the decision stays
    OPENED = "opened"  # a group somebody had asked for
    CLOSED = "closed"
    APPOINTED = "appointed"  # a relay
    TERM_ENDS = "term_ends"
    NEWCOMER = "newcomer"  # to relays: somebody joined, not who
    HELD = "held"  # to relays: a post waits
    NOT_WAITING = "not_waiting"  # to relays: decided already, or never there
    UNCHECKED = "unchecked"  # to relays: nobody can see or hear it yet
    SEND_AGAIN = "send_again"  # an appeal was right, and the file is gone meanwhile
    ASKED = "asked"  # to the member's case: noted
    INVITATION = "invitation"
    REACHED = "reached"  # what a look-up found (register of activities)


@dataclass(frozen=True, kw_only=True)
class News:
    """`reason` is a moderator's or a rule's; `until` ends a sanction; `decision` may be appealed.
    """

    event: Event
    group: int = 0
    sector: str = ""
    tag: str = ""
    number: int = 0
    members: int = 0
    name: str = ""
    text: str = ""
    reason: str = ""
    until: datetime | None = None
    decision: int = 0
    post: int = 0
    media: str = ""  # the key of a photo or voice note
    kind: str = ""
