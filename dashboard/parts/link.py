"""A link within the site: an ordinary one, which the browser follows without loading the page again."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component


def link(children: Any, href: str, **attributes: Any) -> Component:
    return html.A(children, href=href, **attributes, **{"data-go": "1"})
