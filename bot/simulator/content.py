"""Twilio's Content API: resources with buttons or lists, filled with variables when sent."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from starlette.requests import Request

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class ContentError(Exception):
    """An answer with Twilio's code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Contents:
    """The account's Content resources."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._by_sid: dict[str, dict[str, Any]] = {}
        self.approved: set[str] = set()  # may go when the 24 hours are over

    async def create(self, request: Request) -> tuple[int, dict[str, Any]]:
        """POST: checked for what WhatsApp allows in a conversation."""
        try:
            given = await request.json()
            kinds = {k: v for k, v in given["types"].items() if v is not None}
            language = given["language"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ContentError(400, 20001, "types and language are required") from None
        _check(kinds)
        sid = f"HX{next(self._numbers):032x}"
        self._by_sid[sid] = made = {
            "sid": sid, "account_sid": "", "friendly_name": given.get("friendly_name"),
            "language": language, "variables": given.get("variables") or {}, "types": kinds,
            "date_created": "2026-01-01T00:00:00Z", "date_updated": "2026-01-01T00:00:00Z",
            "url": f"https://content.twilio.com/v1/Content/{sid}", "links": {},
        }  # fmt: skip
        return 201, made

    async def approve(self, request: Request) -> tuple[int, dict[str, Any]]:
        """POST: WhatsApp's review, which here says yes at once to a plain text."""
        sid = request.path_params["sid"]
        made = self._by_sid.get(sid)
        try:
            given = await request.json()
            wish = {name: str(given[name]) for name in ("name", "category")}
        except (ValueError, KeyError, TypeError):
            raise ContentError(400, 20001, "name and category are required") from None
        if made is None:
            raise ContentError(404, 20404, "The requested resource was not found")
        status = "approved" if set(made["types"]) == {"twilio/text"} else "rejected"
        if status == "approved":
            self.approved.add(sid)
        return 201, {**wish, "content_type": "twilio/text", "status": status,
                     "rejection_reason": "", "allow_category_change": False}  # fmt: skip

    async def list(self, _: Request) -> tuple[int, dict[str, Any]]:
        """GET."""
        meta = {"page": 0, "page_size": 1000, "next_page_url": None, "key": "contents",
                "first_page_url": "", "previous_page_url": None, "url": ""}  # fmt: skip
        return 200, {"contents": list(self._by_sid.values()), "meta": meta}

    def filled(self, sid: str, variables: str) -> dict[str, Any]:
        """Text, layout and options of a message made from a resource."""
        made = self._by_sid.get(sid)
        if made is None:
            raise ContentError(400, 21655, "The ContentSid is Invalid")
        try:
            given = {str(k): v for k, v in json.loads(variables).items()}
        except (ValueError, AttributeError):
            raise ContentError(400, 21656, "The ContentVariables parameter is invalid") from None
        for value in given.values():
            bad = not isinstance(value, str) or not value or re.search(r"[\n\t]| {5}", value)
            if bad:
                raise ContentError(400, 21656, "The ContentVariables parameter is invalid")
        kind, body = next(iter(made["types"].items()))
        text = _PLACEHOLDER.sub(lambda m: str(given.get(m[1], m[0])), body["body"])
        if kind == "twilio/quick-reply":
            options = [{"label": a["title"], "token": a["id"]} for a in body["actions"]]
            return {"text": text, "layout": "buttons", "options": options}
        if kind == "twilio/list-picker":
            options = [{"label": i["item"], "token": i["id"]} for i in body["items"]]
            return {"text": text, "layout": "list", "options": options, "button": body["button"]}
        return {"text": text, "layout": "none", "options": []}


def _check(kinds: dict[str, Any]) -> None:
    if not kinds:
        raise ContentError(400, 20001, "types is empty")
    quick = kinds.get("twilio/quick-reply")
    if quick and not (
        1 <= len(quick["actions"]) <= 3 and all(0 < len(a["title"]) <= 20 for a in quick["actions"])
    ):
        raise ContentError(400, 20001, "quick-reply: 1 to 3 actions with titles up to 20")
    listed = kinds.get("twilio/list-picker")
    if listed and not (
        1 <= len(listed["items"]) <= 10
        and 0 < len(listed["button"]) <= 20
        and all(0 < len(i["item"]) <= 24 for i in listed["items"])
        and len({i["item"] for i in listed["items"]}) == len(listed["items"])
        and len({i["id"] for i in listed["items"]}) == len(listed["items"])
    ):
        raise ContentError(400, 20001, "list-picker: 1 to 10 different items up to 24")
