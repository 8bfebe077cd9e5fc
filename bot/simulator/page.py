"""The phones page: three phones to type on, fed by server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.networks import Networks

STATIC = Path(__file__).resolve().parent / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'"
)
KEEP_ALIVE = 15  # seconds


def routes(networks: Networks) -> list[BaseRoute]:
    """Everything under /phones."""
    page = _Page(networks)
    return [
        Route("/", lambda _: RedirectResponse("/phones/")),
        Route("/phones", lambda _: RedirectResponse("/phones/")),
        Route("/phones/", page.html),
        Route("/phones/events", page.events),
        Route("/phones/files/{id}", page.file),
        Route("/phones/people", page.add, methods=["POST"]),
        Route("/phones/faults", page.faults, methods=["POST"]),
        Route("/phones/{id}/send", page.send, methods=["POST"]),
        Route("/phones/{id}/block", page.block, methods=["POST"]),
        Mount("/phones/static", StaticFiles(directory=STATIC)),
    ]


class _Page:
    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._phones = networks.phones

    async def html(self, _: Request) -> Response:
        return FileResponse(STATIC / "phones.html", headers={"Content-Security-Policy": CSP})

    async def events(self, _: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._stream(), media_type="text/event-stream", headers=headers
        )

    async def _stream(self) -> AsyncIterator[str]:
        queue = self._phones.watch()
        try:
            phones = [phone.as_json() for phone in self._phones.by_id.values()]
            faults = asdict(self._networks.weather.faults)
            yield _event("snapshot", {"phones": phones, "faults": faults})
            while self._phones.watched(queue):  # otherwise the page comes back for a snapshot
                try:
                    yield _event(*await asyncio.wait_for(queue.get(), KEEP_ALIVE))
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._phones.unwatch(queue)

    async def file(self, request: Request) -> Response:
        found = self._phones.files.get(request.path_params["id"])
        if found is None:
            return JSONResponse({"error": "no such file"}, 404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        return Response(found.content, media_type=found.type, headers=headers)

    async def add(self, request: Request) -> Response:
        body = await _body(request)
        if body.get("channel") not in ("telegram", "whatsapp", "sms"):
            return JSONResponse({"error": "channel"}, 400)
        name = str(body["name"])[:40] if body.get("name") else None
        phone = self._phones.add(
            body["channel"], name, str(body.get("locale") or "en")[:5],
            hidden=bool(body.get("hidden")) and body["channel"] == "whatsapp",
        )  # fmt: skip
        return JSONResponse(phone.as_json())

    async def send(self, request: Request) -> Response:
        phone = self._phones.by_id.get(request.path_params["id"])
        if phone is None:
            return JSONResponse({"error": "no such phone"}, 404)
        try:
            self._networks.send(phone, await _body(request))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({})

    async def block(self, request: Request) -> Response:
        phone = self._phones.by_id.get(request.path_params["id"])
        if phone is None:
            return JSONResponse({"error": "no such phone"}, 404)
        self._networks.block(phone, bool((await _body(request)).get("blocked")))
        return JSONResponse({})

    async def faults(self, request: Request) -> Response:
        weather = self._networks.weather
        try:
            weather.faults = weather.faults.changed(await _body(request))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(asdict(weather.faults))


async def _body(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
