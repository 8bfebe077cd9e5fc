"""A local Telegram Bot API: what python-telegram-bot needs of it, with Telegram's own errors."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import delivery
from bot.simulator.delivery import Delivery
from bot.simulator.faults import Weather
from bot.simulator.phones import Phone, Phones
from bot.simulator.stored import Stored, kind_of

BOT = {"id": 4242, "is_bot": True, "first_name": "Sankofa", "username": "sankofa_bot",
       "can_join_groups": True, "can_read_all_group_messages": False,
       "supports_inline_queries": False}  # fmt: skip
TEXT, CAPTION, CALLBACK = 4096, 1024, 64
LARGEST = 20_000_000  # bytes that getFile gives


class ApiError(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class TelegramNetwork:
    """One bot account and the people who write to it."""

    def __init__(self, token: str, phones: Phones, weather: Weather, deliver: Delivery) -> None:
        self._token = token
        self._phones = phones
        self._weather = weather
        self._deliver = deliver
        # From the clock, as the service may remember the ids of an earlier run.
        self._updates = itertools.count(int(time.time()))
        self._messages = itertools.count(1)
        self._queries: dict[str, str] = {}  # open callback queries: id to phone
        self._pending: list[dict[str, Any]] = []  # for getUpdates
        self._arrived = asyncio.Event()
        self.webhook: tuple[str, str] | None = None

    def routes(self) -> list[Route]:
        """The API under `/bot<token>/<method>`, files under `/file/bot<token>/<path>`."""
        return [
            Route("/bot{token}/{method}", self._endpoint, methods=["GET", "POST"]),
            Route("/file/bot{token}/files/{id}", self._file),
        ]

    # What people do

    def write(self, phone: Phone, text: str, **more: Any) -> None:
        """The person writes, or sends something else (`more` as in a Telegram message)."""
        message = self._message(phone) | more | ({"text": text} if text else {})
        self._update({"message": message})

    def attach(self, phone: Phone, file: Stored, text: str) -> None:
        """The person sends a file, with words below it or without."""
        self.write(phone, "", **_as_sent(file), **({"caption": text} if text else {}))

    def tap(self, phone: Phone, token: str, message_id: str) -> None:
        """The person taps a button under a message of the bot."""
        query = f"q{next(self._messages)}"
        self._queries[query] = phone.id
        message = self._message(phone) | {"message_id": int(message_id or 1), "from": BOT,
                                          "text": "…"}  # fmt: skip
        self._update({"callback_query": {
            "id": query, "from": _user(phone), "chat_instance": "1", "data": token,
            "message": message,
        }})  # fmt: skip

    def block(self, phone: Phone, blocked: bool) -> None:
        """The person blocks or unblocks the bot."""
        phone.blocked = blocked
        states = ("member", "kicked") if blocked else ("kicked", "member")
        old, new = ({"user": BOT, "status": s, **({"until_date": 0} if s == "kicked" else {})}
                    for s in states)  # fmt: skip
        self._update({"my_chat_member": {
            "chat": _chat(phone), "from": _user(phone), "date": int(time.time()),
            "old_chat_member": old, "new_chat_member": new,
        }})  # fmt: skip

    def _message(self, phone: Phone) -> dict[str, Any]:
        return {"message_id": next(self._messages), "date": int(time.time()),
                "from": _user(phone), "chat": _chat(phone)}  # fmt: skip

    def _update(self, body: dict[str, Any]) -> None:
        update = {"update_id": next(self._updates), **body}
        if self.webhook is None:
            self._pending.append(update)
            self._arrived.set()
            return
        url, secret = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self._deliver.send(delivery.json(url, update, headers), retry=True)

    # What the bot calls

    async def _endpoint(self, request: Request) -> JSONResponse:
        try:
            if request.path_params["token"] != self._token:
                raise ApiError(401, "Unauthorized")
            faults = self._weather.faults
            await asyncio.sleep(faults.delay)
            if self._weather.strikes(faults.rate429):
                raise ApiError(429, "Too Many Requests: retry after 1", retry_after=1)
            if self._weather.strikes(faults.rate500):
                raise ApiError(500, "Internal Server Error")
            method = getattr(self, "do_" + request.path_params["method"].lower(), None)
            if method is None:
                raise ApiError(404, "Not Found")
            result = await method(await _arguments(request))
        except ApiError as error:
            body = {"ok": False, "error_code": error.code, "description": error.description}
            if error.parameters:
                body["parameters"] = error.parameters
            return JSONResponse(body, error.code)
        if method in (self.do_sendmessage, self.do_sendphoto, self.do_sendvoice):
            await self._weather.answer()
        return JSONResponse({"ok": True, "result": result})

    async def do_getme(self, _: dict[str, Any]) -> Any:
        return BOT

    async def do_sendmessage(self, given: dict[str, Any]) -> Any:
        phone = self._recipient(given)
        text = str(given.get("text") or "").strip()
        if not text:
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text) > TEXT:
            raise ApiError(400, "Bad Request: message is too long")
        options = _buttons(given.get("reply_markup"))
        message = self._message(phone) | {"from": BOT, "text": text}
        self._phones.put(
            phone, mine=False, text=text, options=options, status="sent",
            layout="buttons" if options else "none", provider_id=str(message["message_id"]),
        )  # fmt: skip
        return message

    async def do_sendphoto(self, given: dict[str, Any]) -> Any:
        return self._uploaded(given, "photo", b"\xff\xd8\xff", "image/jpeg")

    async def do_sendvoice(self, given: dict[str, Any]) -> Any:
        return self._uploaded(given, "voice", b"OggS", "audio/ogg")

    def _uploaded(self, given: dict[str, Any], kind: str, mark: bytes, type: str) -> Any:
        """A file that came with the request; the name of one is not taken here."""
        phone, content = self._recipient(given), given.get(kind)
        if not isinstance(content, bytes):
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if not content.startswith(mark):
            raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        text = str(given.get("caption") or "").strip()
        if len(text) > CAPTION:
            raise ApiError(400, "Bad Request: message caption is too long")
        options, file = _buttons(given.get("reply_markup")), self._phones.files.put(type, content)
        message = self._message(phone) | {"from": BOT, "caption": text} | _as_sent(file)
        self._phones.put(
            phone, mine=False, text=text, options=options, status="sent", kind=kind, file=file.id,
            layout="buttons" if options else "none", provider_id=str(message["message_id"]),
        )  # fmt: skip
        return message

    def _recipient(self, given: dict[str, Any]) -> Phone:
        phone = self._phones.by_address.get(str(given.get("chat_id")))
        if phone is None or phone.channel != "telegram":
            raise ApiError(400, "Bad Request: chat not found")
        if phone.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return phone

    async def do_getfile(self, given: dict[str, Any]) -> Any:
        file = self._phones.files.get(str(given.get("file_id")))
        if file is None:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(file.content) > LARGEST:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": file.id, "file_unique_id": file.id, "file_size": len(file.content),
                "file_path": f"files/{file.id}"}  # fmt: skip

    async def _file(self, request: Request) -> Response:
        file = self._phones.files.get(request.path_params["id"])
        if request.path_params["token"] != self._token or file is None:
            return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return Response(file.content, media_type="application/octet-stream")

    async def do_answercallbackquery(self, given: dict[str, Any]) -> Any:
        if self._queries.pop(str(given.get("callback_query_id")), None) is None:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired "
                                "or query ID is invalid")  # fmt: skip
        return True

    async def do_setwebhook(self, given: dict[str, Any]) -> Any:
        url = str(given.get("url") or "")
        self.webhook = (url, str(given.get("secret_token") or "")) if url else None
        return True

    async def do_deletewebhook(self, _: dict[str, Any]) -> Any:
        self.webhook = None
        return True

    async def do_getwebhookinfo(self, _: dict[str, Any]) -> Any:
        return {"url": self.webhook[0] if self.webhook else "", "has_custom_certificate": False,
                "pending_update_count": len(self._pending)}  # fmt: skip

    async def do_getupdates(self, given: dict[str, Any]) -> Any:
        if self.webhook is not None:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset") or 0)
        self._pending = [u for u in self._pending if u["update_id"] >= offset]
        if not self._pending:
            self._arrived.clear()
            wait = min(float(given.get("timeout") or 0), 30)
            try:
                await asyncio.wait_for(self._arrived.wait(), wait)
            except TimeoutError:
                return []
        return self._pending[:100]


async def _arguments(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    async with request.form() as form:
        given: dict[str, Any] = {
            k: v if isinstance(v, str) else await v.read() for k, v in form.items()
        }
    return {**request.query_params, **given}


def _as_sent(file: Stored) -> dict[str, Any]:
    """The file as a part of a Telegram message; a photo comes in several sizes."""
    named = {"file_id": file.id, "file_unique_id": file.id, "file_size": len(file.content)}
    match kind_of(file.type):
        case "photo":
            small = {"file_id": f"s{file.id}", "file_unique_id": f"s{file.id}", "file_size": 900,
                     "width": 90, "height": 68}  # fmt: skip
            return {"photo": [small, named | {"width": 640, "height": 480}]}
        case "voice":
            return {"voice": named | {"duration": 1, "mime_type": file.type}}
        case _:
            return {"contact": {"phone_number": "+000", "first_name": "Somebody"}}


def _buttons(markup: Any) -> list[dict[str, str]]:
    if not markup:
        return []
    found = json.loads(markup) if isinstance(markup, str) else markup
    buttons = [button for row in found.get("inline_keyboard", ()) for button in row]
    for button in buttons:
        if not 0 < len(str(button.get("callback_data") or "").encode()) <= CALLBACK:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return [{"label": b["text"], "token": b["callback_data"]} for b in buttons]


def _user(phone: Phone) -> dict[str, Any]:
    return {"id": int(phone.address), "is_bot": False, "first_name": phone.name,
            "language_code": phone.locale}  # fmt: skip


def _chat(phone: Phone) -> dict[str, Any]:
    return {"id": int(phone.address), "type": "private", "first_name": phone.name}
