"""The chooser of the body: a field to type into, and what our script shows below it; without the script, a form.

The field holds the name of the body shown. The hits, those used lately and those pinned come from the browser asking
with the page's own address; which bodies a reader pinned or used, the browser alone knows.
"""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.elements import data
from dashboard.parts.view import View

_SAID = ("pinned", "recent", "hits", "none", "count", "pin", "unpin", "failed")


def chooser(view: View) -> Component:
    here = view.href(more=view.filters.more)
    said = {name: view.text(f"find.said_{name}") for name in _SAID}
    return html.Form(
        [
            html.Label([html.Span(view.text("pick.body")), *_field(view)]),
            dcc.Input(type="hidden", name="from", value=here, id="pick-from"),
            html.Button("☆", type="button", className="pin", id="pick-pin", hidden=True),
            html.Div(
                [
                    html.Div(id="pick-list"),
                    html.A(view.text("find.browse"), href=f"/bodies?from={quoted(here)}", className="browse"),
                ],
                id="pick-box",
                className="pick-box",
                hidden=True,
            ),
            html.P(id="pick-said", className="visually-hidden", role="status"),
        ],
        id="pick-form",
        action="/bodies",
        role="search",
        className="chooser",
        **data(body=view.filters.body, name=view.name, **{f"said-{name}": told for name, told in said.items()}),
    )


def _field(view: View) -> list[Component]:
    return [
        dcc.Input(
            id="pick-body",
            name="q",
            type="text",
            value=view.name,
            placeholder=view.text("find.hint"),
            autoComplete="off",
            spellCheck=False,
            className="form-control form-control-sm",
        )
    ]


def quoted(address: str) -> str:
    from urllib.parse import quote

    return quote(address, safe="")
