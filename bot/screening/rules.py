"""What a group allows: how often, how much, and what becomes of each kind of finding."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What becomes of a post, from the mildest to the strictest."""

    ACCEPT = "accept"
    MASK = "mask"  # the finding is hidden, the rest goes out
    HOLD = "hold"  # a moderator or relay decides
    REJECT = "reject"  # the author is told why
    DISCARD = "discard"  # nothing new in it


class Finding(StrEnum):
    """Why a post may not simply go out."""

    NUMBER = "number"  # a phone number, also in words
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"  # an account name elsewhere
    PAYMENT = "payment"  # asks members for money
    RECRUITER = "recruiter"  # offers work or visas abroad
    SMUGGLING = "smuggling"  # offers a way without papers
    FEE = "fee"  # money before a job, a loan or a kit
    ABUSE = "abuse"  # insults, threats, hatred
    WORD = "word"  # on the group's list
    MEDIA = "media"  # a picture or voice note: nobody has seen or heard it yet
    NEWCOMER = "newcomer"  # the first posts of a member
    HOLD_ALL = "hold_all"  # the emergency switch
    LONG = "long"
    SLOW = "slow"  # too soon after the last one
    FLOOD = "flood"  # too many
    DUPLICATE = "duplicate"
    SILENCED = "silenced"  # by a moderator, until a moment
    # What a photo or voice note turns out to be when it is fetched and cleaned.
    LOST = "lost"  # the provider does not give it
    HEAVY = "heavy"  # too many bytes or pixels
    FORMAT = "format"  # something else than it should be
    BROKEN = "broken"  # cut off, or made up


DEFAULTS: dict[str, str] = {
    **dict.fromkeys(("number", "email", "link", "handle"), Verdict.MASK.value),
    **dict.fromkeys(("payment", "recruiter", "smuggling", "fee", "abuse", "word", "media"),
                    Verdict.HOLD.value),
    **dict.fromkeys(("newcomer", "hold_all"), Verdict.HOLD.value),
    **dict.fromkeys(("long", "slow", "flood", "silenced"), Verdict.REJECT.value),
    **dict.fromkeys(("lost", "heavy", "format", "broken"), Verdict.REJECT.value),
    "duplicate": Verdict.DISCARD.value,
}  # fmt: skip
MAY_CHANGE = ("number", "email", "link", "handle", "payment", "recruiter", "smuggling", "fee",
              "abuse", "word")  # fmt: skip
FILES = frozenset((Finding.LOST, Finding.HEAVY, Finding.FORMAT, Finding.BROKEN))
STRICTNESS = list(Verdict)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A group's own rules; everything left out has the value that stands here. `kinds` says what
    becomes of a finding where it differs from DEFAULTS; `words` are banned ones by language."""

    hold_first: int = 2  # posts of a newcomer that a moderator sees first
    hold_all: bool = False
    slow: int = 0  # seconds between two posts of one member
    per_minute: int = 5
    per_day: int = 60
    longest: int = 600  # characters: four SMS at most
    kinds: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def verdict(self, finding: Finding) -> Verdict:
        """What becomes of a post with this finding. What nobody has looked at is never simply
        accepted, whatever the group says."""
        return Verdict(self.kinds.get(finding.value, DEFAULTS[finding.value]))


def dump(rules: Rules) -> dict[str, Any]:
    """As JSON; what is at its default is left out."""
    default = asdict(Rules())
    return {name: value for name, value in asdict(rules).items() if value != default[name]}


def load(body: dict[str, Any]) -> Rules:
    """Back from JSON; fields nobody knows any more are ignored."""
    known = {f.name for f in fields(Rules)}
    kinds = {k: v for k, v in (body.get("kinds") or {}).items()
             if k in MAY_CHANGE and v in set(Verdict)}  # fmt: skip
    return Rules(**{k: v for k, v in body.items() if k in known} | {"kinds": kinds})
