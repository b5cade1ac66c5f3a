"""What every answer to a preview's address carries, whatever answers it: nobody keeps it, finds it or passes it on.

An ASGI middleware; an address without a pass goes through untouched. Knows no snapshots and no pages.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.charts.filters import LONGEST
from dashboard.snapshots import previews

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Pages then do without the referrer that tells a first layout its page, see delivery.address: one more question.
    "Referrer-Policy": "no-referrer",
}
# What names the answer for those who keep copies, or another address of the same.
_LEFT_OUT = ("ETag", "Link")


class PreviewGuard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _has_pass(scope["query_string"]):
            await self._app(scope, receive, _guarded(send))
        else:
            await self._app(scope, receive, send)


def _has_pass(query: bytes) -> bool:
    """Also where it stands in another address that the query holds."""
    if b"~" not in query and b"%7" not in query:
        return False
    return len(query) > LONGEST or any(
        previews.is_pass(value) for _, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    )


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            # A copy: what is kept in memory to be sent again has its own headers.
            message = {**message, "headers": list(message.get("headers", []))}
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers[name] = value
            for name in _LEFT_OUT:
                del headers[name]
        await send(message)

    return sending
