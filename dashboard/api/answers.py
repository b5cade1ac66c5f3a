"""What is sent: bytes with their name, type and guards, kept in memory up to a bound so that asking again costs little."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from dashboard.api.formats import Format
from dashboard.delivery import Cache, Stored
from dashboard.delivery.stored import FOREVER
from dashboard.messages import both
from dashboard.snapshots.store import Snapshot

LIVE = "public, no-cache"
LICENCE, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
# A picture opened by itself has no scripts to run and nothing to load; data is no page at all.
GUARDS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One answer to be made: of which snapshot, in which format. `key` is the same for the same bytes."""

    key: Hashable
    format: Format
    make: Callable[[], Stored]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file tells of itself. `link` leads to the same data for good, `date` is when its snapshot was built."""

    title: str
    source: str
    link: str
    snapshot: str
    date: str
    licence: str = LICENCE


@dataclass(frozen=True, slots=True)
class Envelope:
    """How an answer travels; `is_frozen` where its address names the snapshot, so that it never changes."""

    format: Format
    disposition: str
    is_frozen: bool
    varies: bool = False
    links: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def closed(self, body: bytes) -> Stored:
        links = (*self.links, ("license", LICENCE_ADDRESS))
        headers = GUARDS | {
            "Content-Disposition": self.disposition,
            "Link": ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links),
            "Vary": "Accept, Accept-Encoding" if self.varies else "Accept-Encoding",
        }
        control = FOREVER if self.is_frozen else LIVE
        return Stored.of(body, self.format.header, Cache(None), control, headers=headers | self.headers)


class KeptAnswers:
    """The last answers by key, up to so many bytes in all; what is least used goes first. For any thread."""

    def __init__(self, most: int = 32 * 1024 * 1024) -> None:
        self._most, self._largest, self._size = most, most // 4, 0
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[int, Stored]] = OrderedDict()

    def get(self, key: Hashable) -> Stored | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][1]

    def put(self, key: Hashable, stored: Stored) -> None:
        size = sum(len(body) for body in stored.bodies.values()) + 1000
        if size > self._largest:
            return
        with self._lock:
            self._size += size - self._held.pop(key, (0, None))[0]
            self._held[key] = size, stored
            while self._size > self._most:
                self._size -= self._held.popitem(last=False)[1][0]


def titled(title: str, snapshot: Snapshot) -> str:
    """The title of what is sent; that of a made-up country says so in every language."""
    return f"{both('synthetic.mark')} · {title}" if snapshot.manifest.synthetic else title


def day(snapshot: Snapshot) -> str:
    return snapshot.manifest.built[:10]
