"""The first layout of each view as bytes: made once a snapshot, compressed once, kept for the readers after.

Dash would build and write it anew for every visit. A view that is an error is not kept, nor is an address too long
to be one of ours, so that hostile addresses fill no memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from dash._utils import to_json
from dash.development.base_component import Component
from starlette.requests import Request
from starlette.responses import Response

from dashboard import meters
from dashboard.delivery import Address, Full, Room, Stored, full
from dashboard.kept import Kept
from dashboard.messages import Language, UserError
from dashboard.parts import PAGES
from dashboard.site import Site

_KEPT = 256
_LONGEST = 200
# Layouts of a snapshot made before it is shown, and the seconds for which it waits for them.
_AHEAD, _WAITS = 12, 0.8
# The snapshot it is of, and the page.
Key = tuple[str, Address]


class FirstLayouts:
    """`make` builds the layout that a site has at an address."""

    def __init__(
        self,
        site: Site,
        make: Callable[[Site, Address | None], Component],
        store: Callable[[bytes], Stored],
        room: Room,
    ) -> None:
        self._site, self._make, self._store, self._room = site, make, store, room
        self._kept: Kept[Key, Stored] = Kept(_KEPT)

    async def answer(self, request: Request, address: Address | None) -> Response:
        """At once where the layout is kept; else it is built beside the loop that answers the others, if there is room."""
        kept = self._at_once(address) if address else None
        meters.counts.looked_up("layout", kept is not None)
        if kept is not None:
            return kept.answer(request)
        try:
            made = await self._room.make(lambda: self._made(self._site, address))
        except Full:
            return full(Language.ZH)
        return made.answer(request)

    def make_ready(self, site: Site, before: str) -> None:
        """Those asked for last of the snapshot `before`, as `site` will show them. Only for a moment: newer data waits."""
        until = time.monotonic() + _WAITS
        new = site.live.snapshot().name
        lately = [address for snapshot, address in self._kept.latest() if snapshot == before]
        for address in lately[:_AHEAD]:
            if time.monotonic() > until:
                return
            if self._kept.get((new, address)) is None:
                self._made(site, address)

    def _at_once(self, address: Address) -> Stored | None:
        """Without a look at the data."""
        try:
            view = self._site.known(address.pathname, address.search)
        except UserError:
            return None
        return self._kept.get((view.snapshot.name, address)) if view else None

    def _made(self, site: Site, address: Address | None) -> Stored:
        snapshot = _snapshot(site, address)
        written: str = to_json(self._make(site, address))  # type: ignore[no-untyped-call]  # Dash tells no types
        made = self._store(written.encode())
        # What has been published while it was made, it may be of or not.
        if address and snapshot and snapshot == _snapshot(site, address):
            self._kept.put((snapshot, address), made)
        return made


def _snapshot(site: Site, address: Address | None) -> str | None:
    """The name of what the page is of; None where it must not be kept."""
    if address is None or len(address.search) > _LONGEST:
        return None
    try:
        view = site.view(address.pathname, address.search)
    except UserError:
        return None
    return view.snapshot.name if view.path in PAGES and not view.preview else None
