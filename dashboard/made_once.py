"""What is made once a snapshot and address, and the answers made of it: a page as it first arrives, and the layout that Dash asks for.

Kept while few differ; for other pages, and pages of other snapshots, it is made anew. Addresses need not be pages of ours,
and hostile ones fill no memory.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dashboard import meters
from dashboard.charts.filters import language_of
from dashboard.delivery import Address, Full, Room, Stored, full
from dashboard.kept import Kept
from dashboard.messages import UserError
from dashboard.meters import Memory
from dashboard.parts import PAGES
from dashboard.site import Site

_LONGEST = 200
# Answers about a snapshot made before it is shown, and the seconds for which it waits for them.
_AHEAD, _WAITS = 12, 0.8
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Made(Generic[Value]):
    """`lasts`: the seconds for which it is as good as it gets; none for a failure that passes, few where something is missing for now."""

    value: Value
    lasts: float = math.inf


class MadeOnce(Generic[Value]):
    """For any thread. `make` makes what a site has at an address; they are kept while they weigh no more than `most`, see `Kept`."""

    def __init__(
        self, most: int, make: Callable[[Site, Address], Made[Value]], weigh: Callable[[Value], int] = lambda _: 1
    ) -> None:
        self._make = make
        self._kept: Kept[tuple[str, Address], tuple[float, Made[Value]]] = Kept(most, lambda kept: weigh(kept[1].value))

    def at_once(self, site: Site, address: Address) -> Made[Value] | None:
        """What is kept, without a look at the data."""
        try:
            view = site.known(address.pathname, address.search)
        except UserError:
            return None
        return self._lasting(view.snapshot.name, address) if view else None

    def of(self, site: Site, address: Address) -> Made[Value]:
        """All of it from one snapshot, whatever is published meanwhile."""
        site = _still(site)
        snapshot = _snapshot(site, address)
        kept = self._lasting(snapshot, address) if snapshot else None
        if kept is not None:
            return kept
        made = self._make(site, address)
        if made.lasts and snapshot:
            self._kept.put((snapshot, address), (time.monotonic() + made.lasts, made))
        return made

    def _lasting(self, snapshot: str, address: Address) -> Made[Value] | None:
        until, made = self._kept.get((snapshot, address)) or (0.0, None)
        return made if time.monotonic() < until else None

    def make_ready(self, site: Site, before: str) -> None:
        """What was asked for last of the snapshot `before`, as `site` will show it. Only for a moment: newer data waits."""
        until = time.monotonic() + _WAITS
        lately = [address for snapshot, address in self._kept.latest() if snapshot == before]
        for address in lately[:_AHEAD]:
            if time.monotonic() > until:
                return
            self.of(site, address)


class Answers:
    """`made` are their bytes; `kind` is what the meters call them."""

    def __init__(self, site: Site, kind: Memory, made: MadeOnce[Stored], room: Room) -> None:
        self._site, self._kind, self._made, self._room = site, kind, made, room

    async def answer(self, request: Request, address: Address) -> Response:
        """At once where it is kept; else it is made beside the loop that answers the others, if there is room."""
        kept = self._made.at_once(self._site, address)
        meters.counts.looked_up(self._kind, kept is not None)
        if kept is not None:
            return kept.value.answer(request)
        try:
            made = await self._room.make(lambda: self._made.of(self._site, address))
        except Full:
            return full(language_of(address.search, self._site.settings.language))
        return made.value.answer(request)


def _still(site: Site) -> Site:
    """With what is live now; as it is where nothing is."""
    try:
        return site.showing(site.live.snapshot())
    except UserError:
        return site


def _snapshot(site: Site, address: Address) -> str | None:
    """The name of what the page is of; None where it must not be kept."""
    if len(address.search) > _LONGEST:
        return None
    try:
        view = site.view(address.pathname, address.search)
    except UserError:
        return None
    return view.snapshot.name if view.path in PAGES and not view.preview else None
