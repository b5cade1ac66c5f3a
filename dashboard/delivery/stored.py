"""Bytes held ready in every encoding: a body comes in, an answer to a request goes out.

The only writer of the cache folder.
"""

import gzip
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import Response

from dashboard.delivery.encoding import Encoding, is_text, preferred

FOREVER = "public, max-age=31536000, immutable"

# Eleven takes seconds for plotly.js, so it is done once a machine; five is what a start can afford.
_BEST, _QUICK = 11, 5


@dataclass(frozen=True)
class Cache:
    """Brotli's output on disk, named by what went in, so that workers and restarts do not compress again."""

    folder: Path | None

    def brotli(self, raw: bytes) -> bytes:
        """`raw` at the best quality, kept in the folder; cheaply where the folder cannot be written."""
        if self.folder is None:
            return _compress(raw, _QUICK)
        path = self.folder / f"{hashlib.sha256(raw).hexdigest()}.br"
        found = _read(path, raw)
        if found is not None:
            return found
        if not _is_writable(self.folder):
            return _compress(raw, _QUICK)
        compressed = _compress(raw, _BEST)
        _write(path, compressed)
        return compressed


@dataclass(frozen=True)
class Stored:
    """One body in every encoding worth having, and its name by content."""

    media_type: str
    digest: str
    bodies: dict[Encoding, bytes]
    cache_control: str

    @classmethod
    def of(cls, raw: bytes, media_type: str, cache: Cache, cache_control: str = FOREVER) -> "Stored":
        """Compress `raw` once; an encoding that does not make it smaller is not kept."""
        bodies: dict[Encoding, bytes] = {"identity": raw}
        if is_text(media_type):
            candidates: list[tuple[Encoding, bytes]] = [
                # The time in gzip's header would give every worker another body.
                ("gzip", gzip.compress(raw, 9, mtime=0)),
                ("br", cache.brotli(raw)),
            ]
            bodies.update((name, body) for name, body in candidates if len(body) < len(raw))
        return cls(media_type, hashlib.sha256(raw).hexdigest()[:16], bodies, cache_control)

    def answer(self, request: Request) -> Response:
        """The body in the encoding asked for; 304 for a copy the client already has, no body for HEAD."""
        encoding = self._encoding(request.headers.get("accept-encoding", ""))
        headers = self._headers(encoding)
        if self._is_known(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        body = self.bodies[encoding]
        headers["Content-Type"] = self.media_type
        headers["Content-Length"] = str(len(body))
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return Response(b"" if request.method == "HEAD" else body, headers=headers)

    def _encoding(self, accept: str) -> Encoding:
        wanted = preferred(accept)
        if wanted == "br" and "br" not in self.bodies:
            wanted = preferred(accept.lower().replace("br", "br;q=0"))
        return wanted if wanted in self.bodies else "identity"

    def _headers(self, encoding: Encoding) -> dict[str, str]:
        # A strong ETag names the bytes sent, and these differ by encoding.
        headers = {"Cache-Control": self.cache_control, "ETag": f'"{self.digest}-{encoding}"'}
        if len(self.bodies) > 1:
            headers["Vary"] = "Accept-Encoding"
        return headers

    def _is_known(self, none_match: str) -> bool:
        tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return "*" in tags or any(f'"{self.digest}-{encoding}"' in tags for encoding in self.bodies)


def _compress(raw: bytes, quality: int) -> bytes:
    return bytes(brotli.compress(raw, quality=quality, lgwin=22))


def _read(path: Path, raw: bytes) -> bytes | None:
    """What the cache holds for `raw`, unless it was cut short or changed behind our back."""
    try:
        found = path.read_bytes()
        return found if brotli.decompress(found) == raw else None
    except (OSError, brotli.error):
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
