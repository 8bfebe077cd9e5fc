"""The chain of rules a post goes through before anybody else sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.screening import contacts
from bot.screening.rules import STRICTNESS, Finding, Rules, Verdict
from nlu.normalise import fold

Offers = Callable[[str], Finding | None]  # what a text offers or demands, by a trained model
REMEMBERED = 60  # posts of one member: no limit of ours looks back further
HOURS = 24


@dataclass(frozen=True)
class Past:
    """What a member sent lately: when, and the digest of each text."""

    sent: tuple[tuple[datetime, str], ...] = ()

    def with_(self, text: str, now: datetime) -> Past:
        """With one more; what is older than a day is forgotten."""
        kept = tuple(one for one in self.sent if now - one[0] < timedelta(hours=HOURS))
        return Past((*kept, (now, digest(text)))[-REMEMBERED:])


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who writes, as far as the rules ask. `approved`: posts that have gone out."""

    approved: int = 0
    trusted: bool = False  # a relay of the group, or our own team
    silenced_until: datetime | None = None
    past: Past = field(default_factory=Past)


@dataclass(frozen=True)
class Judgement:
    """`text` is what may go out; `findings` are all reasons, the gravest first."""

    verdict: Verdict
    text: str
    findings: tuple[Finding, ...] = ()


def judge(
    text: str, rules: Rules, author: Author, now: datetime, *, language: str,
    offers: Offers, words: dict[Finding, str], media: bool = False,
) -> Judgement:  # fmt: skip
    """Decides. `words` are what stands in place of something hidden, in the group's language."""
    for finding in _limits(text, rules, author, now):
        return Judgement(rules.verdict(finding), text, (finding,))
    spans = contacts.find(text)
    found = {kind for _, _, kind in spans}
    if offer := offers(text):
        found.add(offer)
    if _banned(text, rules, language):
        found.add(Finding.WORD)
    if media:
        found.add(Finding.MEDIA)
    if rules.hold_all and not author.trusted:
        found.add(Finding.HOLD_ALL)
    if author.approved < rules.hold_first and not author.trusted:
        found.add(Finding.NEWCOMER)
    order = list(Finding)
    ordered = sorted(
        found, key=lambda f: (-STRICTNESS.index(rules.verdict(f)), order.index(f))
    )
    verdict = rules.verdict(ordered[0]) if ordered else Verdict.ACCEPT
    hidden = [span for span in spans if rules.verdict(span[2]) is not Verdict.ACCEPT]
    return Judgement(verdict, contacts.mask(text, hidden, words), tuple(ordered))


def digest(text: str) -> str:
    """Tells whether two texts say the same, without keeping either."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def _limits(text: str, rules: Rules, author: Author, now: datetime) -> list[Finding]:
    """The first limit that is passed, if any: no need to look at the text then."""
    if author.silenced_until and now < author.silenced_until:
        return [Finding.SILENCED]
    if len(text) > rules.longest:
        return [Finding.LONG]
    recent = [(at, what) for at, what in author.past.sent if now - at < timedelta(hours=HOURS)]
    same = digest(text)
    if text.strip() and any(what == same for _, what in recent):
        return [Finding.DUPLICATE]
    minute = [at for at, _ in recent if now - at < timedelta(minutes=1)]
    if len(minute) >= rules.per_minute or len(recent) >= rules.per_day:
        return [Finding.FLOOD]
    if rules.slow and any(now - at < timedelta(seconds=rules.slow) for at, _ in recent):
        return [Finding.SLOW]
    return []


def _banned(text: str, rules: Rules, language: str) -> bool:
    """Whether a banned word stands in the text, whole, as it sounds without marks."""
    listed = [*rules.words.get(language, ()), *rules.words.get("", ())]
    spoken = f" {fold(text)} "
    return any(f" {fold(word)} " in spoken for word in listed if fold(word))
