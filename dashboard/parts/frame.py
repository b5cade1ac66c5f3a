"""The frame of every page: brand, body and year, language and theme, menu, footer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard import __version__
from dashboard.figures.theme import Look, Theme
from dashboard.messages import Language, text
from dashboard.parts.chooser import chooser
from dashboard.parts.elements import aria, data, link
from dashboard.parts.search_button import search_button
from dashboard.parts.view import PAGES, View
from dashboard.snapshots.previews import Preview


def frame(view: View, content: Sequence[Component]) -> list[Component]:
    """The page of a view, whole."""
    query = view.filters.query()
    return [
        *head(
            view.look,
            view.path,
            query,
            view.href(language=_other(view), more=view.filters.more),
            _theme_href(view),
            _pickers(view),
        ),
        *notices(view),
        html.Main(list(content), id="content", className="wrap", tabIndex=-1),
        html.Footer(
            html.Div(
                [
                    html.P([view.text("site.footer"), " ", link(view.text("nav.glossary"), view.href("/glossary"))]),
                    html.P(view.text("site.snapshot", snapshot=view.snapshot.name, version=__version__)),
                    # Filled in by print.js with where the page is.
                    html.P(view.text("print.built", built=view.snapshot.manifest.built[:10]), className="on-paper"),
                    html.P(id="printed-from", className="on-paper"),
                ],
                className="wrap",
            ),
            className="foot",
        ),
    ]


def notices(view: View) -> list[Component]:
    """What has to be known of the data wherever it is shown: made up, of an older snapshot, not published."""
    return [*_synthetic(view), *_frozen(view)]


def _synthetic(view: View) -> list[Component]:
    """A line above every page of a made-up country, in both languages."""
    if not view.snapshot.manifest.synthetic:
        return []
    said = [
        html.P(text("synthetic.banner", language), lang=language.tag, className="wrap")
        for language in (view.filters.language, _other(view))
    ]
    return [html.Div(said, className="synthetic", role="note")]


def _frozen(view: View) -> list[Component]:
    """A line above a page whose data stays what it was, with the way to what is live."""
    if view.preview:
        return [preview_banner(view, view.preview)]
    if not view.filters.snapshot:
        return []
    told = view.text("view.frozen", snapshot=view.snapshot.name, built=view.snapshot.manifest.built[:10])
    live = link(view.text("view.to_live"), href=view.href(snapshot="", more=view.filters.more))
    return [html.Div(html.P([told, " ", live], className="wrap"), className="frozen", role="note")]


def preview_banner(view: View, preview: Preview) -> Component:
    """That nobody else sees this page, who prepared it, and the way back."""
    # Anew, since this document is one that no referrer leaves.
    live = html.A(view.text("preview.to_live"), href=view.path + plain_query(view.look))
    return html.Div(
        html.Div(
            [html.Strong(view.text("preview.banner")), html.P([*preview_told(view, preview), " ", live])],
            className="wrap",
        ),
        className="frozen unpublished",
        role="region",
        **aria(label=view.text("preview.banner")),
    )


def preview_told(view: View, preview: Preview) -> list[str]:
    """Who prepared it and when, and until when its address works; by the server's clock, with its offset."""
    told = {"snapshot": preview.snapshot, "by": preview.by, "at": _moment(preview.at), "until": _moment(preview.until)}
    prepared = view.text("preview.prepared" if preview.by else "preview.prepared_unknown", **told)
    return [prepared, " ", view.text("preview.until", **told)]


def plain_query(look: Look, snapshot: str = "") -> str:
    """Language, theme and the snapshot asked for alone: a way on must not carry the body or year that may not be there."""
    told = {
        "lang": str(look.language) if look.language is not Language.ZH else "",
        "theme": str(look.theme) if look.theme is not Theme.LIGHT else "",
        "snapshot": snapshot,
    }
    pairs = {name: value for name, value in told.items() if value}
    return "?" + urlencode(pairs, safe="~") if pairs else ""


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC{at.isoformat()[-6:]}"


def head(
    look: Look, path: str, query: str, language_href: str, theme_href: str, pickers: Component | None
) -> list[Component]:
    """The top of a page; without `pickers` where there is no report to pick."""
    other = Language.EN if look.language is Language.ZH else Language.ZH
    is_dark = look.theme is Theme.DARK
    tools = html.Div(
        [
            search_button(look, path + query),
            link(
                look.text("pick.language"),
                href=language_href,
                id="language",
                lang=other.tag,
                title=look.text("pick.language_label"),
            ),
            link(look.text("pick.light" if is_dark else "pick.dark"), href=theme_href, id="theme"),
        ],
        className="tools",
    )
    brand = link(
        [html.Span("公开", className="seal", lang="zh-CN"), html.Span(look.text("site.name"))],
        href="/" + query,
        className="brand",
    )
    return [
        html.A(look.text("site.skip"), href="#content", className="skip"),
        html.Header(
            [
                html.Div([brand, *([pickers] if pickers else []), tools], className="wrap bar"),
                _menu(look, path, query),
            ],
            className="top",
        ),
    ]


def _menu(look: Look, path: str, query: str) -> Component:
    links = []
    for address, name in PAGES.items():
        here: dict[str, Any] = {"className": "on", "aria-current": "page"} if address == path else {}
        links.append(html.Li(link(look.text(f"nav.{name}"), href=address + query, **here)))
    return html.Nav(html.Ul(links, className="wrap tabs"), **aria(label=look.text("nav.label")))


def _pickers(view: View) -> Component:
    """Body and year; a year's value is the address it leads to."""
    years = [(str(year), view.href(year=year), year) for year in reversed(view.years)]
    return html.Div(
        [chooser(view), _picker("year", view.text("pick.year"), years, view.filters.year)],
        className="pick",
    )


def _picker(name: str, label: str, options: list[tuple[str, str, Any]], chosen: object) -> Component:
    return html.Label(
        [
            html.Span(label),
            html.Select(
                [
                    html.Option(text, value=href, selected=True if value == chosen else None)
                    for text, href, value in options
                ],
                id=f"pick-{name}",
                className="form-select form-select-sm",
                **data(go="1"),
            ),
        ],
    )


def _other(view: View) -> Language:
    return Language.EN if view.filters.language is Language.ZH else Language.ZH


def _theme_href(view: View) -> str:
    theme = Theme.LIGHT if view.filters.theme is Theme.DARK else Theme.DARK
    return view.href(theme=theme, more=view.filters.more)
