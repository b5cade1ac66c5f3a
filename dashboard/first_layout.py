"""The first layout of each view as bytes: made once a snapshot, compressed once, kept for the readers after.

Dash would build and write it anew for every visit. A view that is an error is not kept, nor is an address too long
to be one of ours, so that hostile addresses fill no memory.
"""

from __future__ import annotations

from collections.abc import Callable

from dash._utils import to_json
from dash.development.base_component import Component
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard import meters
from dashboard.delivery import Address, Stored
from dashboard.kept import Kept

_KEPT = 256
_LONGEST = 200
Key = tuple[str, str, str]


class FirstLayouts:
    """`make` builds the layout for an address; `snapshot` names the data it is of, None where it must not be kept."""

    def __init__(
        self,
        make: Callable[[Address | None], Component],
        snapshot: Callable[[Address], str | None],
        store: Callable[[bytes], Stored],
    ) -> None:
        self._make, self._snapshot, self._store = make, snapshot, store
        self._kept: Kept[Key, Stored] = Kept(_KEPT)

    async def answer(self, request: Request, address: Address | None) -> Response:
        """At once where the layout is kept; else it is built beside the loop that answers the others."""
        snapshot = self._snapshot(address) if address and len(address.search) <= _LONGEST else None
        if address is None or snapshot is None:
            return (await run_in_threadpool(self._written, address)).answer(request)
        key = (snapshot, address.href, address.search)
        kept = self._kept.get(key)
        meters.counts.looked_up("layout", kept is not None)
        if kept is None:
            kept = await run_in_threadpool(self._written, address)
            self._kept.put(key, kept)
        return kept.answer(request)

    def _written(self, address: Address | None) -> Stored:
        written: str = to_json(self._make(address))  # type: ignore[no-untyped-call]  # Dash tells no types
        return self._store(written.encode())
