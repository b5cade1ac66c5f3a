"""The door for other people's pages: embeds, oEmbed and the frames' script are answered here, before all else.

An ASGI middleware, outermost. An embed that is ready is sent from memory without another look at its address; one that
is not is made in a thread. Everything else passes through untouched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import meters
from dashboard.delivery import Cache, Stored
from dashboard.kept import Kept
from dashboard.messages import UserError, text
from dashboard.standalone.embeds import GUARDS, LIVE, Embeds
from dashboard.standalone.oembed import OEmbed

_READY, _LONGEST = 2048, 300
# Made at a time, and waiting to be: whatever is asked here, pages and programs go on.
_MAKING, _WAITING = 4, 64
# Seconds after a publish in which a reader who asks does not wait for the new page but gets the one of before while it is
# made, and so do others until it is: all are asked for at once then, and a picture nobody has drawn takes a while.
_GRACE = 2.0
Result = TypeVar("Result")
_FRAME = "/embed.js"
# Portals load it with every page: a day old is new enough, and it is asked about after that.
_DAY = "public, max-age=86400"


class Front:
    """`embeds` is shared with whatever else makes them."""

    def __init__(self, app: ASGIApp, embeds: Embeds) -> None:
        self._app, self._embeds, self._oembed = app, embeds, OEmbed(embeds)
        # By address: the snapshot that was live, and what was sent.
        self._ready: Kept[tuple[str, bytes], tuple[str, Stored]] = Kept(_READY)
        self._room, self._waiting = CapacityLimiter(_MAKING), 0
        # What was seen to be live last and since when; pages that are being made while the one of before is sent.
        self._seen: tuple[str, float] = ("", 0.0)
        self._renewing: dict[tuple[str, bytes], asyncio.Task[None]] = {}
        script = (embeds.site.settings.assets_dir / "embed" / "frame.js").read_bytes()
        self._frame = Stored.of(script, "text/javascript; charset=utf-8", Cache(None), _DAY, headers=GUARDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if not (path.startswith(("/embed/", "/snapshot/")) or path in ("/oembed", _FRAME)):
            await self._app(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            language = self._embeds.language(scope["query_string"].decode("latin-1"))
            refused = PlainTextResponse(text("query.read_only", language), 405, {"Allow": "GET, HEAD"})
            await refused(scope, receive, send)
        elif path == _FRAME:
            await self._frame(scope, receive, send)
        elif path == "/oembed":
            search = scope["query_string"].decode("latin-1")
            answer = await self._made(lambda: self._oembed.answer(search))
            await (answer or self._embeds.busy(search))(scope, receive, send)
        else:
            await (await self._embed(path, scope["query_string"]))(scope, receive, send)

    async def _embed(self, path: str, query: bytes) -> Stored:
        live = self._live()
        ready = self._ready.get((path, query))
        meters.counts.looked_up("embed", ready is not None)
        if ready is not None and ready[0] == live:
            return ready[1]
        if ready is not None and (self._is_new(live) or (path, query) in self._renewing):
            self._renew(path, query)
            return ready[1]
        return await self._fresh(path, query, live)

    def _is_new(self, live: str) -> bool:
        """Whether it was published so lately that the page of before is sent while its own is made."""
        if self._seen[0] != live:
            self._seen = live, time.monotonic()
        return time.monotonic() - self._seen[1] < _GRACE

    def _renew(self, path: str, query: bytes) -> None:
        key = (path, query)
        if key not in self._renewing:
            self._renewing[key] = asyncio.create_task(self._catch_up(path, query))
            self._renewing[key].add_done_callback(lambda _: self._renewing.pop(key, None))

    async def _catch_up(self, path: str, query: bytes) -> None:
        """Makes the page of what is live, and again where something else is by then."""
        made_of = ""
        while made_of != (live := self._live()):
            await self._fresh(path, query, live)
            made_of = live

    async def _fresh(self, path: str, query: bytes, live: str) -> Stored:
        search = query.decode("latin-1")
        answer = await self._made(lambda: self._embeds.answer(path, search))
        if answer is None:
            return self._embeds.busy(search)
        shown, made = answer
        # What is refused is made again: nobody fills this memory with addresses of nothing. What was published
        # meanwhile is not kept under the name of what was live before.
        is_kept = shown and made.cache_control != "no-store" and len(path) + len(query) <= _LONGEST
        if is_kept and (shown == live or made.cache_control != LIVE):
            self._ready.put((path, query), (live, made))
        return made

    async def _made(self, make: Callable[[], Result]) -> Result | None:
        """What a thread makes of it; None where too many wait already."""
        if self._waiting >= _WAITING:
            return None
        self._waiting += 1
        try:
            return await to_thread.run_sync(make, limiter=self._room)
        finally:
            self._waiting -= 1

    def _live(self) -> str:
        try:
            return self._embeds.site.live.snapshot().name
        except UserError:
            return ""
