"""Webhooks: verify, parse, store, 200. They never think.

An update of a kind we do not know is answered 200, so that the provider stops repeating it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.channels import twilio
from bot.channels.base import BadPayload
from bot.channels.telegram import Telegram
from bot.intake import Intake
from bot.settings import Settings
from bot.settings import Twilio as TwilioAccount
from bot.web.body import Refused, as_form, as_json, read

log = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
Handler = Callable[[Request], Awaitable[Response]]


def routes(settings: Settings, intake: Intake) -> list[Route]:
    """The webhooks of the configured channels."""
    found = []
    if settings.telegram:
        channel = Telegram(settings.telegram)
        found.append(_route("/hooks/telegram", "telegram", _telegram(channel, intake)))
    if settings.twilio:
        found.append(_route("/hooks/twilio", "twilio", _twilio(settings, intake)))
        found.append(_route("/hooks/twilio/status", "twilio", _status(settings, intake)))
    return found


def _route(path: str, provider: str, handle: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            response = await handle(request)
        except Refused as refused:
            log.warning("%s refused: %d %s", path, refused.status, refused.reason)
            response = PlainTextResponse(refused.reason, refused.status)
        except BadPayload as bad:
            log.warning("%s refused: 400 %s", path, bad)
            response = PlainTextResponse("bad payload", 400)
        metrics.WEBHOOKS.labels(provider, str(response.status_code)).inc()
        return response

    return Route(path, endpoint, methods=["POST"])


def _telegram(channel: Telegram, intake: Intake) -> Handler:
    async def handle(request: Request) -> Response:
        if not channel.genuine(request.headers.get("x-telegram-bot-api-secret-token")):
            raise Refused(403, "wrong secret")
        arrival = channel.parse(as_json(await read(request, "application/json")))
        await intake.put([arrival] if arrival else [])
        return Response()

    return handle


async def _signed_form(
    request: Request, settings: Settings, account: TwilioAccount
) -> ImmutableMultiDict[str, str]:
    form = as_form(await read(request, FORM))
    # The address as Twilio knows it: behind a proxy the request's own one is another.
    query = f"?{request.url.query}" if request.url.query else ""
    url = settings.root + request.url.path + query
    if not twilio.genuine(account, url, form, request.headers.get("x-twilio-signature")):
        raise Refused(403, "wrong signature")
    return form


def _twilio(settings: Settings, intake: Intake) -> Handler:
    account = settings.twilio
    assert account is not None  # noqa: S101  # routes() saw it

    async def handle(request: Request) -> Response:
        arrival = twilio.parse(await _signed_form(request, settings, account))
        await intake.put([arrival] if arrival else [])
        return Response(EMPTY_TWIML, media_type="text/xml")

    return handle


def _status(settings: Settings, intake: Intake) -> Handler:
    account = settings.twilio
    assert account is not None  # noqa: S101  # routes() saw it

    async def handle(request: Request) -> Response:
        form = await _signed_form(request, settings, account)
        arrival = twilio.parse_status(form, request.query_params)
        await intake.put([arrival] if arrival else [])
        return Response()

    return handle
