"""What a letter looks like: nothing in an address or a text becomes a header."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels import configured, limits
from bot.channels.email import Email, subject
from bot.events import Part, Reason, SendError
from bot.settings import Settings, Smtp
from tests.channels.post import AMA, Post, lines, mailer, sent


async def test_the_same_row_has_the_same_message_id_and_another_row_another() -> None:
    found = [(await sent(row))[1].taken[0]["Message-ID"] for row in (7, 7, 8)]
    assert found == ["<outbox-7@help.example.org>"] * 2 + ["<outbox-8@help.example.org>"]


@pytest.mark.parametrize(
    "address",
    [
        f"{AMA}\nBcc: all@example.org", f"{AMA}\r\nBcc: all@example.org", f"{AMA}\n",
        f"{AMA}>\r\nRCPT TO:<kofi@example.org", f"{AMA}, kofi@example.org", f"Ama <{AMA}>",
        f"<{AMA}>", f"{AMA} ", "", "ama", "@example.org", "ama@", "a b@example.org",
        '"a\nb"@example.org', "ama@exa mple.org", "ama@[127.0.0.1]", "ama@-example.org",
        "ama..b@example.org", "ama@b@example.org", "amá@example.org", "ama@example.org\x00",
        "ama@example.org\u2028Bcc: x", f"{'a' * 65}@example.org", f"ama@{'b.' * 130}org",
    ],
)  # fmt: skip
async def test_a_hostile_address_never_reaches_the_server(address: str) -> None:
    result, post = await sent(to=address)
    assert result == SendError(Reason.NO_SUCH_ADDRESS, gone=True, code="malformed")
    assert not post.envelopes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line", "One line"), ("\n\n  First  \nSecond", "First"), ("", "Sankofa"),
        ("\x00\x07\n\u202e", "Sankofa"), ("a\tb\x1bc", "a b c"), ("a\r\nBcc: b@c.org", "a"),
        ("a\x0bBcc: b@c.org", "a"), ("a\u2028Bcc: b@c.org", "a"), ("a\x85Bcc: b@c.org", "a"),
        ("Sender\u202egro.live", "Sender gro.live"), ("x" * 78, "x" * 78),
        ("x" * 79, "x" * 76 + ".."), ("Une détresse à Tamale", "Une détresse à Tamale"),
    ],
)  # fmt: skip
async def test_the_subject_is_the_first_line_and_nothing_more(text: str, expected: str) -> None:
    assert subject(text) == expected
    _, post = await sent(part=Part(text=text))
    (letter,) = post.taken
    assert letter["Subject"] == expected
    assert letter["Bcc"] is None


@given(st.text(max_size=400))
@example("…\x85\x0c\x1c Å\n.\r.\r\n.. \ud800")
@example("From here\n" + "long " * 400 + "é" * 500)
def test_any_text_makes_one_letter_that_says_it(text: str) -> None:
    raw = mailer(Post()).letter(AMA, text, 7)
    assert raw.endswith(b"\r\n")
    assert raw.isascii()
    assert all(len(line) <= 998 and b"\r" not in line for line in raw.split(b"\r\n"))
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    plain = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    assert set(letter.keys()) == {*plain, "MIME-Version", "Content-Type",
                                  "Content-Transfer-Encoding"}  # fmt: skip
    assert len(letter["Subject"]) <= 78
    assert lines(letter.get_content()) == lines(text.encode("utf-8", "replace").decode())


def test_the_longest_names_make_a_whole_message_id() -> None:
    host = ".".join(["a" * 60] * 4)
    address = f"{'b' * 64}@{host[:180]}"
    raw = Email(Smtp(host="x", port=25, sender=address), host).letter(address, "x", 2**63 - 1)
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert letter["Message-ID"].strip() == f"<outbox-{2**63 - 1}@{host}>"
    assert letter["To"] == letter["From"] == address


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(home=tmp_path, database_url="sqlite:///x", secret_key="k", **more)


def test_e_mail_is_off_without_its_setting_and_carries_no_options(tmp_path: Path) -> None:
    assert "email" not in configured(settings(tmp_path))
    assert (limits("email").text, limits("email").options) == (20000, 0)
    assert not limits("email").tappable


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://help.example.org/x", "help.example.org"), ("", "mail.example.org"),
        ("http://127.0.0.1:8000", "mail.example.org"), ("http://[::1]:80", "mail.example.org"),
        ("https://hilfé.example.org", "mail.example.org"),
        ("https://x>\r\nBcc: y", "mail.example.org"),
    ],
)
def test_our_name_is_the_public_one_or_the_senders(
    tmp_path: Path, public_url: str, host: str
) -> None:
    account = Smtp(host="localhost", port=25, sender="bot@mail.example.org")
    made = configured(settings(tmp_path, smtp=account, public_url=public_url))["email"]
    assert isinstance(made, Email)
    assert made.host == host
