"""Letters to staff: against a real mail server, which also refuses, breaks off and listens in."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from bot.channels import email as channel
from bot.events import Reason, SendError, Sent
from tests.channels.post import ALARM, AMA, certificate, lines, mailer, post_office, sent


async def test_a_counsellor_gets_the_whole_text_as_it_was_written() -> None:
    result, post = await sent()
    assert result == Sent("")
    (letter,), (envelope,) = post.taken, post.envelopes
    assert lines(letter.get_content()) == ALARM.text  # also the lines that are dots
    assert letter["Subject"] == "A case of priority 0 waits."
    assert (letter["From"], letter["To"]) == ("bot@help.example.org", AMA)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.tzinfo is not None
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bot@help.example.org", [AMA])


@pytest.mark.parametrize(
    ("answers", "reason", "retry", "gone"),
    [
        ({"RCPT": "550 5.1.1 No such mailbox"}, Reason.NO_SUCH_ADDRESS, None, True),
        ({"RCPT": "551 Not here"}, Reason.NO_SUCH_ADDRESS, None, True),
        ({"RCPT": "553 Never heard of"}, Reason.NO_SUCH_ADDRESS, None, True),
        ({"RCPT": "552 Mailbox full"}, Reason.REFUSED, None, False),
        ({"RCPT": "450 Come back later"}, Reason.PROVIDER, 60, False),
        ({"RCPT": "421 Closing"}, Reason.PROVIDER, 60, False),
        ({"RCPT": "hang up"}, Reason.PROVIDER, 60, False),
        # Our own rights are no reason to give an address up.
        ({"RCPT": "550 5.7.1 Unable to relay"}, Reason.ACCOUNT, 3600, False),
        ({"RCPT": "530 Authentication required"}, Reason.ACCOUNT, 3600, False),
        ({"MAIL": "553 Not your sender"}, Reason.ACCOUNT, 3600, False),
        ({"MAIL": "451 Try again"}, Reason.PROVIDER, 60, False),
        ({"before": "451 Try again"}, Reason.PROVIDER, 60, False),
        ({"before": "554 No valid recipients"}, Reason.REFUSED, None, False),
        ({"before": "hang up"}, Reason.PROVIDER, 60, False),
        ({"DATA": "451 Greylisted"}, Reason.PROVIDER, 60, False),
        ({"DATA": "550 Looks like spam"}, Reason.REFUSED, None, False),
        ({"DATA": "hang up"}, Reason.IN_DOUBT, 60, False),
        ({"DATA": "what?"}, Reason.IN_DOUBT, 60, False),
        ({"DATA": "200 perhaps"}, Reason.IN_DOUBT, 60, False),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
async def test_every_refusal_says_what_to_do_next(
    answers: dict[str, str], reason: Reason, retry: float | None, gone: bool
) -> None:
    result, _ = await sent(**answers)
    assert isinstance(result, SendError)
    assert (result.reason, result.retry, result.gone) == (reason, retry, gone)
    assert 0 < len(result.code) <= 64  # the outbox keeps no more


@pytest.mark.parametrize("goodbye", ["hang up", "500 stay", "554 no"])
async def test_an_accepted_letter_is_sent_whatever_is_said_at_goodbye(goodbye: str) -> None:
    assert (await sent(QUIT=goodbye))[0] == Sent("")


async def test_nobody_listens() -> None:
    async with post_office() as post:
        pass
    error = await mailer(post).send(AMA, ALARM, 7)
    assert error == SendError(Reason.PROVIDER, retry=60, code="ConnectionRefusedError")


async def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the text it is the server's fault; after the text nobody knows."""
    assert channel.TIMEOUT == 15
    monkeypatch.setattr(channel, "TIMEOUT", 0.3)
    doubt, post = await sent(silence="yes")
    assert doubt.reason is Reason.IN_DOUBT
    assert len(post.taken) == 1
    with socket.create_server(("127.0.0.1", 0)) as mute:
        post.port = mute.getsockname()[1]
        result = await mailer(post).send(AMA, ALARM, 7)
    assert isinstance(result, SendError)
    assert (result.reason, result.retry) == (Reason.PROVIDER, 60)


@pytest.mark.parametrize("immediately", [True, False])
async def test_a_login_goes_through_tls_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, immediately: bool
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    kind = {"tls": context} if immediately else {"starttls": context}
    login: dict[str, Any] = {"user": "bot", "password": "p@ss", "tls": immediately}
    async with post_office(**kind) as post:
        assert await mailer(post, **login).send(AMA, ALARM, 7) == Sent("")
        assert await mailer(post, tls=immediately).send(AMA, ALARM, 8) == Sent("")
        wrong = await mailer(post, **login | {"password": "guess"}).send(AMA, ALARM, 9)
        assert wrong == SendError(Reason.ACCOUNT, retry=3600, code="535")
        assert len(post.taken) == 2
    async with post_office() as clear:
        result = await mailer(clear, **login | {"tls": False}).send(AMA, ALARM, 7)
        assert result == SendError(Reason.ACCOUNT, retry=3600, code="no TLS")
        assert not clear.taken


@pytest.mark.parametrize(
    ("said", "reason", "retry"),
    [
        ("535 5.7.8 Wrong", Reason.ACCOUNT, 3600), ("504 Not that way", Reason.ACCOUNT, 3600),
        ("454 Ask me later", Reason.PROVIDER, 60), ("hang up", Reason.PROVIDER, 60),
    ],
)  # fmt: skip
async def test_a_login_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, reason: Reason, retry: float
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with post_office(tls=context, AUTH=said) as post:
        result = await mailer(post, user="bot", password="p@ss", tls=True).send(AMA, ALARM, 7)
    assert isinstance(result, SendError)
    assert (result.reason, result.retry, result.gone) == (reason, retry, False)
    assert not post.envelopes


@pytest.mark.parametrize("immediately", [True, False])
@pytest.mark.parametrize("flaw", ["of another name", "of an unknown issuer"])
async def test_a_false_server_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, immediately: bool, flaw: str
) -> None:
    name = "127.0.0.2" if flaw == "of another name" else "127.0.0.1"
    context, trusted = certificate(tmp_path, name)
    if flaw == "of another name":
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    kind = {"tls": context} if immediately else {"starttls": context}
    async with post_office(**kind) as post:
        result = await mailer(post, tls=immediately).send(AMA, ALARM, 7)
        assert result == SendError(Reason.PROVIDER, retry=60, code="SSLCertVerificationError")
        assert not post.envelopes
