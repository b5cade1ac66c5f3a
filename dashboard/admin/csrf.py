"""Tokens that show that a change was asked for on a page of ours, and the browser's own word on where it came from.

The token follows from the secret in the browser's cookie, so there is one a session and none to keep. Each page gets
it under another mask: answers are compressed, and a token that repeats could be guessed from their lengths.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping

FIELD = "csrf"
HEADER = "X-CSRF-Token"


def token(cookie: str) -> str:
    """For one page shown to the browser with this cookie."""
    mask = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(mask + _xor(mask, _secret(cookie))).decode()


def is_right(given: str, cookie: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(given.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 64 and hmac.compare_digest(_xor(raw[:32], raw[32:]), _secret(cookie))


def is_from_here(headers: Mapping[str, str], origins: Collection[str]) -> bool:
    """Whether the browser says that one of our own pages asks; one that says nothing is not believed.

    Under the policy to send no referrer a browser writes `null` as the origin of our own forms.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin" and origin in (None, "null", *origins)
    return origin in origins


def _secret(cookie: str) -> bytes:
    return hmac.digest(cookie.encode(), b"gongkai admin csrf", hashlib.sha256)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
