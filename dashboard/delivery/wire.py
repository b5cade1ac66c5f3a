"""What every answer carries: the headers that guard it, and compression where it has none yet.

An ASGI middleware. Stored answers come compressed and pass through untouched. Headers an answer sets itself
are kept, so a page meant to be embedded elsewhere can have a policy of its own.
"""

import zlib
from typing import Protocol

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.delivery.encoding import Encoding, is_text, preferred

# plotly.js and the Dash components write styles at run time; no script is inline, none is evaluated.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

GUARDS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A layout learns its page from the referrer, see address.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # What is meant for other sites says so itself: embeds, their script, the API.
    "Cross-Origin-Resource-Policy": "same-origin",
    # For browsers that do not know frame-ancestors, and a plugin that is no more.
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}

# Below, the header costs more than it saves.
_WORTH_IT = 500


class Wire:
    """Guards and compresses the answers of `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        encoding = preferred(Headers(scope=scope).get("accept-encoding", ""))
        await self._app(scope, receive, _Answer(send, scope["path"], "identity" if is_head else encoding))


class _Compressor(Protocol):
    def chunk(self, body: bytes, is_last: bool) -> bytes: ...


class _Answer:
    """One answer on its way out; its start is held back until the first of the body tells what to do."""

    def __init__(self, send: Send, path: str, encoding: Encoding) -> None:
        self._send = send
        self._path = path
        self._encoding = encoding
        self._start: Message | None = None
        self._compressor: _Compressor | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            _guard(MutableHeaders(raw=message.setdefault("headers", [])), self._path)
        elif message["type"] == "http.response.body":
            await self._body(message)
        else:
            await self._release()
            await self._send(message)

    async def _body(self, message: Message) -> None:
        body, is_last = message.get("body", b""), not message.get("more_body", False)
        if self._start is not None:
            body = self._begin(self._start, body, is_last)
        elif self._compressor is not None:
            body = self._compressor.chunk(body, is_last)
        await self._release()
        await self._send({**message, "body": body})

    def _begin(self, start: Message, body: bytes, is_last: bool) -> bytes:
        headers = MutableHeaders(raw=start["headers"])
        if not _is_compressible(start["status"], headers) or (is_last and len(body) < _WORTH_IT):
            return body
        headers.add_vary_header("Accept-Encoding")
        if self._encoding == "identity":
            return body
        self._compressor = _Brotli() if self._encoding == "br" else _Gzip()
        body = self._compressor.chunk(body, is_last)
        headers["Content-Encoding"] = self._encoding
        del headers["Content-Length"]
        if is_last:
            headers["Content-Length"] = str(len(body))
        return body

    async def _release(self) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            await self._send(start)


def _guard(headers: MutableHeaders, path: str) -> None:
    for name, value in GUARDS.items():
        headers.setdefault(name, value)
    if "/_dash-" in path:
        # The layout of every page has one address, so a kept copy could be another page's.
        headers.setdefault("Cache-Control", "no-store")
        # Dash does not say what its callbacks answer, and what is not known to be text is not compressed.
        headers.setdefault("Content-Type", "application/json")
    elif headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Cache-Control", "no-cache")


def _is_compressible(status: int, headers: MutableHeaders) -> bool:
    is_whole = status not in (204, 206, 304)
    # An ETag names the bytes it came with: stored answers have chosen their encoding.
    is_open = "content-encoding" not in headers and "etag" not in headers
    return is_whole and is_open and is_text(headers.get("content-type", ""))


class _Gzip:
    def __init__(self) -> None:
        # Nine would be one to three per cent smaller and take up to twice as long.
        self._compressor = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def chunk(self, body: bytes, is_last: bool) -> bytes:
        ending = zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH
        return self._compressor.compress(body) + self._compressor.flush(ending)


class _Brotli:
    def __init__(self) -> None:
        # Four takes half the time of gzip's six; on figures as JSON it is a sixth smaller too.
        self._compressor = brotli.Compressor(quality=4)

    def chunk(self, body: bytes, is_last: bool) -> bytes:
        first = self._compressor.process(body)
        rest = self._compressor.finish() if is_last else self._compressor.flush()
        return bytes(first + rest)
