"""Settings: read once, wrong ones named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.settings import SettingsError


def read(tmp_path: Path, **env: str) -> settings.Settings:
    return settings.read({"SANKOFA_HOME": str(tmp_path), "SECRET_KEY": "k"} | env)


def test_without_any_setting_everything_has_a_default(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.host, found.port, found.country) == ("127.0.0.1", 8000, "gh")
    assert found.telegram is found.twilio is found.smtp is None
    assert found.database_url == f"sqlite:///{tmp_path}/sankofa.db"


def test_the_key_of_an_installation_is_made_once_and_kept(tmp_path: Path) -> None:
    first = settings.read({"SANKOFA_HOME": str(tmp_path)}).secret_key
    assert len(first) == 64
    assert settings.read({"SANKOFA_HOME": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"PORT": "http"}, "PORT"), ({"PORT": "70000"}, "PORT"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"), ({"PUBLIC_URL": "example"}, "PUBLIC_URL"),
        ({"NLU_ENGINE": "magic"}, "NLU_ENGINE"), ({"COUNTRY": "../etc"}, "COUNTRY"),
        ({"RASA_URL": "127.0.0.1:5005"}, "RASA_URL"),
        ({"RASA_URL": "http://127.0.0.1:5005/?token=x"}, "RASA_TOKEN"),
        ({"RASA_UNDERSTOOD_FROM": "nan"}, "RASA_UNDERSTOOD_FROM"),
        ({"RASA_UNDERSTOOD_FROM": "1.5"}, "RASA_UNDERSTOOD_FROM"),
        ({"TELEGRAM_BOT_TOKEN": "x"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": "1:x"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_WEBHOOK_SECRET": "a b"}, "WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_MODE": "x"}, "TELEGRAM_MODE"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_SMS_FROM": "0244"},
         "TWILIO_SMS_FROM"),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t",
          "TWILIO_WHATSAPP_FROM": "+1555"}, "TWILIO_WHATSAPP_FROM"),
        ({"SMTP_URL": "smtp://localhost"}, "SMTP_FROM"),
        ({"SMTP_URL": "smtp://localhost", "SMTP_FROM": "Sankofa <a@b.org>"}, "SMTP_FROM"),
        ({"SMTP_URL": "smtp://localhost", "SMTP_FROM": "a@b.org\nBcc: c@d.org"}, "SMTP_FROM"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, env: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        read(tmp_path, **env)
    assert "\n" not in str(raised.value)


def test_rasa_is_asked_on_this_machine_unless_told_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path).nlu_engine == "embedded"
    assert read(tmp_path).rasa == settings.Rasa()
    found = read(tmp_path, NLU_ENGINE="rasa", RASA_URL="http://rasa:5005/", RASA_TOKEN="s3cret",
                 RASA_UNDERSTOOD_FROM="0.55")  # fmt: skip
    assert (found.nlu_engine, found.rasa.url) == ("rasa", "http://rasa:5005")
    assert (found.rasa.token, found.rasa.understood_from) == ("s3cret", 0.55)
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", ("localhost", 25, "", "", False)),
        ("smtp://mail_relay:2525/", ("mail_relay", 2525, "", "", False)),
        ("smtp://bot:p%40ss%2F@mail.example.org",
         ("mail.example.org", 587, "bot", "p@ss/", False)),
        ("smtp://bot%40example.org:x@mail.example.org:25",
         ("mail.example.org", 25, "bot@example.org", "x", False)),
        ("smtps://bot:x@mail.example.org", ("mail.example.org", 465, "bot", "x", True)),
        ("smtps://[::1]:4650", ("::1", 4650, "", "", True)),
    ],
)  # fmt: skip
def test_the_mail_account_is_one_address(
    tmp_path: Path, url: str, expected: tuple[str, int, str, str, bool]
) -> None:
    found = read(tmp_path, SMTP_URL=url, SMTP_FROM="bot@example.org").smtp
    assert found is not None
    assert (found.host, found.port, found.user, found.password, found.tls) == expected
    assert found.sender == "bot@example.org"
    assert not found.password or repr(found.password) not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:25", "http://localhost", "smtp://", "smtp://:25", "smtp://host:port",
        "smtp://host:0", "smtp://host:70000", "smtp://[::1", "smtp://host/inbox", "smtp://host?x",
        "smtp://bot@host", "smtp://:hidden@host", "smtp://bot:hidden/x@host",
        "smtp://bot:hidden#x@host", "smtp://bot:hiddén@host", "smtp://a b", "smtp://a..b",
        f"smtp://{'a' * 64}.org", "smtp://höst",
    ],
)  # fmt: skip
def test_a_wrong_mail_address_is_named_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="SMTP_URL") as raised:
        read(tmp_path, SMTP_URL=url, SMTP_FROM="bot@example.org")
    assert "\n" not in str(raised.value)
    assert "hidd" not in str(raised.value)


def test_a_dotenv_file_is_read_with_comments_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# a comment\nPORT=9000\nexport COUNTRY='cm'\n\nbroken line\n")
    assert settings.dotenv(path) == {"PORT": "9000", "COUNTRY": "cm"}
