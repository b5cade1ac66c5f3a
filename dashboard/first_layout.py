"""The first layout of each view as bytes: made once a snapshot, compressed once, kept for the readers after.

Dash would build and write it anew for every visit. A view that is an error is not kept, nor is an address too long
to be one of ours, so that hostile addresses fill no memory.
"""

from __future__ import annotations

from collections.abc import Callable

from dash._utils import to_json
from dash.development.base_component import Component
from starlette.requests import Request
from starlette.responses import Response

from dashboard import meters
from dashboard.delivery import Address, Full, Room, Stored, full
from dashboard.kept import Kept
from dashboard.messages import Language

_KEPT = 256
_LONGEST = 200
Key = tuple[str, str, str]


class FirstLayouts:
    """`make` builds the layout for an address; `snapshot` names the data it is of, None where it must not be kept.

    `known` names it at once, or None where that would need a look at the data.
    """

    def __init__(
        self,
        make: Callable[[Address | None], Component],
        snapshot: Callable[[Address], str | None],
        known: Callable[[Address], str | None],
        store: Callable[[bytes], Stored],
        room: Room,
    ) -> None:
        self._known = known
        self._make, self._snapshot, self._store, self._room = make, snapshot, store, room
        self._kept: Kept[Key, Stored] = Kept(_KEPT)

    async def answer(self, request: Request, address: Address | None) -> Response:
        """At once where the layout is kept; else it is built beside the loop that answers the others, if there is room."""
        snapshot = self._known(address) if address else None
        kept = self._kept.get((snapshot, address.href, address.search)) if address and snapshot else None
        meters.counts.looked_up("layout", kept is not None)
        if kept is not None:
            return kept.answer(request)
        try:
            made = await self._room.make(lambda: self._made(address))
        except Full:
            return full(Language.ZH)
        return made.answer(request)

    def _made(self, address: Address | None) -> Stored:
        made = self._written(address)
        if address and len(address.search) <= _LONGEST:
            snapshot = self._snapshot(address)
            if snapshot is not None:
                self._kept.put((snapshot, address.href, address.search), made)
        return made

    def _written(self, address: Address | None) -> Stored:
        written: str = to_json(self._make(address))  # type: ignore[no-untyped-call]  # Dash tells no types
        return self._store(written.encode())
