"""A page without scripts and without a frame: what finds things, for those whose browser runs nothing. Text comes escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from dash.development.base_component import Component

from dashboard.figures.theme import Look
from dashboard.parts.written import written

_SHEETS = ("vendor/bootstrap.min.css", "gongkai.css")


def plain_page(
    look: Look,
    title: str,
    heading: str,
    content: str,
    assets: Callable[[str], str],
    notices: Sequence[Component] = (),
) -> str:
    """The whole document; `content` is HTML, and without any the title is told in its place.

    `notices` are the lines that stand above every page of the same data.
    """
    sheets = "".join(f'<link rel="stylesheet" href="{escape(assets(name))}">' for name in _SHEETS)
    return f"""<!DOCTYPE html>
<html lang="{look.language.tag}" data-bs-theme="{look.theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="{escape(assets("seal.svg"))}">{sheets}</head>
<body>{written(notices, lambda _: "")}<main class="wrap bodies"><h1>{escape(heading)}</h1>
{content or f"<p>{escape(title)}</p>"}</main></body></html>
"""
