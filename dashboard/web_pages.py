"""The pages of the dashboard at their addresses: what each shows, the document it first comes as, the layout Dash asks for.

Each is made once a snapshot. A page that is not there, or cannot be made for now, says why in the reader's language.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from dash import dcc, html
from dash._utils import to_json
from dash.development.base_component import Component

from dashboard import body_page, page_head, pages
from dashboard.charts.filters import snapshot_of
from dashboard.delivery import Address, Delivery, Page, Stored, location
from dashboard.figures.theme import Look, Theme
from dashboard.first_paint import FirstPaint
from dashboard.made_once import Made, MadeOnce
from dashboard.messages import Language, UserError, both
from dashboard.parts import PAGES, View, dialog, error, frame
from dashboard.parts.elements import aria
from dashboard.parts.frame import head, plain_query
from dashboard.search import PATH as SEARCH
from dashboard.site import Site, status_of
from dashboard.snapshots.store import Snapshot

_log = logging.getLogger("gongkai")
_STYLES = ("vendor/bootstrap.min.css", "gongkai.css")
_CSV = "/api/v1/facts.csv"
_SCRIPTS = ("gongkai.js", "marks.js", "search.js", "print.js")
# Pages kept as components, and the bytes of documents, and of layouts, that are kept.
_CONTENTS, _ANSWERS = 16, 24_000_000
# Where a layout is asked for without the page it is of.
NOWHERE = Address("", "", "")


class WebPages:
    """For any thread."""

    def __init__(self, site: Site, delivery: Delivery, paint: FirstPaint) -> None:
        self._site, self._delivery, self._paint = site, delivery, paint
        self._contents: MadeOnce[list[Component]] = MadeOnce(_CONTENTS, _content)
        self.documents: MadeOnce[Stored] = MadeOnce(_ANSWERS, self._document, _size)
        self.layouts: MadeOnce[Stored] = MadeOnce(_ANSWERS, self._layout, _size)

    def moved(self, path: str, search: str) -> tuple[list[Component], dict[str, str]]:
        """The page and what its document says of it, for a reader who comes from another page."""
        return self._content(self._site, path, search).value, _facts(self._site, path, search)

    def whole(self, address: Address | None) -> Component:
        """The page at an address with all that stays around it; a shell where the address is not known yet."""
        return self._whole(self._site, address).value

    def make_ready(self, snapshot: Snapshot) -> None:
        """What readers asked for last, of a snapshot that is about to be shown."""
        ahead, before = self._site.showing(snapshot), self._site.live.snapshot().name
        for made in (self.documents, self.layouts):
            made.make_ready(ahead, before)

    def _content(self, site: Site, path: str, search: str) -> Made[list[Component]]:
        return self._contents.of(site, Address("", path, search))

    def _document(self, site: Site, address: Address) -> Made[Stored]:
        path, search = address.pathname, address.search
        told, first, lasts, has_charts = _told(site, path, search), "", math.inf, False
        if told.view:
            shown = self._content(site, path, search)
            paint = self._paint.of(told.view, shown.value)
            first, lasts, has_charts = paint.html, min(shown.lasts, paint.lasts), _has_charts(shown.value)
        body = self._page(site, search, told, first, has_charts).encode()
        return Made(self._delivery.stored(body, "text/html; charset=utf-8", "no-cache", told.status), lasts)

    def _layout(self, site: Site, address: Address) -> Made[Stored]:
        whole = self._whole(site, address if address != NOWHERE else None)
        written: str = to_json(whole.value)  # type: ignore[no-untyped-call]  # Dash tells no types
        return Made(self._delivery.stored(written.encode(), "application/json", "no-store"), whole.lasts)

    def _page(self, site: Site, search: str, told: _Told, first: str, has_charts: bool) -> str:
        look = site.look(search)
        head = f'<link rel="icon" type="image/svg+xml" href="{self._delivery.assets.url("seal.svg")}">'
        if told.view:
            head += "\n" + page_head.page_head(told.view, site.settings.address, told.title, told.description)
        return self._delivery.page(
            Page(
                lang=look.language.tag,
                title=told.title,
                description=told.description,
                loading=look.text("site.loading"),
                noscript=look.text("site.noscript"),
                noscript_links=(  # where a reader goes on whose browser runs no script
                    (body_page.PATH, look.text("find.title")),
                    (SEARCH, look.text("search.title")),
                    (_CSV, "CSV"),
                ),
                theme=look.theme,
                styles=_STYLES,
                scripts=_SCRIPTS,
                head=head,
                first=first,
                has_charts=has_charts,
            )
        )

    def _whole(self, site: Site, address: Address | None) -> Made[Component]:
        page: Made[list[Component]] = Made([])
        if address:
            page = self._content(site, address.pathname, address.search)
        whole = html.Div(
            [
                location("where", address),
                dcc.Store(id="told", data=_facts(site, address.pathname, address.search) if address else None),
                dcc.Store(id="asked"),
                html.Div(page.value, id="page"),
                html.P(id="moved", className="visually-hidden", role="status"),  # which page has come, spoken
                html.Dialog(id=dialog.ID, **aria(labelledby=dialog.TITLE_ID)),
            ]
        )
        return Made(whole, page.lasts)


def _has_charts(page: list[Component]) -> bool:
    inside = (each for part in page for each in (part, *part._traverse()))  # type: ignore[no-untyped-call]  # Dash tells no types
    return any(isinstance(each, dcc.Graph) for each in inside)


def _size(stored: Stored) -> int:
    return stored.size


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


def _content(site: Site, address: Address) -> Made[list[Component]]:
    """The whole page at a URL: the one asked for, or a sentence that says why not, in the reader's language."""
    path, search = address.pathname, address.search
    look = site.look(search)
    try:
        view = site.view(path, search)
        if path in PAGES:
            return Made(frame(view, pages.content(view)))
        problem = look.text("error.not_found", path=path[:80])
    except UserError as error_told:
        problem = error_told.say(look.language)
    except Exception:  # noqa: BLE001  # the page says so in the reader's language; the log has the traceback
        _log.exception("page %s", path if path in PAGES else "?")
        problem = look.text("error.internal")
    return Made(_instead(site, path, search, problem), lasts=0.0)


def _instead(site: Site, path: str, search: str, problem: str) -> list[Component]:
    look, asked = site.look(search), _shown_snapshot(site, search)
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
