"""What every channel is: limits, pace, parsing what comes in, and sending with an honest result."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from bot.events import Part, Reason, SendError, Sent
from bot.rendering import Limits
from bot.settings import Settings


class BadPayload(ValueError):
    """A verified request that is not what its provider would send; the text holds no content."""


LONGEST_REFERENCE = 500  # characters; providers' own are below 200
TOO_LARGE = SendError(Reason.REFUSED, code="too large")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a provider lets us send."""

    per_second: float  # over the whole account
    pause: float  # seconds between two messages to one address
    calls: int = 8  # at the same time


class Channel(ABC):
    """One provider account. Failures of `send` and `fetch` are returned, never raised."""

    name: ClassVar[str]
    limits: ClassVar[Limits]
    pace: ClassVar[Pace]
    answers_lookups: ClassVar[bool] = False
    uploads: ClassVar[bool] = False  # files go as `Part.content`, not by their address

    @classmethod
    @abstractmethod
    def create(cls, settings: Settings) -> Self | None:
        """The channel, or None when its settings are missing."""

    @abstractmethod
    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        """Hands one message to the provider; `row` is the outbox id that its receipts carry."""

    async def fetch(self, reference: str, most: int) -> bytes | SendError:
        """The photo or voice note behind a reference that came in, at most so many bytes."""
        return SendError(Reason.REFUSED, code="no files here")

    @classmethod
    def undelivered(cls, code: str) -> SendError:
        """What the error code of a receipt means; only channels with receipts know better."""
        return SendError(Reason.UNREACHABLE, code=code)

    async def find(self, address: str, part: Part, since: datetime) -> Sent | None:
        """Whether the provider has a message, made no earlier than `since`, whose sending was cut
        off; only where `answers_lookups`."""
        raise NotImplementedError  # and never called: the sender asks `answers_lookups` first

    async def close(self) -> None:  # noqa: B027  # most channels hold nothing open
        """Gives connections back."""
