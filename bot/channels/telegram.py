"""Telegram: `Bot` and `Update` of python-telegram-bot, nothing else of it.

Facts: Bot API 10.1 and the library's constants (research: 30 messages/s, 1/s per chat, 4096
characters, 64 bytes of callback data, 403 when blocked, 429 with retry_after).
"""

from __future__ import annotations

import hmac
import os
import warnings
from datetime import timedelta
from typing import Any, ClassVar, Self

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, error
from telegram.request import HTTPXRequest

from bot.channels.base import LONGEST_REFERENCE, TOO_LARGE, BadPayload, Channel, Pace
from bot.channels.download import download
from bot.cleaning import MOST
from bot.events import Attachment, Incoming, Kind, Part, Reason, SendError, Sent
from bot.rendering import Limits
from bot.settings import Settings
from bot.settings import Telegram as Account

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's next major version, today

# Substrings of Telegram's descriptions that mean: stop writing to this chat.
GONE = {
    "bot was blocked": Reason.BLOCKED,
    "user is deactivated": Reason.NO_SUCH_ADDRESS,
    "chat not found": Reason.NO_SUCH_ADDRESS,
    "can't initiate conversation": Reason.BLOCKED,
    "bot was kicked": Reason.BLOCKED,
}
TIMEOUT = 5.0  # seconds to wait for an answer; after that nobody knows whether it was accepted
FILE_TIMEOUT = 20.0  # the same where a file goes with the request
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


class Telegram(Channel):
    """One bot account."""

    name: ClassVar[str] = "telegram"
    limits = Limits(
        text=4096, options=12, tappable=True, label=40, relayed=3,
        files=True, photo_text=1024, voice_text=1024, file_options=True,
    )
    uploads = True
    pace = Pace(per_second=30, pause=1.0)

    def __init__(self, account: Account) -> None:
        self.account = account
        self._bot: Bot | None = None
        self._requests: tuple[HTTPXRequest, ...] = ()

    @classmethod
    def create(cls, settings: Settings) -> Self | None:
        return cls(settings.telegram) if settings.telegram else None

    @property
    def bot(self) -> Bot:
        """Made at first use and without getMe: the service starts when Telegram is away."""
        if self._bot is None:
            base = self.account.api_base
            calls = HTTPXRequest(
                connection_pool_size=self.pace.calls, pool_timeout=30, read_timeout=TIMEOUT
            )
            updates = HTTPXRequest(connection_pool_size=1)
            self._requests = (calls, updates)
            self._bot = Bot(
                self.account.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot",
                request=calls, get_updates_request=updates,
            )  # fmt: skip
        return self._bot

    def genuine(self, secret: str | None) -> bool:
        """Whether the request carries our webhook secret."""
        expected = self.account.secret.encode()
        return bool(expected) and hmac.compare_digest((secret or "").encode(), expected)

    def parse(self, update: dict[str, Any]) -> Incoming | None:
        """The event in an update; None for kinds that do not concern us. Raises BadPayload."""
        number = update.get("update_id")
        if type(number) is not int or abs(number) >= 2**63:
            raise BadPayload("not a Telegram update: no update_id")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # new fields of the API are not our affair
                return _incoming(Update.de_json(update, None), self.account.token.split(":")[0])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
            raise BadPayload(f"not a Telegram update: {type(problem).__name__}") from None

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        try:
            if part.ack is not None:
                await self.bot.answer_callback_query(part.ack)
                return Sent("")
            buttons = [[InlineKeyboardButton(o.label, callback_data=o.token)] for o in part.options]
            markup = InlineKeyboardMarkup(buttons) if buttons else None
            sent = await self._hand_over(int(address), part, markup)
        except error.TelegramError as problem:
            return failure(problem, ack=part.ack is not None)
        return Sent(str(sent.message_id))

    async def _hand_over(
        self, chat: int, part: Part, markup: InlineKeyboardMarkup | None
    ) -> Message:
        """Files go as bytes: Telegram need not be able to reach us."""
        match part.kind:
            case "photo":
                return await self.bot.send_photo(
                    chat, part.content, caption=part.text, reply_markup=markup,
                    filename="photo.jpg", write_timeout=FILE_TIMEOUT, read_timeout=FILE_TIMEOUT,
                )  # fmt: skip
            case "voice":
                return await self.bot.send_voice(
                    chat, part.content, caption=part.text, reply_markup=markup,
                    filename="voice.ogg", write_timeout=FILE_TIMEOUT, read_timeout=FILE_TIMEOUT,
                )  # fmt: skip
            case _:
                return await self.bot.send_message(chat, part.text, reply_markup=markup)

    async def fetch(self, reference: str, most: int) -> bytes | SendError:
        try:
            found = await self.bot.get_file(reference)
        except error.TelegramError as problem:
            return TOO_LARGE if "too big" in problem.message.lower() else failure(problem)
        if (found.file_size or 0) > most:
            return TOO_LARGE
        return await download(found.file_path or "", f"{self.bot.base_file_url}/", most=most)

    async def close(self) -> None:
        # Not Bot.shutdown: it does nothing for a bot that never asked getMe.
        for requests in self._requests:
            await requests.shutdown()


