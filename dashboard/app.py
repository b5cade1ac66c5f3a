"""The web application put together: pages, evidence, data and documents over one live snapshot.

`create_app` may be called several times in a process; every page's state is in its URL, nothing is kept a visitor.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dash import Dash, Input, Output
from dash.backends._fastapi import FastAPIDashServer
from dash.development.base_component import Component
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from dashboard import __version__, admin, body_page, dialogs, document_page, report, search
from dashboard.api import create_api
from dashboard.api.limits import Limits
from dashboard.delivery import ASKED_AT_A_TIME, Address, Delivery, Room, asked_address, read_address
from dashboard.first_paint import FirstPaint
from dashboard.made_once import Answers
from dashboard.messages import UserError
from dashboard.operation import Health, Observed
from dashboard.parts import PAGES, dialog
from dashboard.preview_guard import PreviewGuard
from dashboard.settings import Settings
from dashboard.site import Site
from dashboard.snapshots import build
from dashboard.standalone import Embeds, Front
from dashboard.stills import Stills
from dashboard.web_pages import NOWHERE, WebPages

# Pages and first layouts made at a time, and with those that wait for it; and what readers ask who move within a page.
_MAKING, _WAITING, _MOVED = 3, 64, 3


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application. A data folder that cannot be read does not keep it from starting: its pages say why."""
    site = Site(settings)
    server = FastAPI(title="Gongkai", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    server.state.live = site.live
    delivery = Delivery(settings.assets_dir, settings.cache_dir)
    delivery.routes(server)
    stills = Stills(settings)
    programs = create_api(site, stills, delivery)
    server.mount("/api", programs)
    server.add_route("/api", programs)  # type: ignore[arg-type]  # an application; what is mounted has a slash after it
    document_page.routes(server, site.view, settings, delivery.assets.url("gongkai.css"))
    body_page.routes(server, site, delivery.assets.url)
    search.routes(server, site, delivery.assets.url)
    report.routes(server, site, stills, Limits(settings.api_limit, settings.workers))
    admin.routes(server, settings, delivery.assets.url)
    _health(server, site)
    web = WebPages(site, delivery, FirstPaint(stills))
    page = _pages(server, site, web)
    dash = Dash(
        __name__,
        backend=_upon(server),
        include_assets_files=False,
        suppress_callback_exceptions=True,
        update_title="",
        title="Gongkai",
    )
    _layout(dash, site, web)
    delivery.adopt(dash)
    # The last route: whatever no other answers. Dash would answer it with 200.
    server.add_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)
    site.draws = stills.is_available
    embeds = Embeds(site, stills, delivery)
    server.state.embeds = embeds
    server.add_middleware(Front, embeds=embeds)
    server.add_middleware(PreviewGuard)
    server.add_middleware(Observed, slow_ms=settings.log_slow_ms)
    return server


def _upon(server: FastAPI) -> type[FastAPIDashServer]:
    """Dash's backend that takes our server for its own: handed over as `server=`, Dash asks first whether it is Flask's and loads all of Flask.

    Dash's scripts stand under /assets/; no answer reads files of its packages.
    """

    class Upon(FastAPIDashServer):
        @staticmethod
        def create_app(*_: object, **__: object) -> FastAPI:
            return server

        def setup_component_suites(self, dash_app: Dash) -> str:  # noqa: ARG002  # Dash names it
            return ""

    return Upon


def _health(server: FastAPI, site: Site) -> None:
    health = Health(site)

    def healthz(_: Request) -> JSONResponse:
        status, told = health.told()
        return JSONResponse(told, status, headers={"Cache-Control": "no-store"})

    server.add_route("/healthz", healthz, include_in_schema=False)


def _pages(server: FastAPI, site: Site, web: WebPages) -> Callable[[Request], Awaitable[Response]]:
    """Answers for the pages, and for `/_dash-layout` before Dash does. Returns what answers for a page."""
    room = Room(_MAKING, _WAITING)
    documents, layouts = Answers(site, "page", web.documents, room), Answers(site, "layout", web.layouts, room)

    async def page(request: Request) -> Response:
        search = f"?{request.url.query}" if request.url.query else ""
        return await documents.answer(request, Address("", request.url.path, search))

    async def layout(request: Request) -> Response:
        return await layouts.answer(request, read_address(request.headers.get("referer", "")) or NOWHERE)

    for path in PAGES:
        server.add_route(path, page, methods=["GET", "HEAD"], include_in_schema=False)
    server.add_route("/_dash-layout", layout, methods=["GET"], include_in_schema=False)
    server.state.make_ready = web.make_ready
    return page


def _layout(dash: Dash, site: Site, web: WebPages) -> None:
    dash.layout = lambda: web.whole(asked_address(dash))
    moved = Room(_MOVED, ASKED_AT_A_TIME)  # a callback that is no coroutine would hold up every other answer

    @dash.callback(
        Output("page", "children"),
        Output("told", "data"),
        Input("where", "pathname"),
        Input("where", "search"),
        prevent_initial_call=True,
    )
    async def route(pathname: str, search: str) -> tuple[list[Component], dict[str, str]]:
        return await moved.make(lambda: web.moved(pathname, search))

    @dash.callback(
        Output(dialog.ID, "children"),
        Output(dialog.ID, "className"),
        Input("asked", "data"),
        prevent_initial_call=True,
    )
    async def show_dialog(asked: str | None) -> tuple[list[Component], str]:
        shown = await moved.make(lambda: dialogs.dialog(site, asked))
        return shown.children, shown.kind

    dash.clientside_callback(  # type: ignore[no-untyped-call]  # Dash tells no types
        "function(told) { return window.gongkai.tell(told); }",
        Output("told", "modified_timestamp"),
        Input("told", "data"),
        prevent_initial_call=True,
    )
    dash.clientside_callback(  # type: ignore[no-untyped-call]  # Dash tells no types
        "function(children) { return window.gongkai.show(children); }",
        Output(dialog.ID, "title"),
        Input(dialog.ID, "children"),
        prevent_initial_call=True,
    )


def ensure_data(settings: Settings) -> UserError | None:
    """Publishes the data folder where nothing is live yet; the reason where that cannot be done."""
    try:
        build.ensure(settings)
    except UserError as problem:
        return problem
    return None
