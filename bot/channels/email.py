"""E-mail, which only goes out and only to staff: a plain letter over SMTP.

Facts: RFC 5321 (replies; dots that begin a line), RFC 3463 (5.7.x is policy), RFC 3834
(Auto-Submitted). The standard library's client runs in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import ClassVar, Self
from urllib.parse import urlsplit

from bot.channels.base import Channel, Pace
from bot.events import Part, Reason, SendError, Sent
from bot.rendering import Limits
from bot.rendering.split import truncate
from bot.settings import Settings, Smtp, is_mailbox

TIMEOUT = 15.0  # seconds to wait for the connection and for each answer
MINUTE, HOUR = 60.0, 3600.0
SUBJECT = 78  # characters
ACCOUNT = SendError(Reason.ACCOUNT, retry=HOUR)
NO_SUCH_ADDRESS = SendError(Reason.NO_SUCH_ADDRESS, gone=True)
REFUSED = SendError(Reason.REFUSED)
GONE = (550, 551, 553)


class Email(Channel):
    """One account at a mail server."""

    name: ClassVar[str] = "email"
    limits = Limits(text=20000, options=0, tappable=False, digests=True)
    pace = Pace(per_second=2, pause=0)

    def __init__(self, account: Smtp, host: str) -> None:
        self.account = account
        self.host = host  # our own name, for the server's greeting and for Message-IDs

    @classmethod
    def create(cls, settings: Settings) -> Self | None:
        account = settings.smtp
        if account is None:
            return None
        host = urlsplit(settings.public_url).hostname or ""
        named = re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", host)  # not a bare number
        return cls(account, host if named else account.sender.partition("@")[2])

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        if not is_mailbox(address):  # also everything with a line break in it
            return replace(NO_SUCH_ADDRESS, code="malformed")
        return await asyncio.to_thread(self._send, address, self.letter(address, part.text, row))

    def letter(self, address: str, text: str, row: int) -> bytes:
        """The whole message. One outbox row has one Message-ID, however often it is sent, so that
        a mailbox can drop the second copy."""
        text = text.encode("utf-8", "replace").decode()  # half a character cannot be sent
        message = EmailMessage(policy=SMTP)
        message["From"] = self.account.sender
        message["To"] = address
        message["Subject"] = subject(text)
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<outbox-{row}@{self.host}>"
        message["Auto-Submitted"] = "auto-generated"  # no holiday replies, please
        message.set_content(text, cte="quoted-printable")
        return message.as_bytes()

    def _send(self, address: str, letter: bytes) -> Sent | SendError:
        try:
            with self._connected() as server:
                return (
                    self._log_in(server)
                    or self._address(server, address)
                    or _hand_over(server, letter)
                )
        except smtplib.SMTPResponseException as problem:
            return SendError(Reason.PROVIDER, retry=MINUTE, code=str(problem.smtp_code))
        except OSError as problem:  # all of the client's errors are; the letter had not left
            return SendError(Reason.PROVIDER, retry=MINUTE, code=type(problem).__name__)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """The server after its greeting; TLS where the address says so or the server offers it."""
        tls, where = self.account.tls, (self.account.host, self.account.port, self.host)
        context = ssl.create_default_context()  # verifies the certificate and its name
        server = (
            smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=context)
            if tls
            else smtplib.SMTP(*where, timeout=TIMEOUT)
        )
        try:
            server.ehlo_or_helo_if_needed()
            if not tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            yield server
        finally:
            with contextlib.suppress(OSError):  # a quarrel over goodbye changes nothing
                server.quit()

    def _log_in(self, server: smtplib.SMTP) -> SendError | None:
        if not self.account.user:
            return None
        if not isinstance(server.sock, ssl.SSLSocket):  # never a password in the clear
            return replace(ACCOUNT, code="no TLS")
        try:
            server.login(self.account.user, self.account.password)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPResponseException as problem:
            return refusal(problem.smtp_code, ACCOUNT)
        except smtplib.SMTPException as problem:  # no way to log in that both sides know
            return replace(ACCOUNT, code=type(problem).__name__)
        return None

    def _address(self, server: smtplib.SMTP, address: str) -> SendError | None:
        code, _ = server.mail(self.account.sender)
        if code != 250:
            return refusal(code, ACCOUNT)
        code, reply = server.rcpt(address)
        if code in (250, 251):
            return None
        if code == 530 or reply.startswith(b"5.7."):  # log in first; we may not relay
            return refusal(code, ACCOUNT)
        return refusal(code, NO_SUCH_ADDRESS if code in GONE else REFUSED)


def _hand_over(server: smtplib.SMTP, letter: bytes) -> Sent | SendError:
    """Not `SMTP.data`: only here can a break before the text be told from one after it."""
    code, _ = server.docmd("DATA")
    if code != 354:
        return refusal(code, REFUSED)
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", letter) + b".\r\n")
        code, _ = server.getreply()
    except OSError as problem:
        return SendError(Reason.IN_DOUBT, retry=MINUTE, code=type(problem).__name__)
    if 400 <= code < 600:
        return refusal(code, REFUSED)
    return Sent("") if code == 250 else SendError(Reason.IN_DOUBT, retry=MINUTE, code=str(code))


def refusal(code: int, otherwise: SendError) -> SendError:
    """A reply that is not the hoped-for one: `otherwise` if it is final (5xx), else later."""
    if 500 <= code < 600:
        return replace(otherwise, code=str(code))
    return SendError(Reason.PROVIDER, retry=MINUTE, code=str(code))


def subject(text: str) -> str:
    """The first line with something on it, without control characters and invisible ones that
    turn the direction of writing."""
    for line in text.splitlines():
        shown = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in line)
        if words := " ".join(shown.split()):
            return truncate(words, SUBJECT)
    return "Sankofa"
