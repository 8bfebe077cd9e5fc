"""A conversation without a network or a database: for the terminal and for transcripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels import limits
from bot.dialogue.core import Heard, Outcome, World
from bot.dialogue.person import Person
from bot.dialogue.turn import turn
from bot.events import Kind, Part
from bot.library import Library
from bot.rendering import offered, render
from bot.voice import voice
from nlu.engine import Engine


class Rehearsal:
    """One person on one channel; the same turns, readings and rendering as in the service."""

    def __init__(self, library: Library, engine: Engine, channel: str = "sms") -> None:
        self._library = library
        self._engine = engine
        self.limits = limits(channel)
        self.person = Person()
        self.outcome = Outcome(person=self.person)

    def write(self, text: str, now: datetime) -> list[Part]:
        """The person writes; returns what comes back."""
        reading = self._engine.read(text) if text else None
        return self.hear(Heard(kind=Kind.MESSAGE, text=text, reading=reading), now)

    def hear(self, heard: Heard, now: datetime) -> list[Part]:
        """Any event."""
        self.outcome = turn(self.person, heard, World(self._library, now))
        person = self.outcome.person
        shown = offered(person.state.offered, self.limits)
        self.person = replace(person, state=replace(person.state, offered=shown))
        said = voice(person.language)
        return [part for say in self.outcome.says for part in render(say, self.limits, said)]
