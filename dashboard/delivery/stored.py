"""Bytes held ready in every encoding: a body comes in, an answer to a request goes out.

The only writer of the cache folder.
"""

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard.delivery.encoding import Encoding, is_text, preferred

FOREVER = "public, max-age=31536000, immutable"

# Eleven takes seconds for plotly.js, so it is done once a machine; five is what a start can afford.
_BEST, _QUICK = 11, 5
_Coding = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Cache:
    """What was compressed, on disk, named by what went in, so that workers and restarts do not compress again."""

    folder: Path | None

    def gzip(self, raw: bytes) -> bytes:
        return self._kept(raw, ".gz", _gzip, _gzip, gzip.decompress)

    def brotli(self, raw: bytes) -> bytes:
        """`raw` at the best quality, kept in the folder; cheaply where the folder cannot be written."""
        return self._kept(raw, ".br", _brotli_best, _brotli_quick, brotli.decompress)

    def _kept(self, raw: bytes, extension: str, best: _Coding, quick: _Coding, undo: _Coding) -> bytes:
        if self.folder is None:
            return quick(raw)
        path = self.folder / f"{hashlib.sha256(raw).hexdigest()}{extension}"
        found = _read(path, raw, undo)
        if found is not None:
            return found
        if not _is_writable(self.folder):
            return quick(raw)
        compressed = best(raw)
        _write(path, compressed)
        return compressed


@dataclass(frozen=True)
class Stored:
    """One body in every encoding worth having, and its name by content."""

    media_type: str
    digest: str
    bodies: dict[Encoding, bytes]
    cache_control: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        raw: bytes,
        media_type: str,
        cache: Cache,
        cache_control: str = FOREVER,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        packed: bytes | None = None,
    ) -> "Stored":
        """Compress `raw` once; an encoding that does not make it smaller is not kept. `headers` go with every answer.

        `packed` is `raw` by gzip, where somebody has done it already.
        """
        bodies: dict[Encoding, bytes] = {"identity": raw}
        if is_text(media_type):
            candidates: list[tuple[Encoding, bytes]] = [
                ("gzip", packed or cache.gzip(raw)),
                ("br", cache.brotli(raw)),
            ]
            bodies.update((name, body) for name, body in candidates if len(body) < len(raw))
        # Other headers with the same bytes are another answer: who holds the copy must learn of them.
        told = hashlib.sha256(raw + repr(sorted((headers or {}).items())).encode()).hexdigest()[:16]
        return cls(media_type, told, bodies, cache_control, status, headers or {})

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return sum(map(len, self.bodies.values()))

    def answer(self, request: Request) -> Response:
        """The body in the encoding asked for; 304 for a copy the client already has, no body for HEAD."""
        status, headers, body = self._chosen(request.scope)
        answer = Response(body, status)
        answer.raw_headers = list(headers)
        return answer

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """The same as an application: headers written once, nothing made for the request."""
        status, headers, body = self._chosen(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _chosen(self, scope: Scope) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        accept = known = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept = accept + b"," + value if accept else value
            elif name == b"if-none-match":
                known = known + b"," + value if known else value
        encoding = self._encoding(accept.decode("latin-1"))
        named, whole = self._raw[encoding]
        if known and self.status == 200 and self._is_known(known.decode("latin-1")):
            return 304, named, b""
        return self.status, whole, b"" if scope["method"] == "HEAD" else self.bodies[encoding]

    def _encoding(self, accept: str) -> Encoding:
        wanted = preferred(accept)
        if wanted == "br" and "br" not in self.bodies:
            wanted = preferred(accept.lower().replace("br", "br;q=0"))
        return wanted if wanted in self.bodies else "identity"

    @cached_property
    def _raw(self) -> dict[Encoding, tuple[list[tuple[bytes, bytes]], list[tuple[bytes, bytes]]]]:
        """Of each encoding the headers of an answer without a body, and of one with it."""
        return {encoding: (_bytes(self._named(encoding)), _bytes(self._whole(encoding))) for encoding in self.bodies}

    def _named(self, encoding: Encoding) -> dict[str, str]:
        # A strong ETag names the bytes sent, and these differ by encoding.
        headers = {"Cache-Control": self.cache_control, "ETag": f'"{self.digest}-{encoding}"'}
        if len(self.bodies) > 1:
            headers["Vary"] = "Accept-Encoding"
        return headers | dict(self.headers)

    def _whole(self, encoding: Encoding) -> dict[str, str]:
        headers = self._named(encoding)
        headers |= {"Content-Type": self.media_type, "Content-Length": str(len(self.bodies[encoding]))}
        return headers if encoding == "identity" else headers | {"Content-Encoding": encoding}

    def _is_known(self, none_match: str) -> bool:
        tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return "*" in tags or any(f'"{self.digest}-{encoding}"' in tags for encoding in self.bodies)


def _bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _gzip(raw: bytes) -> bytes:
    # The time in gzip's header would give every worker another body.
    return gzip.compress(raw, 9, mtime=0)


def _brotli_best(raw: bytes) -> bytes:
    return bytes(brotli.compress(raw, quality=_BEST, lgwin=22))


def _brotli_quick(raw: bytes) -> bytes:
    return bytes(brotli.compress(raw, quality=_QUICK, lgwin=22))


def _read(path: Path, raw: bytes, undo: _Coding) -> bytes | None:
    """What the cache holds for `raw`, unless it was cut short or changed behind our back."""
    try:
        found = path.read_bytes()
        return found if undo(found) == raw else None
    except (OSError, EOFError, zlib.error, brotli.error):
        return None


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _write(path: Path, body: bytes) -> None:
    """Written beside and renamed: another worker sees the whole file or none."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(body)
        Path(file.name).replace(path)
    except OSError:
        # A full disk costs the next start some seconds, not this one its answer.
        return
