"""How much was disclosed, through which channel, by whom, and how public concerns were answered."""

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
                card(view, "channels", is_wide=True),
                card(view, "disclosed"),
                card(view, "normative"),
                card(view, "responses"),
                card(view, "principals"),
            ],
            className="grid",
        ),
    ]
