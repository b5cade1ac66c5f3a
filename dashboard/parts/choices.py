"""A filter of a page: a labelled list to choose from; what is chosen stands in the address."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts.view import View


def choices(view: View, name: str, unchosen: str, options: Sequence[tuple[str, str]]) -> Component:
    """`options` are values with what they are called; `unchosen` is the entry for none of them."""
    chosen = view.filters.get(name)
    listed = [("", unchosen), *options]
    return html.Label(
        [
            html.Span(view.text(f"filter.{name}")),
            html.Select(
                [html.Option(told, value=value, selected=True if value == chosen else None) for value, told in listed],
                name=name,
                className="form-select form-select-sm",
            ),
        ]
    )