def failure(problem: error.TelegramError, *, ack: bool = False) -> SendError:
    """What a Telegram error means for the message."""
    said = problem.message.lower()
    match problem:
        case error.RetryAfter(retry_after=wait):
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return SendError(Reason.RATE, retry=seconds, code="429")
        case error.InvalidToken():
            return SendError(Reason.ACCOUNT, retry=60, code="401")
        case error.ChatMigrated():
            return SendError(Reason.NO_SUCH_ADDRESS, gone=True, code="migrated")
        case error.Forbidden() | error.BadRequest():
            for text, reason in GONE.items():
                if text in said:
                    return SendError(reason, gone=True, code=text)
            # A callback may only be answered for a while; a late answer is no loss.
            return SendError(Reason.REFUSED, code="400" if not ack else "late callback")
        case error.TimedOut():
            cause = type(problem.__cause__).__name__
            if cause in ("ConnectTimeout", "PoolTimeout"):  # nothing was sent
                return SendError(Reason.PROVIDER, retry=5, code=cause)
            return SendError(Reason.IN_DOUBT, retry=10, code=cause)
        case error.NetworkError():
            cause = type(problem.__cause__).__name__
            if cause in ("ReadError", "RemoteProtocolError", "WriteError"):
                return SendError(Reason.IN_DOUBT, retry=10, code=cause)
            return SendError(Reason.PROVIDER, retry=5, code=cause)
        case _:
            return SendError(Reason.PROVIDER, retry=10, code=type(problem).__name__)


def _incoming(update: Update, bot: str) -> Incoming | None:
    key = f"{bot}:{update.update_id}"
    if query := update.callback_query:
        message = query.message
        if message is None or message.chat.type != "private" or not query.data:
            return None
        return Incoming(
            channel="telegram", external_id=key, kind=Kind.CHOICE,
            addresses=(str(message.chat.id),),
            body={"token": query.data, "ack": query.id,
                  "locale": query.from_user.language_code or ""},
        )  # fmt: skip
    if member := update.my_chat_member:
        if member.chat.type != "private":
            return None
        reachable = member.new_chat_member.status not in ("kicked", "left")
        return Incoming(
            channel="telegram", external_id=key, kind=Kind.REACH,
            addresses=(str(member.chat.id),), body={"reachable": reachable},
        )  # fmt: skip
    message = update.message or update.edited_message
    # A group somebody dragged the bot into is not a talk with one person: we stay silent there.
    if not isinstance(message, Message) or message.chat.type != "private" or not message.from_user:
        return None
    body = _body(message)
    if body is None:
        return None
    if update.edited_message:
        body["edited"] = True
    if message.reply_to_message:
        body["replied"] = str(message.reply_to_message.message_id)
    body["locale"] = message.from_user.language_code or ""
    return Incoming(
        channel="telegram", external_id=key, kind=Kind.MESSAGE,
        addresses=(str(message.chat.id),), body=body,
    )  # fmt: skip


def _body(message: Message) -> dict[str, Any] | None:
    text = message.text or message.caption or ""
    if message.location:
        place = message.location
        return {"text": text, "attachment": Attachment.LOCATION.value,
                "latitude": place.latitude, "longitude": place.longitude}  # fmt: skip
    kinds = (
        (Attachment.VOICE, message.voice or message.audio or message.video_note),
        (Attachment.PHOTO, message.photo),
        (Attachment.VIDEO, message.video or message.animation),
        (Attachment.FILE, message.document),
        (Attachment.STICKER, message.sticker),
        (Attachment.CONTACT, message.contact),
        (Attachment.OTHER, message.poll or message.dice or message.venue or message.story),
    )
    for kind, found in kinds:
        if found:
            return {"text": text, "attachment": kind.value, **_reference(message)}
    return {"text": text} if text else None


def _reference(message: Message) -> dict[str, str]:
    """Where a voice note is to be fetched, or the largest form of a photo that we take."""
    if message.voice:
        found = message.voice.file_id
    else:
        sizes = [s for s in message.photo or () if (s.file_size or 0) <= MOST["photo"]]
        found = max(sizes, key=lambda s: s.width * s.height).file_id if sizes else ""
    return {"media": found} if found and len(found) <= LONGEST_REFERENCE else {}
