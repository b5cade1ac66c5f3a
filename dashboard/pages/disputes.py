"""Administrative reviews and lawsuits, with their results."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.pages.titles import title
from dashboard.parts import View, card


def content(view: View) -> list[Component]:
    return [
        title(view),
        html.Div(
            [
                card(view, "results"),
                card(view, "complaints"),
            ],
            className="grid",
        ),
    ]
