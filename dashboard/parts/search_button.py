"""The button that opens the search over everything; what its dialog says goes with it, since the browser builds it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.figures.theme import Look
from dashboard.parts.elements import aria, data

_SAID = ("title", "label", "hint", "close", "all", "slash", "hits", "failed")


def search_button(look: Look, here: str) -> Component:
    """`here` is the reader's page with its query, from which hits lead on."""
    said = {f"said-{name}": look.text(f"search.{name}") for name in _SAID}
    return html.Button(
        [html.Span(look.text("search.open")), html.Kbd("/", **aria(hidden="true"))],
        type="button",
        id="search-open",
        **aria(haspopup="dialog"),
        **data(**{"from": here}, **said),
    )
