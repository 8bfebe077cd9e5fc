"""What a turn decides about groups; the database does it and may find that it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.screening.judge import Judgement
from bot.screening.rules import Verdict


@dataclass(frozen=True)
class Join:
    """Into the group under this name; `code`: of the invitation that brought them."""

    group: int
    name: str
    band: str
    code: str = ""


@dataclass(frozen=True)
class Leave:
    group: int


@dataclass(frozen=True, kw_only=True)
class Post:
    """A text for all others, with what the rules made of it. `written` is what the member wrote:
    only its digest is kept, to know it again."""

    group: int
    judgement: Judgement
    written: str
    reply: int = 0
    question: bool = False
    media: str = ""  # photo or voice
    media_ref: str = ""  # where it can be fetched

    @property
    def counts(self) -> bool:
        """Whether it is one of the posts that limits look back at; a refused one is not."""
        return self.judgement.verdict not in (Verdict.REJECT, Verdict.DISCARD)


@dataclass(frozen=True)
class React:
    """`kind`: like or thanks."""

    group: int
    number: int
    kind: str


@dataclass(frozen=True)
class ReportPost:
    group: int
    number: int
    why: str


@dataclass(frozen=True)
class BlockAuthor:
    """Nothing more from whoever wrote this post."""

    group: int
    number: int


@dataclass(frozen=True)
class Withdraw:
    group: int
    number: int


@dataclass(frozen=True)
class SetMode:
    group: int
    mode: str


@dataclass(frozen=True)
class Hush:
    """No posts until then; None: again at once."""

    group: int
    until: datetime | None


@dataclass(frozen=True)
class CatchUp:
    """What waits in the group, now."""

    group: int


@dataclass(frozen=True)
class Wish:
    """There is no group of this sector yet; the person would join one."""

    sector: str


@dataclass(frozen=True)
class Appeal:
    """The member asks for another look at a decision."""

    decision: int
    text: str


@dataclass(frozen=True)
class Decide:
    """A relay approves or declines a held post: by the id in a button, or by the number under
    which it waits, as they typed it."""

    group: int
    approve: bool
    post: int = 0
    number: int = 0


@dataclass(frozen=True)
class Hide:
    """A relay hides a post until a moderator looks."""

    group: int
    number: int


@dataclass(frozen=True)
class Pin:
    group: int
    number: int


@dataclass(frozen=True)
class Invite:
    """A relay wants a code to hand out."""

    group: int


@dataclass(frozen=True)
class OnCall:
    group: int
    on: bool


@dataclass(frozen=True)
class HelpAuthor:
    """A relay opens a case for the member who wrote this post and asked for help."""

    group: int
    number: int


@dataclass(frozen=True)
class Later:
    """News that must wait: until a moment, else a while, because a counsellor has the talk."""

    body: tuple[tuple[str, object], ...]
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """The member's activity for the register, with their consent."""

    sector: str
    region: str
    since: int  # a year
    seeks: tuple[str, ...]


@dataclass(frozen=True)
class Unrecord:
    """The activity is taken out of the register."""


@dataclass(frozen=True)
class LookUp:
    """Who in the network does this, by pseudonym."""

    sector: str
    region: str


PeerEffect = (
    Join | Leave | Post | React | ReportPost | BlockAuthor | Withdraw | SetMode | Hush | CatchUp
    | Wish | Appeal | Decide | Hide | Pin | Invite | OnCall | HelpAuthor | Later | Record | Unrecord
    | LookUp
)  # fmt: skip
