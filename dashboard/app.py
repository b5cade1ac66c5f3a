"""The web application put together: pages, evidence, data and documents over one live snapshot.

`create_app` may be called several times in a process; every page's state is in its URL, nothing is kept a visitor.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from dash import Dash, Input, Output, dcc, html
from dash.backends._fastapi import FastAPIDashServer
from dash.development.base_component import Component
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from dashboard import __version__, admin, body_page, dialogs, document_page, page_head, pages
from dashboard.api import create_api
from dashboard.charts.filters import language_of, snapshot_of
from dashboard.delivery import ASKED_AT_A_TIME, Address, Delivery, Page, Room, asked_address, location, read_address
from dashboard.figures.theme import Look, Theme
from dashboard.first_layout import FirstLayouts
from dashboard.messages import Language, UserError, both
from dashboard.operation import Health, Observed
from dashboard.parts import PAGES, View, dialog, error, frame
from dashboard.parts.elements import aria
from dashboard.parts.frame import head, plain_query
from dashboard.preview_guard import PreviewGuard
from dashboard.settings import Settings
from dashboard.site import Site, status_of
from dashboard.snapshots import build
from dashboard.standalone import Embeds, Front
from dashboard.stills import Stills

_log = logging.getLogger("gongkai")
_STYLES = ("vendor/bootstrap.min.css", "gongkai.css")
_SCRIPTS = ("vendor/plotly.min.js", "gongkai.js", "marks.js")
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
    admin.routes(server, settings, delivery.assets.url)
    _health(server, site)
    room = Room(_MAKING, _WAITING)
    _pages(server, site, delivery, room)
    _first_layouts(server, site, delivery, room)
    dash = Dash(
        __name__,
        backend=_upon(server),
        include_assets_files=False,
        suppress_callback_exceptions=True,
        update_title="",
        title="Gongkai",
    )
    _layout(dash, site)
    delivery.adopt(dash)
    _not_found(server, site, delivery, room)
    site.draws = stills.is_available
    embeds = Embeds(site, stills, delivery)
    server.state.embeds = embeds
    server.add_middleware(Front, embeds=embeds)
    server.add_middleware(PreviewGuard)
    server.add_middleware(Observed, slow_ms=settings.log_slow_ms)
    return server


def _upon(server: FastAPI) -> type[FastAPIDashServer]:
    """Dash's backend that takes our server for its own: handed over as `server=`, Dash asks first whether it is Flask's and loads all of Flask."""

    class Upon(FastAPIDashServer):
        @staticmethod
        def create_app(*_: object, **__: object) -> FastAPI:
            return server

    return Upon


def _health(server: FastAPI, site: Site) -> None:
    health = Health(site)

    @server.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        status, told = health.told()
        return JSONResponse(told, status, headers={"Cache-Control": "no-store"})


def _pages(server: FastAPI, site: Site, delivery: Delivery, room: Room) -> None:
    for path in PAGES:
        server.add_api_route(path, _shown(site, delivery, room), methods=["GET", "HEAD"], include_in_schema=False)


def _shown(site: Site, delivery: Delivery, room: Room) -> Any:
    def made(path: str, search: str) -> Response:
        told = _told(site, path, search)
        return HTMLResponse(_page(site, delivery, search, told), told.status)

    async def show(request: Request) -> Response:
        search = f"?{request.url.query}" if request.url.query else ""
        return await room.answer(lambda: made(request.url.path, search), language_of(search, site.settings.language))

    return show


def _not_found(server: FastAPI, site: Site, delivery: Delivery, room: Room) -> None:
    """The last route: whatever no other answers. Dash would answer it with 200."""
    server.add_api_route("/{path:path}", _shown(site, delivery, room), methods=["GET", "HEAD"], include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of the page at a URL before it is there: HTTP status, title, description; its view if it has one."""

    status: int
    title: str
    description: str
    view: View | None = None


def _told(site: Site, path: str, search: str) -> _Told:
    look = site.look(search)
    plain = look.text("site.title_plain"), look.text("site.description_plain")
    try:
        view = site.view(path, search)
    except UserError as problem:
        return _Told(status_of(problem), *plain)
    if path not in PAGES:
        return _Told(404, *plain)
    named = {"name": view.name, "year": view.filters.year}
    title = view.text("site.title", page=view.text(f"nav.{PAGES[path]}"), **named)
    description = view.text("site.description", **named)
    if view.preview:
        title = view.text("preview.title", title=title)
    if view.snapshot.manifest.synthetic:
        title, description = (f"{both('synthetic.mark')} · {told}" for told in (title, description))
    return _Told(200, title, description, view)


