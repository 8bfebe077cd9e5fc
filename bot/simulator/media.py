"""Twilio's side of files: what came in is fetched from it, what goes out it fetches from us."""

from __future__ import annotations

import base64
import hmac

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.settings import Twilio as Account
from bot.simulator.stored import Files, Stored

TYPES = ("image/jpeg", "image/png", "audio/ogg", "audio/mpeg", "audio/aac", "video/mp4")
LARGEST = 16_000_000  # bytes, on WhatsApp
FAILED_TO_DOWNLOAD, WRONG_TYPE = "63019", "12300"


class Media:
    """Files of one account. The address of one leads on to another that needs no sign-in."""

    def __init__(self, account: Account, files: Files) -> None:
        self._account = account
        self._files = files
        self._client = httpx.AsyncClient(timeout=10, trust_env=False)

    def routes(self) -> list[Route]:
        messages = f"/2010-04-01/Accounts/{self._account.sid}/Messages"
        return [
            Route(f"{messages}/{{sid}}/Media/{{id}}", self._moved),
            Route("/mms/{id}", self._stored),
        ]

    def fields(self, sid: str, file: Stored) -> dict[str, str]:
        """What the webhook says about a file that came with the message `sid`."""
        base = f"{self._account.api_base}/2010-04-01/Accounts/{self._account.sid}"
        return {"NumMedia": "1", "MediaContentType0": file.type,
                "MediaUrl0": f"{base}/Messages/{sid}/Media/ME{file.id:0>32}"}  # fmt: skip

    async def outgoing(self, url: str) -> Stored | str:
        """The file behind an address of ours, or Twilio's error code."""
        try:
            answer = await self._client.get(url)
        except httpx.HTTPError:
            return FAILED_TO_DOWNLOAD
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            return FAILED_TO_DOWNLOAD
        type = answer.headers.get("content-type", "").split(";")[0]
        return self._files.put(type, answer.content) if type in TYPES else WRONG_TYPE

    def signed_in(self, request: Request) -> bool:
        """Whether the request carries the account's credentials."""
        expected = base64.b64encode(f"{self._account.sid}:{self._account.token}".encode())
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, b"Basic " + expected)

    async def _moved(self, request: Request) -> Response:
        file = self._files.get(request.path_params["id"][-8:])
        if not self.signed_in(request):
            return JSONResponse({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        if file is None:
            return JSONResponse({"code": 20404, "message": "not found", "status": 404}, 404)
        return RedirectResponse(f"{self._account.api_base}/mms/{file.id}?signed=1", 307)

    async def _stored(self, request: Request) -> Response:
        file = self._files.get(request.path_params["id"])
        if file is None or "authorization" in request.headers:  # it would be told to strangers
            return Response(status_code=403)
        return Response(file.content, media_type=file.type)

    async def close(self) -> None:
        await self._client.aclose()
