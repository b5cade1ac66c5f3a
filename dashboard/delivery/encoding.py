"""Which content encoding a client gets, and what is worth compressing: headers in, one decision out."""

from functools import lru_cache
from typing import Literal

Encoding = Literal["br", "gzip", "identity"]

# No browser says more; what is longer is not remembered.
_LONGEST = 200
_TEXTS = (
    "application/json",
    "application/javascript",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
)


def preferred(accept: str) -> Encoding:
    """The smallest encoding the Accept-Encoding header allows; a plain-HTTP intranet asks for gzip only."""
    return _preferred(accept) if len(accept) <= _LONGEST else "identity"


@lru_cache(256)  # a handful of browsers asks all the time
def _preferred(accept: str) -> Encoding:
    weights = dict(_weight(part) for part in accept.lower().split(",") if part.strip())
    otherwise = weights.get("*", 0.0)
    if weights.get("br", otherwise) > 0:
        return "br"
    if weights.get("gzip", otherwise) > 0:
        return "gzip"
    return "identity"


def is_text(media_type: str) -> bool:
    """Whether compressing pays: fonts and pictures are compressed already."""
    kind = media_type.partition(";")[0].strip().lower()
    # A stream of events is text too, but it must not wait for a compressor.
    return (kind.startswith("text/") and kind != "text/event-stream") or kind in _TEXTS


def _weight(part: str) -> tuple[str, float]:
    name, _, parameters = part.strip().partition(";")
    _, is_weighted, value = parameters.partition("q=")
    try:
        return name.strip(), float(value) if is_weighted else 1.0
    except ValueError:
        return name.strip(), 0.0
