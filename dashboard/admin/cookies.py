"""The cookies of the admin area, signed, and whether the way to the browser is safe enough to set them.

What a cookie carries is a random secret and its signature: one that we never gave is dropped before anything looks it up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dashboard.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEVICE_SECONDS = 90 * 86400
_SIGNED = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})")  # 256 bits each


@dataclass(frozen=True, slots=True)
class Cookies:
    """`is_lax`: the answer of an OpenID provider is a visit from another site, which a strict cookie would miss."""

    address: str
    is_lax: bool
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings, key: bytes) -> Cookies:
        return cls(settings.address, bool(settings.oidc_issuer), key)

    @property
    def origins(self) -> tuple[str, ...]:
        """What a browser calls this server; on this machine by each of its names."""
        parts = urlsplit(self.address)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
        if not _is_loopback(parts.hostname or ""):
            return (origin,)
        port = f":{parts.port}" if parts.port else ""
        return (origin, *(f"{parts.scheme}://{host}{port}" for host in _LOOPBACK))

    def is_safe(self, request: Request) -> bool:
        """Encrypted, or not leaving this machine: neither our address nor the browser is elsewhere."""
        client = request.client.host if request.client else ""
        return self._is_encrypted(request) or (
            _is_loopback(urlsplit(self.address).hostname or "") and _is_loopback(client)
        )

    def session(self, request: Request) -> str:
        """The browser's secret; empty where it has none, or one that we never gave."""
        return self._read(request, "admin")

    def device(self, request: Request) -> str:
        return self._read(request, "device")

    def give_session(self, request: Request, response: Response, secret: str) -> None:
        self._give(request, response, "admin", secret, None)

    def give_device(self, request: Request, response: Response, secret: str) -> None:
        self._give(request, response, "device", secret, _DEVICE_SECONDS)

    def _read(self, request: Request, name: str) -> str:
        given = _SIGNED.fullmatch(request.cookies.get(self._name(request, name), ""))
        return given[1] if given and hmac.compare_digest(self._signature(name, given[1]), given[2]) else ""

    def _signature(self, name: str, secret: str) -> str:
        mark = hmac.digest(self.key, f"{name}\0{secret}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mark).decode().rstrip("=")

    def _give(self, request: Request, response: Response, name: str, secret: str, age: int | None) -> None:
        is_encrypted = self._is_encrypted(request)
        response.set_cookie(
            self._name(request, name),
            f"{secret}.{self._signature(name, secret)}",
            max_age=age,
            # A name that begins with __Host- is kept by the browser only with this path, and from nobody but us.
            path="/" if is_encrypted else "/admin",
            secure=is_encrypted,
            httponly=True,
            samesite="lax" if self.is_lax else "strict",
        )

    def _name(self, request: Request, name: str) -> str:
        return f"__Host-gongkai-{name}" if self._is_encrypted(request) else f"gongkai-{name}"

    def _is_encrypted(self, request: Request) -> bool:
        return self.address.startswith("https://") or request.url.scheme == "https"


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127\.\d+\.\d+\.\d+", host))
