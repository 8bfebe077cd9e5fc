"""What a turn is given and what it decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.dialogue.peers.effects import PeerEffect
from bot.dialogue.peers.world import News, Peers
from bot.dialogue.person import Person
from bot.dialogue.states import Open, State
from bot.events import Attachment, Kind, Lane, Option
from bot.library import Library
from bot.voice import Voice, voice
from nlu.reading import Reading


class Act(StrEnum):
    """What staff did in a conversation."""

    TAKEN = "taken"
    REPLY = "reply"
    NUDGE = "nudge"  # WhatsApp's window is closed: please write
    RETURNED = "returned"  # nobody's again
    CLOSED = "closed"
    # What became of a claim code. Nobody of ours says it, but it comes the same way.
    CODE = "code"  # here is one
    LINKED = "linked"
    LINKED_STAFF = "linked_staff"
    NOT_LINKED = "not_linked"
    OWN_CODE = "own_code"
    MAY_SMS = "may_sms"  # the question that follows, once
    REFER = "refer"  # may we pass you on to this office?
    REFERRED = "referred"  # what became of it
    REFERRALS = "referrals"  # all that are open


class Standing(StrEnum):
    """How far a referral is."""

    ASKED = "asked"  # the person has to answer
    AGREED = "agreed"
    DECLINED = "declined"
    SENT = "sent"  # the office was told
    RECEIVED = "received"  # it confirmed that
    DONE = "done"  # it did what it was asked for
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Referral:
    """A referral as the person sees it: to whom, and everything that would be told there.
    `told`: the office has been told already."""

    id: int
    office: str
    standing: Standing
    language: str = ""
    region: str | None = None
    topic: str | None = None
    note: str = ""
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something that staff said or did, on its way to the person."""

    act: Act
    name: str = ""
    text: str = ""
    agreed: str = ""
    next: str = ""
    case: int = 0
    referrals: tuple[Referral, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One event as the conversation hears it. `reading` is there whenever there is text."""

    kind: Kind
    text: str = ""
    reading: Reading | None = None
    token: str | None = None
    attachment: Attachment | None = None
    media: str = ""  # where a photo or voice note can be fetched: "channel:reference"
    place: tuple[float, float] | None = None  # latitude, longitude
    locale: str | None = None  # the app's language, a hint only
    purpose: str | None = None  # of a timer
    edited: bool = False
    overtaken: bool = False  # a counsellor spoke after this was written and before it was read
    said: Said | None = None  # by staff
    news: News | None = None  # from a group
    replied: tuple[int, int] | None = None  # the group and number of the post this answers
    invited: int | None = None  # the group that the invitation code in the text opens


@dataclass(frozen=True)
class World:
    """What is true around the turn. `staffed`: a counsellor is at the desk now (None: unknown);
    `ahead`: how many wait before this person (None: unknown); `lately`: the priority of their
    case, if it was closed so lately that a need opens it again; `peers`: groups, and this person's.
    """

    library: Library
    now: datetime
    staffed: bool | None = None
    ahead: int | None = None
    lately: int | None = None
    peers: Peers = field(default_factory=Peers)


@dataclass(frozen=True, kw_only=True)
class Say:
    """Something to say; `options` in order of importance, a small phone drops the last ones.
    `template` names the provider's approved form of a text that may go at any time; `typed` is
    said instead of numbers where nothing can be tapped and numbers belong to somebody else;
    `media` is the key of a photo or voice note (`kind`), which small phones leave out."""

    text: str
    options: tuple[Option, ...] = ()
    lane: Lane = Lane.TALK
    template: str = ""
    typed: str = ""
    media: str = ""
    kind: str = ""


@dataclass(frozen=True)
class OpenCase:
    """A human of ours must look. `wants`: a woman (f) or a man (m)."""

    reason: str
    priority: int
    urgency: str | None = None
    wants: str | None = None


@dataclass(frozen=True)
class Left:
    """The person leaves the counsellor for the bot; the case stays open."""


@dataclass(frozen=True)
class RateCase:
    """The person says whether a talk with a counsellor helped."""

    case: int
    good: bool


@dataclass(frozen=True)
class Rate:
    """The person says whether an answer helped."""

    topic: str
    useful: bool


@dataclass(frozen=True)
class Consent:
    """The person allowed or withdrew something."""

    purpose: str
    given: bool


@dataclass(frozen=True)
class Learn:
    """A message of somebody who allows it was read wrongly: this one (`not_understood`), or the
    last one (`rated_bad` after the answer to `topic`, `human_asked`)."""

    why: str
    topic: str = ""


@dataclass(frozen=True)
class MakeCode:
    """A claim code is wanted."""


@dataclass(frozen=True)
class ClaimCode:
    """A claim code was written: whoever made it and who writes it are one person."""

    code: str


@dataclass(frozen=True)
class Decide:
    """The person's yes or no to a referral (None: the one we asked about; a no with nothing asked
    takes back every yes)."""

    referral: int | None
    yes: bool


@dataclass(frozen=True)
class ShowReferrals:
    """The person wants to see their referrals."""


@dataclass(frozen=True)
class Forget:
    """Everything stored about the person is to be deleted."""


Effect = (
    OpenCase | Left | RateCase | Rate | Consent | Learn | MakeCode | ClaimCode | Decide
    | ShowReferrals | Forget | PeerEffect
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The decision of one turn. `chosen`: the person took an option, so there was nothing to
    understand."""

    person: Person
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = field(default=())
    chosen: bool = False

    def and_(self, *effects: Effect) -> Outcome:
        """The same with more effects."""
        return replace(self, effects=(*self.effects, *effects))


@dataclass(frozen=True)
class Talk:
    """One turn's surroundings, passed from flow to flow: who, what was heard, and the world."""

    person: Person
    heard: Heard
    world: World

    @property
    def library(self) -> Library:
        return self.world.library

    @property
    def voice(self) -> Voice:
        return voice(self.person.language)

    def as_person(self, person: Person) -> Talk:
        """The same turn with a changed person (another language, say)."""
        return replace(self, person=person)

    def say(
        self, text: str, *options: Option, state: State | None = None, lane: Lane = Lane.TALK
    ) -> Outcome:
        """One message; its options become what numbers mean next. A message without options
        leaves the numbers of the menu before it alone."""
        state = state or Open(topic=getattr(self.person.state, "topic", None) or None)
        offered = options or self.person.state.offered
        person = replace(self.person, state=replace(state, offered=offered))
        return Outcome(person=person, says=(Say(text=text, options=options, lane=lane),))
