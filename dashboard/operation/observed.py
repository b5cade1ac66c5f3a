"""Around the whole application: every request gets a number, is counted, and is logged where it is slow or fails.

An ASGI middleware, outermost. The number is the proxy's if it is well formed (X-Request-ID), else one of ours; the answer
carries it. What breaks within ends here, as an answer with the same guards as any other.
"""

from __future__ import annotations

import logging
import os
import re
import time

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import meters
from dashboard.delivery import GUARDS
from dashboard.operation.families import family
from dashboard.operation.log import request_id

_log = logging.getLogger("gongkai.requests")
_WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{8,64}")
# The longest of our own is an address in an address: of oEmbed, of the list of bodies.
_LONGEST, _MOST_OF_HEADERS = 6_000, 32_000
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Observed:
    """Requests of `slow_ms` and more are logged; 0 logs each."""

    def __init__(self, app: ASGIApp, slow_ms: int) -> None:
        self._app, self._slow = app, slow_ms / 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        since, number = time.perf_counter(), _number(scope)
        told = request_id.set(number.decode())
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A copy: what is kept in memory to be sent again has its own headers.
                message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", number)]}
            await send(message)

        try:
            refused = _too_long(scope)
            await (PlainTextResponse(str(refused), refused, GUARDS) if refused else self._app)(scope, receive, sending)
        except Exception:  # noqa: BLE001  # whatever it is: the reader gets an answer, the log the traceback
            _log.exception("%s %s broke", _method(scope), family(scope["path"]))
            if not status:
                broken = PlainTextResponse(f"500 {number.decode()}", 500, {**GUARDS, "Cache-Control": "no-store"})
                await broken(scope, receive, sending)
            status = 500
        finally:
            self._tell(scope, status, time.perf_counter() - since)
            request_id.reset(told)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), family(scope["path"])
        meters.counts.answered(route, method, status, seconds)
        # 0: the reader went away before there was an answer.
        if seconds >= self._slow or status >= 500:
            fields = {"route": route, "method": method, "status": status, "milliseconds": round(seconds * 1000)}
            level = logging.WARNING if status >= 500 else logging.INFO
            _log.log(level, "%s %s %d %d ms", method, route, status, fields["milliseconds"], extra=fields)


def _too_long(scope: Scope) -> int:
    """The status that refuses an address or headers no browser would send from a page of ours; 0 for all others."""
    if len(scope["path"]) + len(scope["query_string"]) > _LONGEST:
        return 414
    return 431 if sum(len(value) for _, value in scope["headers"]) > _MOST_OF_HEADERS else 0


def _number(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _WELL_FORMED.fullmatch(value):
            return bytes(value)
    return os.urandom(8).hex().encode()


def _method(scope: Scope) -> str:
    return str(scope["method"]) if scope["method"] in _METHODS else "other"
