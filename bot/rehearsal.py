"""A conversation without a network or a database: for the terminal and for transcripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels import limits
from bot.dialogue.core import (
    Act,
    ClaimCode,
    Decide,
    Heard,
    MakeCode,
    Outcome,
    Referral,
    Said,
    ShowReferrals,
    World,
)
from bot.dialogue.peers.commands import spoken
from bot.dialogue.person import Person
from bot.dialogue.refer import ANSWERS, OPEN
from bot.dialogue.turn import turn
from bot.events import Kind, Part
from bot.library import Library
from bot.rendering import offered, render
from bot.voice import voice
from nlu.engine import Engine

SAMPLE = "LINK AB2CD3EF"


class Rehearsal:
    """One person on one channel; the same turns, readings and rendering as in the service."""

    def __init__(self, library: Library, engine: Engine, channel: str = "sms") -> None:
        self._library = library
        self._engine = engine
        self.limits = limits(channel)
        self.person = Person()
        self.outcome = Outcome(person=self.person)
        self.referral: Referral | None = None  # what would lie in the database

    def write(self, text: str, now: datetime) -> list[Part]:
        """The person writes; returns what comes back."""
        words = spoken(text)
        reading = self._engine.read(words) if words else None
        parts = self.hear(Heard(kind=Kind.MESSAGE, text=text, reading=reading), now)
        for effect in self.outcome.effects:  # the database would answer; here no code is one
            if isinstance(effect, MakeCode):
                parts += self._told(Said(act=Act.CODE, text=SAMPLE), now)
            elif isinstance(effect, ClaimCode):
                parts += self._told(Said(act=Act.NOT_LINKED), now)
            elif isinstance(effect, Decide):
                parts += self._told(Said(act=Act.REFERRED, referrals=self._decided(effect)), now)
            elif isinstance(effect, ShowReferrals):
                all_ = (self.referral,) if self.referral else ()
                parts += self._told(Said(act=Act.REFERRALS, referrals=all_), now)
        return parts

    def propose(self, referral: Referral, now: datetime) -> list[Part]:
        """Staff ask whether the person may be referred; one at a time here."""
        self.referral = referral
        return self._told(Said(act=Act.REFER, referrals=(referral,)), now)

    def _decided(self, effect: Decide) -> tuple[Referral, ...]:
        found = self.referral
        if found is None or found.standing not in OPEN or effect.referral not in (None, found.id):
            return ()
        to = ANSWERS.get((found.standing, effect.yes), found.standing)
        self.referral = replace(found, standing=to)
        return (self.referral,)

    def _told(self, said: Said, now: datetime) -> list[Part]:
        return self.hear(Heard(kind=Kind.STAFF, said=said), now)

    def hear(self, heard: Heard, now: datetime) -> list[Part]:
        """Any event."""
        self.outcome = turn(self.person, heard, World(self._library, now))
        person = self.outcome.person
        shown = offered(person.state.offered, self.limits)
        self.person = replace(person, state=replace(person.state, offered=shown))
        said = voice(person.language)
        return [part for say in self.outcome.says for part in render(say, self.limits, said)]
