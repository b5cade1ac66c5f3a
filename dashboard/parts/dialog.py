"""What the site's dialogs share: the heading, fields with a text to copy, choices that stand in the address.

Which dialog is open, and what is chosen in it, is the part of the address after #; the browser asks for its content and
opens it, see `assets/gongkai.js`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.figures.theme import Look
from dashboard.parts.elements import aria, data
from dashboard.parts.view import View

# The element that holds whichever dialog is open, and its heading.
ID, TITLE_ID = "dialog", "dialog-title"


@dataclass(frozen=True, slots=True)
class Dialog:
    """`kind` is the class that the style sheet knows it by."""

    kind: str
    children: list[Component]


CLOSED = Dialog("", [])


def heading(view: View | Look, title: str, about: str = "") -> Component:
    """The dialog's title with what it is about, and the button that closes it."""
    told = view.text("dialog.close")
    close = html.Button("×", type="button", className="close", title=told, **aria(label=told), **data(close="1"))
    lines = [html.H2(title, id=TITLE_ID), *([html.P(about)] if about else [])]
    return html.Div([html.Div(lines), close], className="heading")


def copied(
    view: View, name: str, label: str, value: str, *, rows: int = 1, lang: str = "", note: str = ""
) -> Component:
    """A text that is there to be taken: selectable as it is, and copied whole by its button."""
    field_id = f"copy-{name}"
    button = html.Button(
        [html.Span(view.text("dialog.copy")), html.Span(view.text("dialog.copied"), className="done")],
        type="button",
        className="btn btn-sm copy",
        **aria(describedby=f"{field_id}-label"),
        **data(copy=field_id, done=view.text("dialog.copied"), failed=view.text("dialog.copy_failed")),
    )
    return html.Div(
        [
            html.Div([html.Label(label, htmlFor=field_id, id=f"{field_id}-label"), button]),
            dcc.Textarea(id=field_id, value=value, rows=rows, readOnly=True, spellCheck=False, lang=lang or None),
            *([html.P(note, className="hint")] if note else []),
        ],
        className="copied",
    )


def said() -> Component:
    """Where the browser says that a text was copied, for those who do not see the button."""
    return html.P(id="said", className="visually-hidden", role="status")


def choice(label: str, options: Sequence[tuple[str, str, bool]], note: str = "") -> Component:
    """One of several: each option is its name, the address that chooses it, and whether it is chosen."""
    links = [
        html.A(name, href=href, **(aria(current="true") if is_chosen else {})) for name, href, is_chosen in options
    ]
    told = [html.P(note, className="hint")] if note else []
    return html.Div(
        [html.Span(label, className="label"), html.Div(links, className="options"), *told],
        className="choice",
        role="group",
        **aria(label=label),
    )


def tick(label: str, href: str, *, is_ticked: bool) -> Component:
    """Yes or no; the address is the one that changes it."""
    return html.A(label, href=href, role="checkbox", className="tick", **aria(checked="true" if is_ticked else "false"))
