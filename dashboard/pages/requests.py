"""How requests came, how they were closed, what came of them."""

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
                card(view, "flow", is_wide=True),
                card(view, "filed"),
                card(view, "receivers"),
                card(view, "outcomes"),
                card(view, "grounds"),
            ],
            className="grid",
        ),
    ]
