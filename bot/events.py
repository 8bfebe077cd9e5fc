"""The words everything shares: what comes in, what goes out, and how sending can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an inbox event is."""

    MESSAGE = "message"  # text, or something that is not text (body["attachment"])
    CHOICE = "choice"  # a tapped button or list item
    RECEIPT = "receipt"  # the provider tells how a message of ours fared
    REACH = "reach"  # the person blocked or unblocked us
    DUE = "due"  # a timer of ours
    STAFF = "staff"  # a counsellor wrote or closed a case
    PEERS = "peers"  # something happened in a group of theirs


class Attachment(StrEnum):
    """Something that is not text; we accept it and answer sensibly."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    FILE = "file"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One event as a channel parsed it, on its way into the inbox.

    `addresses` are the sender's, most lasting first (a WhatsApp business-scoped id before a
    phone number); empty when the person follows from `body["outbox"]`. `body` is JSON:
    text, attachment, media (the provider's reference to a photo or voice note), latitude,
    longitude, locale, edited, token, ack, outbox, status, code …
    """

    channel: str
    external_id: str
    kind: Kind
    addresses: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)


class Status(StrEnum):
    """An outbox row's life. A receipt only ever moves it to a higher rank."""

    QUEUED = "queued"
    INFLIGHT = "inflight"  # claimed, the call to the provider is under way
    AWAITING_RETRY = "awaiting_retry"
    IN_DOUBT = "in_doubt"  # the call was cut off: the provider may have it
    SENT = "sent"  # the provider has it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"  # given up, with an error code
    ABORTED = "aborted"  # withdrawn before sending: the person stopped


RANK = {
    Status.QUEUED: 0, Status.AWAITING_RETRY: 0, Status.INFLIGHT: 0, Status.IN_DOUBT: 0,
    Status.SENT: 1, Status.DELIVERED: 2, Status.READ: 3, Status.FAILED: 4, Status.ABORTED: 4,
}  # fmt: skip


class Lane(StrEnum):
    """Who goes first when a sender is busy; the value sorts."""

    SAFETY = "0"
    TALK = "1"
    BULK = "2"


@dataclass(frozen=True)
class Option:
    """A possible answer: its label and the token that comes back when it is chosen."""

    label: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One message as the channel will carry it. `options` only where it has buttons."""

    text: str
    options: tuple[Option, ...] = ()
    button: str = ""  # the label that opens a list of options
    ack: str | None = None  # a tapped button to confirm instead of a message (Telegram)
    template: str = ""  # the provider's approved form of this text, for WhatsApp's closed window
    media: str = ""  # the key of a photo or voice note
    kind: str = ""  # of it: photo or voice
    posts: tuple[int, ...] = ()  # of a group, by id, where several go in one message
    content: bytes = b""  # of it, only during the call and only where the channel uploads


class Reason(StrEnum):
    """Why a message could not be sent, in words that tell what to do."""

    BLOCKED = "blocked"  # the person blocked us
    OPTED_OUT = "opted_out"  # the person stopped us at the provider
    WINDOW = "outside_window"  # WhatsApp: 24 hours have passed, only a template may go
    UNREACHABLE = "unreachable"  # phone off or out of coverage
    NO_SUCH_ADDRESS = "no_such_address"
    RATE = "rate_limit"
    REFUSED = "refused"  # the provider did not like the request: our fault
    ACCOUNT = "account"  # credentials, sender number or balance: the operator must act
    PROVIDER = "provider"  # the provider is down
    IN_DOUBT = "in_doubt"  # cut off after the request left: it may have been accepted


@dataclass(frozen=True)
class SendError:
    """A failure as a value that says what to do next.

    `retry` is seconds until another attempt, None to give up. `gone`: stop writing to this
    address altogether.
    """

    reason: Reason
    retry: float | None = None
    gone: bool = False
    code: str = ""


@dataclass(frozen=True)
class Sent:
    """The provider accepted the message under this id ("" when there is nothing to track)."""

    provider_id: str