def _page(site: Site, delivery: Delivery, search: str, told: _Told) -> str:
    look = site.look(search)
    head = f'<link rel="icon" type="image/svg+xml" href="{delivery.assets.url("seal.svg")}">'
    if told.view:
        head += "\n" + page_head.page_head(told.view, site.settings.address, told.title, told.description)
    return delivery.page(
        Page(
            lang=look.language.tag,
            title=told.title,
            description=told.description,
            loading=look.text("site.loading"),
            noscript=look.text("site.noscript"),
            noscript_link=(body_page.PATH, look.text("find.title")),
            theme=look.theme,
            styles=_STYLES,
            scripts=_SCRIPTS,
            head=head,
        )
    )


def _first_layouts(server: FastAPI, site: Site, delivery: Delivery, room: Room) -> None:
    """Answers for `/_dash-layout` before Dash does, with bytes that are kept."""

    def snapshot(address: Address) -> str | None:
        try:
            view = site.view(address.pathname, address.search)
        except UserError:
            return None
        return view.snapshot.name if view.path in PAGES and not view.preview else None

    def known(address: Address) -> str | None:
        try:
            view = site.known(address.pathname, address.search)
        except UserError:
            return None
        return view.snapshot.name if view and view.path in PAGES else None

    kept = FirstLayouts(
        lambda address: _whole(site, address),
        snapshot,
        known,
        lambda body: delivery.stored(body, "application/json", "no-store"),
        room,
    )

    async def layout(request: Request) -> Response:
        return await kept.answer(request, read_address(request.headers.get("referer", "")))

    server.add_api_route("/_dash-layout", layout, methods=["GET"], include_in_schema=False)


def _whole(site: Site, address: Address | None) -> Component:
    """The page at an address with all that stays around it; a shell where the address is not known yet."""
    page = content(site, address.pathname, address.search) if address else []
    return html.Div(
        [
            location("where", address),
            dcc.Store(id="told", data=_facts(site, address.pathname, address.search) if address else None),
            dcc.Store(id="asked"),
            html.Div(page, id="page"),
            html.Dialog(id=dialog.ID, **aria(labelledby=dialog.TITLE_ID)),
        ]
    )


def _layout(dash: Dash, site: Site) -> None:
    dash.layout = lambda: _whole(site, asked_address(dash))
    moved = Room(_MOVED, ASKED_AT_A_TIME)  # a callback that is no coroutine would hold up every other answer

    @dash.callback(
        Output("page", "children"),
        Output("told", "data"),
        Input("where", "pathname"),
        Input("where", "search"),
        prevent_initial_call=True,
    )
    async def route(pathname: str, search: str) -> tuple[list[Component], dict[str, str]]:
        return await moved.make(lambda: (content(site, pathname, search), _facts(site, pathname, search)))

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


def content(site: Site, path: str, search: str) -> list[Component]:
    """The whole page at a URL: the one asked for, or a sentence that says why not, in the reader's language."""
    look = site.look(search)
    try:
        view = site.view(path, search)
        if path in PAGES:
            return frame(view, pages.content(view))
        problem = look.text("error.not_found", path=path[:80])
    except UserError as error_told:
        problem = error_told.say(look.language)
    except Exception:  # noqa: BLE001  # the page says so in the reader's language; the log has the traceback
        _log.exception("page %s", path if path in PAGES else "?")
        problem = look.text("error.internal")
    asked = _shown_snapshot(site, search)
    query = plain_query(look, asked)
    other = Language.EN if look.language is Language.ZH else Language.ZH
    dark = Theme.LIGHT if look.theme is Theme.DARK else Theme.DARK
    top = head(
        look,
        path,
        query,
        path + plain_query(Look(look.theme, other), asked),
        path + plain_query(Look(dark, look.language), asked),
        None,
    )
    return [*top, html.Main(error(look, problem, "/" + query), id="content", className="wrap", tabIndex=-1)]


def _shown_snapshot(site: Site, search: str) -> str:
    """The snapshot that the URL asks for, if it can be shown: what leads on from an error stays with it."""
    asked = snapshot_of(search)
    try:
        site.asked(asked)
    except UserError:
        return ""
    return asked


def _facts(site: Site, path: str, search: str) -> dict[str, str]:
    """What the document itself says of the page: language, theme, title."""
    look = site.look(search)
    return {"lang": look.language.tag, "theme": look.theme, "title": _told(site, path, search).title}


def ensure_data(settings: Settings) -> UserError | None:
    """Publishes the data folder where nothing is live yet; the reason where that cannot be done."""
    try:
        build.ensure(settings)
    except UserError as problem:
        return problem
    return None
