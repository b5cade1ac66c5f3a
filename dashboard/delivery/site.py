"""Delivery put together: a folder of assets and a Dash app come in, guarded answers and pages go out."""

from collections.abc import Collection
from pathlib import Path

from dash import Dash
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.delivery.asked import Asked
from dashboard.delivery.assets import Assets, media_type
from dashboard.delivery.page import Page, render, told
from dashboard.delivery.scripts import Scripts
from dashboard.delivery.stored import Cache, Stored
from dashboard.delivery.wire import Wire

# What Dash's own scripts were compiled for, and take from the polyfill that we leave out.
_FIRST = "vendor/regenerator.min.js"
# What draws the charts: Dash fetches it once a page has one, so that all else runs while it is on its way.
_CHARTS = "vendor/plotly.min.js"


class Delivery:
    """Order matters: `routes(server)`, own pages, `Dash(server=server)`, callbacks, `adopt(app)`, catch-all.

    `base` is where the browser sees the app, with slashes at both ends; `cache` a folder for compressed
    bytes.
    """

    def __init__(self, assets: Path, cache: Path | None, base: str = "/") -> None:
        self._base = base
        self._cache = Cache(cache)
        self._scripts: Scripts | None = None
        self._config = "{}"
        self.assets = Assets(assets, self._cache, base)

    def routes(self, server: FastAPI) -> None:
        """Answer for /assets/; before Dash is constructed, for Dash would mount the folder there itself."""
        server.add_route("/assets/{path:path}", self._answer, methods=["GET", "HEAD"], include_in_schema=False)

    def adopt(self, app: Dash, leave_out: Collection[str] = ()) -> None:
        """Take over an app's scripts and guard its answers, once all its callbacks are registered."""
        self._scripts = Scripts(app, self._cache, self._base, self.assets.body(_FIRST), leave_out)
        config = app._config()  # type: ignore[no-untyped-call]  # Dash tells no types
        self._config = told(config | {"serve_locally": False, "plotlyjs_url": self.assets.url(_CHARTS)})
        app.server.add_middleware(Asked, outputs=list(app.callback_map))
        app.server.add_middleware(Wire)

    def page(self, page: Page) -> str:
        """The HTML of a page: the same bytes for the same page."""
        if self._scripts is None:
            raise RuntimeError("Delivery.adopt(app) comes before the first page")
        styles = [self.assets.body(name).decode() for name in page.styles]
        scripts = [*(self.assets.url(name) for name in page.scripts), self._scripts.url]
        return render(page, self._config, styles, scripts, self.assets.url(_CHARTS), self._base)

    def stored(self, body: bytes, media_type: str, cache_control: str = "no-cache", status: int = 200) -> Stored:
        """Bytes made once a snapshot (a page, a layout), compressed once; `.answer(request)` sends them."""
        # Not in the cache on disk: nothing would ever clear old snapshots out of it.
        return Stored.of(body, media_type, Cache(None), cache_control, status)

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"]
        found = self.assets.find(path) or (self._scripts.find(path) if self._scripts else None)
        if found:
            return found.answer(request)
        latest = self.assets.latest(path)
        if latest is None:
            return Response(status_code=404)
        return Response(latest, media_type=media_type(path), headers={"Cache-Control": "no-cache"})
