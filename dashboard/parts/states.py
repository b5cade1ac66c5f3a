"""What a reader sees where there is nothing to show: what happened, and a way on."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.figures.theme import Look
from dashboard.parts.elements import link


def error(look: Look, sentence: str, home: str) -> Component:
    """A page instead of the one asked for."""
    return html.Section(
        [
            html.H1(look.text("error.title")),
            html.P(sentence, className="what"),
            html.P(look.text("error.try")),
            html.P(link(look.text("error.home"), href=home, className="btn btn-primary")),
        ],
        className="state",
        role="alert",
    )


def notice(sentence: str) -> Component:
    """A part of a page that has nothing to show."""
    return html.P(sentence, className="none")
