"""What the work is done with: budget, staff, offices, training."""

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
                card(view, "budget"),
                card(view, "staff"),
                card(view, "places"),
                card(view, "training"),
            ],
            className="grid",
        ),
    ]
