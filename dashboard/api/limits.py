"""How much one client may ask for in a minute, told apart by address; costly answers weigh more.

The counts are a worker's own, so each worker allows its part of the whole. `limits` has the arithmetic; here are the
names of clients, and the bound on how many of them are remembered.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_MOST_CLIENTS = 5_000
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a request is let through, and what its answer says of the limit."""

    is_allowed: bool
    headers: dict[str, str]


class Limits:
    """`a_minute` requests of each client in all `workers` together; 0 lets everything through."""

    def __init__(self, a_minute: int, workers: int = 1, most_clients: int = _MOST_CLIENTS) -> None:
        self._amount = math.ceil(a_minute / max(workers, 1))
        self._most = most_clients
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, None] = OrderedDict()
        if self._amount:
            self._item = RateLimitItemPerMinute(self._amount)
            self._counts = SlidingWindowCounterRateLimiter(MemoryStorage())

    @property
    def clients(self) -> int:
        """How many are remembered."""
        return len(self._clients)

    def ask(self, host: str | None, weight: int) -> Ruling:
        """Counts a request; one that weighs more than all that is allowed counts as that."""
        if not self._amount:
            return Ruling(True, {})
        name = client(host)
        with self._lock:
            self._remember(name)
            is_allowed = self._counts.hit(self._item, name, cost=min(weight, self._amount))
            reset, left = self._counts.get_window_stats(self._item, name)
        seconds = max(math.ceil(reset - time.time()), 1)
        headers = {
            "RateLimit-Policy": f'"minute";q={self._amount};w={_MINUTE}',
            "RateLimit": f'"minute";r={left if is_allowed else 0};t={seconds}',
        }
        return Ruling(is_allowed, headers if is_allowed else headers | {"Retry-After": str(seconds)})

    def _remember(self, name: str) -> None:
        """Who was longest away is forgotten first."""
        self._clients[name] = None
        self._clients.move_to_end(name)
        while len(self._clients) > self._most:
            gone, _ = self._clients.popitem(last=False)
            self._counts.clear(self._item, gone)


def client(host: str | None) -> str:
    """Who asks: an IPv4 address, the /64 of an IPv6 one, which is a single household's or office's."""
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return (host or "unknown")[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64)) + "/64"
    return str(address)
