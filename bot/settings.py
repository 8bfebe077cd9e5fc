"""Settings from the environment or a `.env` file; the names are fixed in the README."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

TELEGRAM_API = "https://api.telegram.org"
TWILIO_API = "https://api.twilio.com"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
# Inside compose networks names have underscores too.
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


class SettingsError(Exception):
    """A setting is missing or malformed; the message is one line for the operator."""


@dataclass(frozen=True, kw_only=True)
class Telegram:
    """The Telegram bot account."""

    token: str
    secret: str
    api_base: str = TELEGRAM_API
    mode: str = "webhook"


@dataclass(frozen=True, kw_only=True)
class Twilio:
    """The Twilio account; a channel without its sender number is off."""

    sid: str
    token: str
    api_base: str = TWILIO_API
    sms_from: str | None = None
    whatsapp_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """The mail account that letters to staff go out from; `user` is empty without a login.

    `tls`: from the first byte; otherwise as soon as the server offers it.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    sender: str


@dataclass(frozen=True, kw_only=True)
class Rasa:
    """A Rasa server. `understood_from`: the confidence from which on its intent is answered."""

    url: str = "http://127.0.0.1:5005"
    token: str = field(default="", repr=False)
    understood_from: float = 0.89


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the operator decides. `telegram`, `twilio` and `smtp` are None when off."""

    home: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    country: str = "gh"
    nlu_engine: str = "embedded"
    rasa: Rasa = field(default_factory=Rasa)
    telegram: Telegram | None = None
    twilio: Twilio | None = None
    smtp: Smtp | None = None

    @property
    def root(self) -> str:
        """The address under which providers reach us, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def dotenv(path: Path) -> dict[str, str]:
    """Reads `NAME=value` lines; `#` starts a comment line, quotes around a value are dropped."""
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and not name.startswith("#"):
            found[name.removeprefix("export ").strip()] = value.strip().strip("'\"")
    return found


