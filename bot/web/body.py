"""Reading a request body that may be hostile: bounded, of the right type, and well formed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect, Request

MOST = 1_000_000  # bytes; Telegram and Twilio send a few thousand


class Refused(Exception):
    """A request that is answered with a 4xx; the reason names no content."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def read(request: Request, content_type: str) -> bytes:
    """The body; raises Refused for a wrong type, an empty or an oversized one."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != content_type:
        raise Refused(415, "wrong content type")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST:
        raise Refused(413, "too large")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                raise Refused(413, "too large")
    except ClientDisconnect:
        raise Refused(400, "cut off") from None
    if not body:
        raise Refused(400, "empty")
    return bytes(body)


def as_json(body: bytes) -> dict[str, Any]:
    """A JSON object; raises Refused."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not JSON") from None
    if not isinstance(found, dict):
        raise Refused(400, "not a JSON object")
    return found


def as_form(body: bytes) -> ImmutableMultiDict[str, str]:
    """Form fields with blanks kept: the signature covers them. Raises Refused."""
    try:
        text = body.decode("ascii")
        fields = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError:
        raise Refused(400, "not a form") from None
    if any("\0" in value or "\0" in name for name, value in fields):
        raise Refused(400, "not a form")
    return ImmutableMultiDict(fields)
