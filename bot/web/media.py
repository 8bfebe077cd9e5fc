"""Cleaned photos and voice notes, for whoever has the key: providers, and the console."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.db import Database
from bot.peers import media
from bot.peers.media import File

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
HEADERS = {
    # Short: what was taken back should not live on in somebody's cache.
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def routes(database: Database) -> list[Route]:
    """`GET /media/<key>`: 404 for every other key, and once the copy is deleted."""

    async def serve(request: Request) -> Response:
        key = request.path_params["key"]
        found = await database.read(media.one, key) if KEY.fullmatch(key) else None
        return response(found) if found else PlainTextResponse("not found", 404)

    return [Route("/media/{key}", serve, methods=["GET"])]


def response(file: File) -> Response:
    """The copy as an answer; a page that shows it to staff looks after who may see it."""
    return Response(file.content, media_type=file.type, headers=HEADERS)
