"""The pages: each gives the content for a view. Which address shows which page stands here; the frame is shared."""

from __future__ import annotations

from collections.abc import Callable

from dash.development.base_component import Component

from dashboard.pages import (
    areas,
    capacity,
    compare,
    coverage,
    data,
    disclosure,
    disputes,
    findings,
    glossary,
    growth,
    overview,
    requests,
)
from dashboard.parts import PAGES, View

_CONTENT: dict[str, Callable[[View], list[Component]]] = {
    "overview": overview.content,
    "disclosure": disclosure.content,
    "requests": requests.content,
    "disputes": disputes.content,
    "capacity": capacity.content,
    "growth": growth.content,
    "compare": compare.content,
    "areas": areas.content,
    "findings": findings.content,
    "coverage": coverage.content,
    "data": data.content,
    "glossary": glossary.content,
}


def content(view: View) -> list[Component]:
    """What stands between header and footer on the page of the view."""
    return _CONTENT[PAGES[view.path]](view)
