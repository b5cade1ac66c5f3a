"""What a browser may send to Dash's callback address: small JSON of the shape Dash sends; else 400 or 413, not 500.

An ASGI middleware around the app; every other address passes through untouched.
"""

from collections.abc import Collection
from typing import Any

import orjson
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.delivery.room import Full, Room
from dashboard.messages import Language

PATH = "/_dash-update-component"
# Addresses and a place in a document: far above what a page sends, far below what costs anything.
_MOST = 16_384
# Being answered or waiting for it: readers who move between pages at the same moment.
AT_A_TIME = 64


class Asked:
    """Lets pass what names one of `outputs` and gives its inputs as texts or nothing."""

    def __init__(self, app: ASGIApp, outputs: Collection[str], path: str = PATH, most: int = AT_A_TIME) -> None:
        self._app, self._outputs, self._path = app, frozenset(outputs), path
        self._room = Room(1, most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            await JSONResponse({"status": 413, "detail": "The request is too large."}, 413)(scope, receive, send)
        elif not self._is_sound(body):
            await JSONResponse({"status": 400, "detail": "Not a request of this page."}, 400)(scope, receive, send)
        else:
            try:
                async with self._room.place():
                    await self._app(scope, _again(body, receive), send)
            except Full as problem:
                told = {"status": 503, "detail": problem.say(Language.EN)}
                await JSONResponse(told, 503, {"Retry-After": "5"})(scope, receive, send)

    def _is_sound(self, body: bytes) -> bool:
        try:
            asked = orjson.loads(body)
        except orjson.JSONDecodeError:
            return False
        return (
            isinstance(asked, dict)
            and asked.get("output") in self._outputs
            and _are_values(asked.get("inputs"))
            and _are_values(asked.get("state", []))
            and isinstance(asked.get("changedPropIds", []), list)
        )


def _are_values(listed: Any) -> bool:
    """A list of components' properties, each a text or nothing."""
    return isinstance(listed, list) and all(
        isinstance(each, dict)
        and isinstance(each.get("id"), str)
        and isinstance(each.get("property"), str)
        and (each.get("value") is None or isinstance(each["value"], str))
        for each in listed
    )


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is longer than any of ours."""
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _MOST:
            return None
        if not message.get("more_body", False):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once more, then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return messages.pop() if messages else await receive()

    return given
