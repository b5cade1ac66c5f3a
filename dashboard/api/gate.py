"""What stands before every address of the API: reading is open to pages of any site, and bounded for each client.

An ASGI middleware. The client is who the server says it is: behind proxies that are known, the one they name.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api import formats
from dashboard.api.errors import OPEN, Problems, Refused
from dashboard.api.limits import Limits

_METHODS = "GET, HEAD, OPTIONS"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": _METHODS,
}
_FREE = ("/v1/docs", "/v1/openapi.json")
_WEIGHTS = {each.ending: each.weight for each in (*formats.OF_CHARTS, formats.ZIP)}


class Gate:
    def __init__(self, app: ASGIApp, limits: Limits, problems: Problems) -> None:
        self._app, self._limits, self._problems = app, limits, problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=OPEN | _PREFLIGHT)(scope, receive, send)
            return
        request = Request(scope)
        if request.url.path.endswith(_FREE):
            # Who is refused is sent there to read why.
            await self._app(scope, receive, send)
            return
        ruling = self._limits.ask(request.client.host if request.client else None, weight(request))
        if not ruling.is_allowed:
            refused = Refused(429, "api.too_many", ruling.headers, seconds=ruling.headers["Retry-After"])
            await self._problems.user_error(request, refused)(scope, receive, send)
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.update(OPEN | ruling.headers)
            await send(message)

        await self._app(scope, receive, opened)


def weight(request: Request) -> int:
    """Told by how the address ends, or by what the client accepts."""
    _, dot, ending = request.url.path.rpartition("/")[2].partition(".")
    if dot:
        return _WEIGHTS.get(ending, 1)
    known = formats.ACCEPTED_OF_CHARTS if "/charts/" in request.url.path else formats.OF_TABLES
    try:
        return formats.accepted(request.headers.get("accept", ""), known).weight
    except Refused:
        return 1
