"""A mail server that answers as it is told, and letters on their way to it."""

from __future__ import annotations

import asyncio
import contextlib
import email
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.channels.email import Email
from bot.events import Part
from bot.settings import Smtp

AMA = "ama@example.org"
ALARM = Part(text="A case of priority 0 waits.\nhttps://help.example.org/console\n.\n..\nEnd")


@dataclass
class Post:
    """A mail server that answers as it is told, word by word, and keeps what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    port: int = 0
    visitors: set[SMTP] = field(default_factory=set)
    empty: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.empty.set()

    def visit(self, server: SMTP, *, there: bool) -> None:
        (self.visitors.add if there else self.visitors.discard)(server)
        (self.empty.clear if self.visitors else self.empty.set)()

    def answer(self, server: SMTP, word: str, usual: str) -> str:
        said = self.answers.get(word, usual)
        if said == "hang up":
            server.transport.abort()
        return said

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answer(server, "MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer(server, "RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.taken.append(letter)
        self.raw.append(envelope.content)
        self.envelopes.append(envelope)
        if "silence" in self.answers:
            await asyncio.Event().wait()
        return self.answer(server, "DATA", "250 OK")

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.answer(server, "QUIT", "221 Bye")


class Server(SMTP):
    """Turns away at AUTH, or at DATA before any text, when it is told so; knows who is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.visit(self, there=True)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.visit(self, there=False)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self.turned_away("before"):
            await super().smtp_DATA(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self.turned_away("AUTH"):
            await super().smtp_AUTH(arg)

    async def turned_away(self, word: str) -> bool:
        said = self.event_handler.answer(self, word, "")
        if said and said != "hang up":
            await self.push(said)
        return bool(said)


@contextlib.asynccontextmanager
async def post_office(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **answers: str
) -> AsyncIterator[Post]:
    post = Post(answers)

    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        right = login == LoginPassword(b"bot", b"p@ss")
        return AuthResult(success=right, handled=False)

    def protocol() -> SMTP:
        return Server(post, tls_context=starttls, authenticator=check, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()
        async with asyncio.timeout(10):
            await post.empty.wait()


def mailer(post: Post, **more: Any) -> Email:
    values = {"host": "127.0.0.1", "port": post.port, "sender": "bot@help.example.org"} | more
    return Email(Smtp(**values), "help.example.org")


async def sent(row: int = 7, part: Part = ALARM, to: str = AMA, **answers: str) -> Any:
    async with post_office(**answers) as post:
        return await mailer(post).send(to, part, row), post


def lines(text: str) -> str:
    """The text whatever the ends of its lines are, and however many empty ones end it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """A mail server's context, and the file a client must trust to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), False
        ).sign(key, hashes.SHA256())
    )  # fmt: skip
    trusted, secret = folder / "post.pem", folder / "post.key"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, secret)
    return context, trusted