def read(env: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings; raises SettingsError with one clear line.

    `env` replaces the process environment and the `.env` file (tests).
    """
    given = {**dotenv(Path(".env")), **os.environ} if env is None else dict(env)
    get = {name: value.strip() for name, value in given.items() if value.strip()}.get
    home = Path(get("SANKOFA_HOME") or "var")
    return Settings(
        home=home,
        database_url=_database(get("DATABASE_URL") or f"sqlite:///{home / 'sankofa.db'}"),
        secret_key=get("SECRET_KEY") or _kept_key(home),
        host=get("HOST") or "127.0.0.1",
        port=_port(get("PORT") or "8000"),
        public_url=_url("PUBLIC_URL", get("PUBLIC_URL") or ""),
        country=_word("COUNTRY", (get("COUNTRY") or "gh").lower()),
        nlu_engine=_one_of("NLU_ENGINE", get("NLU_ENGINE") or "embedded", ("embedded", "rasa")),
        rasa=_rasa(given),
        telegram=_telegram(given),
        twilio=_twilio(given),
        smtp=_smtp(given),
    )


def _rasa(env: Mapping[str, str]) -> Rasa:
    url = _url("RASA_URL", env.get("RASA_URL", "").strip())
    if "?" in url or "#" in url:
        raise SettingsError("RASA_URL takes no ? and no #: the token belongs into RASA_TOKEN")
    text = env.get("RASA_UNDERSTOOD_FROM", "").strip() or str(Rasa.understood_from)
    if not re.fullmatch(r"0?\.[0-9]{1,9}|[01]", text):
        raise SettingsError("RASA_UNDERSTOOD_FROM must be a number from 0 to 1, like 0.7")
    return Rasa(
        url=url or Rasa.url, token=env.get("RASA_TOKEN", "").strip(), understood_from=float(text)
    )


def _telegram(env: Mapping[str, str]) -> Telegram | None:
    token = env.get("TELEGRAM_BOT_TOKEN", "").strip()
    if not token:
        return None
    if ":" not in token:
        raise SettingsError("TELEGRAM_BOT_TOKEN must look like 123456:ABC…, as BotFather gives it")
    mode = _one_of("TELEGRAM_MODE", env.get("TELEGRAM_MODE") or "webhook", ("webhook", "polling"))
    secret = env.get("TELEGRAM_WEBHOOK_SECRET", "").strip()
    if mode == "webhook" and not secret:
        raise SettingsError(
            "TELEGRAM_WEBHOOK_SECRET is missing: without it anybody could post updates "
            "(or set TELEGRAM_MODE=polling)"
        )
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise SettingsError("TELEGRAM_WEBHOOK_SECRET may only hold A-Z a-z 0-9 _ - (at most 256)")
    base = _url("TELEGRAM_API_BASE", env.get("TELEGRAM_API_BASE", "").strip()) or TELEGRAM_API
    return Telegram(token=token, secret=secret, api_base=base, mode=mode)


def _twilio(env: Mapping[str, str]) -> Twilio | None:
    sid = env.get("TWILIO_ACCOUNT_SID", "").strip()
    if not sid:
        return None
    token = env.get("TWILIO_AUTH_TOKEN", "").strip()
    if not token:
        raise SettingsError("TWILIO_AUTH_TOKEN is missing although TWILIO_ACCOUNT_SID is set")
    sms = env.get("TWILIO_SMS_FROM", "").strip() or None
    whatsapp = env.get("TWILIO_WHATSAPP_FROM", "").strip() or None
    if sms and not (sms.startswith("+") and sms[1:].isdigit()):
        raise SettingsError("TWILIO_SMS_FROM must be a number like +15551234567")
    if whatsapp and not (whatsapp.startswith("whatsapp:+") and whatsapp[10:].isdigit()):
        raise SettingsError("TWILIO_WHATSAPP_FROM must look like whatsapp:+15551234567")
    base = _url("TWILIO_API_BASE", env.get("TWILIO_API_BASE", "").strip()) or TWILIO_API
    return Twilio(sid=sid, token=token, api_base=base, sms_from=sms, whatsapp_from=whatsapp)


def _smtp(env: Mapping[str, str]) -> Smtp | None:
    url = env.get("SMTP_URL", "").strip()
    if not url:
        return None
    # The address is never shown: it may hold a password.
    malformed = SettingsError(
        "SMTP_URL must look like smtp://host, smtp://login:password@host:587 or smtps://… "
        "(signs like @ / # in the password as %40 %2F %23)"
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise malformed from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    rest = parts.path.strip("/") + parts.query + parts.fragment
    if (
        parts.scheme not in ("smtp", "smtps") or rest or port == 0 or not _HOST.fullmatch(host)
        or bool(user) is not bool(password) or not (user + password).isascii()
    ):  # fmt: skip
        raise malformed
    sender = env.get("SMTP_FROM", "").strip()
    if not is_mailbox(sender):
        raise SettingsError("SMTP_FROM must be an address like sankofa@example.org")
    tls = parts.scheme == "smtps"
    # A login belongs to the submission port; without one it is a relay next door.
    usual = 465 if tls else 587 if user else 25
    return Smtp(
        host=host, port=port or usual, user=user, password=password, tls=tls, sender=sender
    )


def is_mailbox(text: str) -> bool:
    """Whether it is one plain e-mail address: ASCII, no name, no quotes, no blanks."""
    return len(text) <= 254 and _MAILBOX.fullmatch(text) is not None


def _database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must start with sqlite:/// or postgresql+psycopg://")
    return url


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _url(name: str, text: str) -> str:
    if text:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError(f"{name} must be an address like https://example.org")
    return text.rstrip("/")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _word(name: str, value: str) -> str:
    if not value.isalpha() or not value.isascii():
        raise SettingsError(f"{name} must be a country code like gh")
    return value


def _kept_key(home: Path) -> str:
    """A key of this installation, made once: a restart must be able to open stored addresses."""
    path = home / "secret.key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    home.mkdir(parents=True, exist_ok=True)
    key = os.urandom(32).hex()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(key)
    return key
