"""What WhatsApp and SMS share: one Twilio account, its signatures, forms and error codes.

Facts: Twilio's webhook, error and status pages (research). The synchronous client runs in a
thread, because the asynchronous one of 9.13 sends JSON bodies wrongly.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.channels.base import LONGEST_REFERENCE, BadPayload, Channel
from bot.channels.download import download
from bot.events import Attachment, Incoming, Kind, Part, Reason, SendError, Sent, Status
from bot.settings import Settings
from bot.settings import Twilio as Account

REAL = "https://api.twilio.com"
STORE = "https://mms.twiliocdn.com/"  # where Twilio's media lie (its help page on media URLs)
TIMEOUT = 15.0
MINUTE, HOUR = 60.0, 3600.0
# Error codes that change what we do; every other one goes by its HTTP status.
ERRORS = {
    20003: SendError(Reason.ACCOUNT, retry=MINUTE),
    20404: SendError(Reason.REFUSED),
    20429: SendError(Reason.RATE, retry=5),
    21610: SendError(Reason.OPTED_OUT, gone=True),
    21211: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
    21614: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
    21201: SendError(Reason.REFUSED),
    21606: SendError(Reason.ACCOUNT, retry=HOUR),
    21611: SendError(Reason.RATE, retry=MINUTE),
    21617: SendError(Reason.REFUSED),
    21656: SendError(Reason.REFUSED),
    14107: SendError(Reason.RATE, retry=30),
    30001: SendError(Reason.RATE, retry=MINUTE),
    30003: SendError(Reason.UNREACHABLE, retry=HOUR / 2),
    30004: SendError(Reason.BLOCKED, gone=True),
    30005: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
    30006: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
    30007: SendError(Reason.REFUSED),
    30008: SendError(Reason.UNREACHABLE, retry=MINUTE),
    63003: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
    63016: SendError(Reason.WINDOW),
    63018: SendError(Reason.RATE, retry=30),
    63024: SendError(Reason.NO_SUCH_ADDRESS, gone=True),
}
STATUSES = {
    "sent": Status.SENT, "delivered": Status.DELIVERED, "read": Status.READ,
    "failed": Status.FAILED, "undelivered": Status.FAILED,
}  # fmt: skip


class Network(TwilioHttpClient):
    """Sends every product of Twilio to the configured base address.

    `https://content.twilio.com/v1/Content` becomes `<base>/content/v1/Content`.
    """

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)
        product = parts.netloc.split(".")[0]
        path = parts.path if product == "api" else f"/{product}{parts.path}"
        query = f"?{parts.query}" if parts.query else ""
        return super().request(method, self._base + path + query, *args, **kwargs)


class TwilioChannel(Channel):
    """One sender number of the account."""

    answers_lookups = True

    def __init__(self, account: Account, sender: str, root: str) -> None:
        self.account = account
        self.sender = sender
        self._root = root
        real = account.api_base == REAL
        network = TwilioHttpClient(timeout=TIMEOUT) if real else Network(account.api_base)
        self.client = Client(account.sid, account.token, http_client=network)

    @classmethod
    def sender_of(cls, account: Account) -> str | None:
        """The number this channel sends from."""
        raise NotImplementedError  # SMS and WhatsApp each say theirs

    @classmethod
    def create(cls, settings: Settings) -> Self | None:
        account = settings.twilio
        sender = cls.sender_of(account) if account else None
        return cls(account, sender, settings.root) if account and sender else None

    @classmethod
    def undelivered(cls, code: str) -> SendError:
        return failure(int(code) if code.isdecimal() else None, 400)

    def message(self, part: Part) -> dict[str, Any]:
        """What to pass to messages.create, besides the addresses."""
        return {"body": part.text}

    async def fetch(self, reference: str, most: int) -> bytes | SendError:
        """Only media of our own account: the credentials go nowhere else."""
        base, account = self.account.api_base, self.account
        own = f"{base}/2010-04-01/Accounts/{account.sid}/Messages/"
        if not re.fullmatch(re.escape(own) + r"\w{1,64}/Media/\w{1,64}", reference, re.ASCII):
            return SendError(Reason.REFUSED, code="elsewhere")
        return await download(
            reference, f"{base}/", most=most, login=(account.sid, account.token),
            moves_to=STORE if base == REAL else None,
        )  # fmt: skip

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        try:
            return await asyncio.to_thread(self._send, address, part, row)
        except TwilioRestException as problem:
            return failure(problem.code, problem.status)
        except TwilioException:  # a list that could not be fetched; the message had not left
            return SendError(Reason.PROVIDER, retry=5, code="list")
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as problem:
            return SendError(Reason.PROVIDER, retry=5, code=type(problem).__name__)
        except requests.ConnectionError as problem:
            # Refused is certain; a connection that broke later may have carried the request.
            certain = "NewConnectionError" in str(problem) or "refused" in str(problem)
            reason = Reason.PROVIDER if certain else Reason.IN_DOUBT
            return SendError(reason, retry=5, code="ConnectionError")
        except requests.RequestException as problem:
            return SendError(Reason.IN_DOUBT, retry=10, code=type(problem).__name__)

    def _send(self, address: str, part: Part, row: int) -> Sent:
        callback = f"{self._root}/hooks/twilio/status?{urlencode({'outbox': row})}"
        made = self.client.messages.create(
            to=address, from_=self.sender, status_callback=callback, **self.message(part)
        )
        return Sent(str(made.sid))

    async def find(self, address: str, part: Part, since: datetime) -> Sent | None:
        """Twilio's message list tells whether it has the text. Older messages do not count: the
        same menu may have gone to the same person an hour ago. Twilio's times are whole seconds.
        A file without words looks like any other: it is sent again rather than lost."""
        if part.media and not part.text:
            return None
        since = since.replace(microsecond=0)
        listed = await asyncio.to_thread(
            lambda: self.client.messages.list(
                to=address, from_=self.sender, date_sent_after=since, limit=50
            )
        )
        found = [
            m for m in listed
            if (m.body or "").strip() == part.text.strip()
            and m.date_created is not None and m.date_created >= since
        ]  # fmt: skip
        return Sent(str(found[0].sid)) if found else None


def genuine(account: Account, url: str, form: Any, signature: str | None) -> bool:
    """Whether Twilio signed this form for this address (as it was configured there)."""
    validator = RequestValidator(account.token)
    return bool(signature) and bool(validator.validate(url, form, signature))


def failure(code: int | None, http: int) -> SendError:
    """What an error of the API means for the message."""
    known = ERRORS.get(code or 0)
    text = str(code or http)
    if known:
        return SendError(known.reason, known.retry, known.gone, text)
    if http == 429:
        return SendError(Reason.RATE, retry=5, code=text)
    if http >= 500:
        return SendError(Reason.PROVIDER, retry=10, code=text)
    if http in (401, 403):
        return SendError(Reason.ACCOUNT, retry=MINUTE, code=text)
    return SendError(Reason.REFUSED, code=text)


def parse(form: Mapping[str, str]) -> Incoming | None:
    """The event in a verified form; None when it is not for us. Raises BadPayload."""
    sid, sender = form.get("MessageSid") or form.get("SmsSid"), form.get("From", "")
    if not sid or not sender or len(sid) > 64 or len(sender) > 128:
        raise BadPayload("no MessageSid or From")
    channel = "whatsapp" if sender.startswith("whatsapp:") else "sms"
    # The business-scoped id first: it stays when the number is hidden.
    lasting = form.get("ExternalUserId", "")
    addresses = (lasting, sender) if lasting and lasting != sender else (sender,)
    body: dict[str, Any] = {"text": form.get("Body", "")}
    token = form.get("ButtonPayload") or form.get("ListId")
    if token:
        body |= {"token": token, "text": form.get("ButtonText") or form.get("ListTitle", "")}
    if kind := _attachment(form):
        body["attachment"] = kind.value
    if kind in (Attachment.PHOTO, Attachment.VOICE):
        url = form.get("MediaUrl0", "")
        body |= {"media": url} if 0 < len(url) <= LONGEST_REFERENCE else {}
    if kind is Attachment.LOCATION:
        try:
            body |= {"latitude": float(form["Latitude"]), "longitude": float(form["Longitude"])}
        except ValueError:
            raise BadPayload("Latitude and Longitude are not numbers") from None
    replied = form.get("OriginalRepliedMessageSid", "")[:64]
    if replied and not token:  # a tapped button says itself what it means
        body["replied"] = replied
    if form.get("OptOutType"):  # Twilio has answered this one itself
        body["answered"] = form["OptOutType"]
    return Incoming(
        channel=channel, external_id=sid, addresses=addresses, body=body,
        kind=Kind.CHOICE if token else Kind.MESSAGE,
    )  # fmt: skip


def parse_status(form: Mapping[str, str], query: Mapping[str, str]) -> Incoming | None:
    """The receipt in a verified status callback; None for one that tells nothing new."""
    sid, said = form.get("MessageSid") or form.get("SmsSid"), form.get("MessageStatus", "")
    row = query.get("outbox", "")
    if not sid or not row.isdecimal() or len(row) > 18:
        raise BadPayload("no MessageSid or outbox")
    status = STATUSES.get(said)
    if status is None:
        return None
    channel = "whatsapp" if form.get("To", "").startswith("whatsapp:") else "sms"
    return Incoming(
        channel=channel, external_id=f"{sid}:{said}", kind=Kind.RECEIPT,
        body={"outbox": int(row), "status": status.value, "code": form.get("ErrorCode", ""),
              "provider_id": sid},
    )  # fmt: skip


def _attachment(form: Mapping[str, str]) -> Attachment | None:
    if form.get("Latitude") and form.get("Longitude"):
        return Attachment.LOCATION
    if form.get("NumMedia", "0") in ("", "0"):
        return None
    kind = form.get("MediaContentType0", "").lower()
    if "vcard" in kind:
        return Attachment.CONTACT
    return {
        "audio": Attachment.VOICE, "image": Attachment.PHOTO, "video": Attachment.VIDEO,
        "application": Attachment.FILE, "text": Attachment.FILE,
    }.get(kind.split("/")[0], Attachment.OTHER)  # fmt: skip
