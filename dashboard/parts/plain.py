"""A page without scripts and without a frame: what finds things, for those whose browser runs nothing. Text comes escaped."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from dashboard.figures.theme import Look
from dashboard.messages import Language, text

_SHEETS = ("vendor/bootstrap.min.css", "gongkai.css")


def plain_page(
    look: Look, title: str, heading: str, content: str, assets: Callable[[str], str], *, is_synthetic: bool
) -> str:
    """The whole document; `content` is HTML, and without any the title is told in its place."""
    sheets = "".join(f'<link rel="stylesheet" href="{escape(assets(name))}">' for name in _SHEETS)
    return f"""<!DOCTYPE html>
<html lang="{look.language.tag}" data-bs-theme="{look.theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="{escape(assets("seal.svg"))}">{sheets}</head>
<body>{_banner() if is_synthetic else ""}<main class="wrap bodies"><h1>{escape(heading)}</h1>
{content or f"<p>{escape(title)}</p>"}</main></body></html>
"""


def _banner() -> str:
    marks = "".join(
        f'<p class="wrap" lang="{each.tag}">{escape(text("synthetic.banner", each))}</p>' for each in Language
    )
    return f'<div class="synthetic" role="note">{marks}</div>'
