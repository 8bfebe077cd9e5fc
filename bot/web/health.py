"""Liveness, readiness and metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[bool]]


def routes(checks: dict[str, Check]) -> list[Route]:
    """`/health/ready` is 200 only while every check holds; each is named in the answer."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        found = {name: await check() for name, check in checks.items()}
        good = all(found.values())
        body = {"status": "ready" if good else "not ready", **found}
        return JSONResponse(body, 200 if good else 503)

    async def numbers(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", numbers),
    ]
