"""How often somebody may try to come in: failures counted for name and address, shared by all workers.

A try takes its place before it is judged, so that many at once are not more than one after the other. A browser that
came in before has a count of its own: who attacks a name from elsewhere cannot keep its owner out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable

from dashboard.admin.sessions import digest, new_id
from dashboard.admin.state import State, Transaction

WINDOW = 15 * 60
_PER_BROWSER = 5  # one name from one address, or from one browser known to it
_PER_ADDRESS = 20
_PER_NAME = 40
_DEVICE_SECONDS = 90 * 86400
_KNOWN = "select 1 from devices where id = ? and actor = ? and expires > ?"


class TooOften(Exception):
    """`seconds` until the next try is heard."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Attempts:
    def __init__(self, state: State, clock: Callable[[], float] = time.time) -> None:
        self._state, self._clock = state, clock

    def take(self, name: str, client: str, device: str = "") -> str:
        """Counts a try as a failure until it is forgiven, and names it. Raises TooOften, which counts for nothing."""
        now, reservation = self._clock(), new_id()
        with self._state.transaction() as transaction:
            transaction.do("delete from attempts where at < ?", now - WINDOW)
            keys = self._keys(transaction, name, client, device, now)
            wait = max(_wait(transaction, key, most, now) for key, most in keys)
            if wait > 0:
                raise TooOften(math.ceil(wait))
            for key, _ in keys:
                transaction.do("insert into attempts values (?, ?, ?)", key, now, reservation)
        return reservation

    def forgive(self, reservation: str) -> None:
        """What was right counts for nothing."""
        with self._state.transaction() as transaction:
            transaction.do("delete from attempts where reservation = ?", reservation)

    def clear(self, name: str) -> None:
        """All failures of a name, from wherever."""
        with self._state.transaction() as transaction:
            transaction.do(
                "delete from attempts where reservation in (select reservation from attempts where key = ?)",
                _key("name", name),
            )

    def know(self, name: str) -> str:
        """The secret for a browser that came in as `name`."""
        secret, now = new_id(), self._clock()
        with self._state.transaction() as transaction:
            transaction.do("delete from devices where expires < ?", now)
            transaction.do("insert into devices values (?, ?, ?)", digest(secret), name, now + _DEVICE_SECONDS)
        return secret

    def knows(self, name: str, device: str) -> bool:
        return bool(device) and bool(self._state.rows(_KNOWN, digest(device), name, self._clock()))

    def forget(self, name: str) -> None:
        """The browsers known to a name."""
        with self._state.transaction() as transaction:
            transaction.do("delete from devices where actor = ?", name)

    def _keys(self, transaction: Transaction, name: str, client: str, device: str, now: float) -> list[tuple[str, int]]:
        if device and transaction.rows(_KNOWN, digest(device), name, now):
            return [(_key("device", device), _PER_BROWSER)]
        network = _network(client)
        return [
            (_key("both", name, network), _PER_BROWSER),
            (_key("client", network), _PER_ADDRESS),
            (_key("name", name), _PER_NAME),
        ]


def _wait(transaction: Transaction, key: str, most: int, now: float) -> float:
    """Seconds until one of the failures is old enough; 0 where there are fewer than `most`."""
    times = transaction.rows("select at from attempts where key = ? order by at desc limit ?", key, most)
    return float(str(times[-1][0])) + WINDOW - now if len(times) == most else 0


def _network(client: str) -> str:
    """One household of IPv6 has billions of addresses: they count as one."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def _key(*parts: str) -> str:
    """Hashed: what people type into the wrong field is kept nowhere."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
