"""A local Twilio API: Messages and Content, signed webhooks and callbacks, Twilio's error codes."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.rendering import gsm7
from bot.settings import Twilio as Account
from bot.simulator import delivery
from bot.simulator.content import ContentError, Contents
from bot.simulator.delivery import Delivery
from bot.simulator.faults import Weather
from bot.simulator.media import Media
from bot.simulator.phones import Bubble, Phone, Phones
from bot.simulator.stored import Stored, kind_of

BODY = 1600
WINDOW = timedelta(hours=24)
OUT = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "arret"])
IN = frozenset(("start", "yes", "unstop"))


class ApiError(Exception):
    """An answer with Twilio's code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class TwilioNetwork:
    """One account with its two senders."""

    def __init__(
        self, account: Account, hook: str, phones: Phones, weather: Weather, deliver: Delivery
    ) -> None:
        self._account = account
        self._hook = hook
        self._phones = phones
        self._weather = weather
        self._deliver = deliver
        self._signer = RequestValidator(account.token)
        # From the clock, as the service may remember the ids of an earlier run.
        self._numbers = itertools.count(time.time_ns())
        self._messages: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._contents = Contents()
        self._media = Media(account, phones.files)

    def routes(self) -> list[Route]:
        """The API as `TWILIO_API_BASE` sees it."""
        messages = f"/2010-04-01/Accounts/{self._account.sid}/Messages"
        call = self._call
        return [
            Route(f"{messages}.json", call(self._create), methods=["POST"]),
            Route(f"{messages}.json", call(self._list), methods=["GET"]),
            Route(f"{messages}/{{sid}}.json", call(self._fetch), methods=["GET"]),
            Route("/content/v1/Content", call(self._contents.create), methods=["POST"]),
            Route("/content/v1/Content", call(self._contents.list), methods=["GET"]),
            Route("/content/v1/Content/{sid}/ApprovalRequests/whatsapp",
                  call(self._contents.approve), methods=["POST"]),
            *self._media.routes(),
        ]

    # What people do

    def write(self, phone: Phone, text: str, **more: str) -> None:
        """The person writes; `more` are further fields of the webhook."""
        sid = more.pop("MessageSid", None) or self._sid("SM")
        fields = {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid,
            "AccountSid": self._account.sid, "From": phone.address, "To": self._sender(phone),
            "Body": text, "NumMedia": "0", "SmsStatus": "received", "ApiVersion": "2010-04-01",
            "NumSegments": str(gsm7.segments(text)),
        } | more  # fmt: skip
        if phone.channel == "whatsapp":
            fields |= {"ProfileName": phone.name, "MessageType": "text",
                       "ExternalUserId": f"whatsapp:GH.{phone.id}"} | more  # fmt: skip
            if phone.hidden:
                fields["ExternalUserId"] = phone.address
            else:
                fields["WaId"] = phone.address.removeprefix("whatsapp:+")
        elif text.strip().lower() in OUT:
            phone.opted_out = True
            self._own_reply(phone, "You have successfully been unsubscribed. You will not receive "
                                   "any more messages from this number. Reply START to "
                                   "resubscribe.")  # fmt: skip
        elif text.strip().lower() in IN:
            phone.opted_out = False
        self._signed(self._hook, fields)

    def attach(self, phone: Phone, file: Stored, text: str) -> None:
        """The person sends a file, with words or without."""
        sid = self._sid("MM")
        kind = {"photo": "image", "voice": "audio"}.get(kind_of(file.type), "contacts")
        self.write(phone, text, MessageSid=sid, MessageType=kind, **self._media.fields(sid, file))

    def tap(self, phone: Phone, token: str, label: str, layout: str) -> None:
        """The person taps a quick reply or a list item on WhatsApp."""
        more = {"ButtonPayload": token, "ButtonText": label, "MessageType": "button"}
        if layout == "list":
            more = {"ListId": token, "ListTitle": label, "MessageType": "interactive"}
        self.write(phone, label, **more)

    def _own_reply(self, phone: Phone, text: str) -> None:
        self._phones.put(phone, mine=False, text=text, status="delivered")

    def _signed(self, url: str, fields: dict[str, str]) -> None:
        signature = self._signer.compute_signature(url, fields)
        headers = {"X-Twilio-Signature": signature}
        self._deliver.send(delivery.form(url, fields, headers), retry=False)

    def _sender(self, phone: Phone) -> str:
        account = self._account
        return (account.whatsapp_from if phone.channel == "whatsapp" else account.sms_from) or ""

    def _sid(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):032x}"

    # What the service calls

    def _call(self, handle: Any) -> Any:
        async def endpoint(request: Request) -> JSONResponse:
            try:
                self._authenticate(request)
                faults = self._weather.faults
                await asyncio.sleep(faults.delay)
                if self._weather.strikes(faults.rate429):
                    raise ApiError(429, 20429, "Too Many Requests")
                if self._weather.strikes(faults.rate500):
                    raise ApiError(500, 20500, "Internal Server Error")
                status, body = await handle(request)
            except (ApiError, ContentError) as error:
                about = f"https://www.twilio.com/docs/errors/{error.code}"
                body = {"code": error.code, "message": str(error), "status": error.status,
                        "more_info": about}  # fmt: skip
                return JSONResponse(body, error.status)
            if handle == self._create:
                await self._weather.answer()
            return JSONResponse(body, status)

        return endpoint

    def _authenticate(self, request: Request) -> None:
        if not self._media.signed_in(request):
            raise ApiError(401, 20003, "Authenticate")

    async def _create(self, request: Request) -> tuple[int, dict[str, Any]]:
        form = {k: str(v) for k, v in (await request.form()).items()}
        phone = self._phones.by_address.get(form.get("To", ""))
        if not form.get("To"):
            raise ApiError(400, 21604, "A 'To' phone number is required.")
        if form.get("From") not in (self._account.sms_from, self._account.whatsapp_from):
            raise ApiError(400, 21606, "The 'From' number is not valid, message-capable")
        if phone is None or self._sender(phone) != form["From"]:
            raise ApiError(400, 21211, f"Invalid 'To' Phone Number: {form['To'][:6]}XXXX")
        if phone.opted_out:
            raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient")
        shown: dict[str, Any] = {"text": form.get("Body", ""), "layout": "none", "options": []}
        if "ContentSid" in form:
            shown = self._contents.filled(form["ContentSid"], form.get("ContentVariables", "{}"))
        if not shown["text"] and "MediaUrl" not in form:
            raise ApiError(400, 21619, "A text message body or media urls must be specified.")
        if len(shown["text"]) > BODY:
            raise ApiError(400, 21617, "The concatenated message body exceeds 1600 characters.")
        record = self._record(form, shown["text"])
        any_time = form.get("ContentSid") in self._contents.approved
        task = asyncio.create_task(
            self._travel(phone, record, shown, form, any_time=any_time)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return 201, record

    def _record(self, form: dict[str, str], text: str) -> dict[str, Any]:
        sid, now = self._sid("SM"), datetime.now(UTC)
        stamp = now.strftime("%a, %d %b %Y %H:%M:%S +0000")
        record: dict[str, Any] = {
            "sid": sid, "account_sid": self._account.sid, "to": form["To"], "from": form["From"],
            "body": text, "status": "queued", "direction": "outbound-api", "date_created": stamp,
            "date_updated": stamp, "date_sent": stamp,
            "num_media": "1" if "MediaUrl" in form else "0", "api_version": "2010-04-01",
            "num_segments": str(gsm7.segments(text)), "price": None,
            "price_unit": "USD", "error_code": None, "error_message": None,
            "messaging_service_sid": None,
            "uri": f"/2010-04-01/Accounts/{self._account.sid}/Messages/{sid}.json",
            "subresource_uris": {},
        }  # fmt: skip
        self._messages[sid] = record
        return record

    async def _travel(
        self, phone: Phone, record: dict[str, Any], shown: dict[str, Any], form: dict[str, str],
        *, any_time: bool,
    ) -> None:  # fmt: skip
        """The message's way to the phone, with a callback for each status but the first."""
        code, callback = "", form.get("StatusCallback")
        if url := form.get("MediaUrl"):
            file = await self._media.outgoing(url)
            if isinstance(file, str):
                code = file
            else:
                kind = kind_of(file.type)
                # WhatsApp shows no words with a voice note.
                words = "" if kind == "voice" else shown["text"]
                shown = shown | {"kind": kind, "file": file.id, "text": words}
        if phone.channel == "whatsapp":
            heard = phone.heard_at
            over = heard is None or datetime.now(UTC) - heard > WINDOW
            if over and not any_time:
                code = "63016"
        if phone.blocked:
            code = "63003" if phone.channel == "whatsapp" else "30004"
        bubble: Bubble | None = None
        if not code:
            bubble = self._phones.put(phone, mine=False, provider_id=record["sid"], **shown)
        last = "read" if phone.channel == "whatsapp" else "delivered"
        steps = ["sent", "undelivered"] if code else ["sent", "delivered", last]
        for status in dict.fromkeys(steps):
            record["status"], record["error_code"] = status, int(code) if code else None
            if bubble:
                self._phones.update(bubble, status)
            if callback and not self._weather.strikes(self._weather.faults.lost_callbacks):
                fields = {"MessageSid": record["sid"], "SmsSid": record["sid"],
                          "MessageStatus": status, "SmsStatus": status, "To": record["to"],
                          "From": record["from"], "AccountSid": self._account.sid,
                          "ApiVersion": "2010-04-01"}  # fmt: skip
                if code and status == "undelivered":
                    fields["ErrorCode"] = code
                self._signed(callback, fields)
            await asyncio.sleep(0.05)

    async def _list(self, request: Request) -> tuple[int, dict[str, Any]]:
        to, sender = request.query_params.get("To"), request.query_params.get("From")
        found = [
            m for m in reversed(self._messages.values())
            if to in (None, m["to"]) and sender in (None, m["from"])
        ][: int(request.query_params.get("PageSize", 50))]
        return 200, {"messages": found, "page": 0, "page_size": len(found), "next_page_uri": None,
                     "first_page_uri": "", "previous_page_uri": None, "uri": "", "start": 0,
                     "end": len(found)}  # fmt: skip

    async def _fetch(self, request: Request) -> tuple[int, dict[str, Any]]:
        record = self._messages.get(request.path_params["sid"])
        if record is None:
            raise ApiError(404, 20404, "The requested resource was not found")
        return 200, record

    async def settled(self) -> None:
        """Waits until every message has arrived."""
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._media.close()

