"""What stands in a frame whose chart is not there: the reason, in the reader's language."""

from __future__ import annotations

from html import escape

from dashboard.delivery.inlined import Made
from dashboard.figures.theme import Look, Theme, declarations
from dashboard.standalone.page import Inlined, policy


def render(reason: str, look: Look, inlined: Inlined) -> Made:
    """The page follows the reader's own theme: what the address asked for may be what was wrong with it."""
    dark = f"@media(prefers-color-scheme:dark){{:root{{{declarations(Theme.DARK)}}}}}"
    style = f":root{{{declarations(Theme.LIGHT)}}}{dark}{inlined.style}"
    title = escape(look.text("error.title"))
    html = (
        f'<!DOCTYPE html><html lang="{look.language.tag}" data-theme="auto"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="icon" href="data:,"><style>{style}</style></head>'
        f"<body><main><h1>{title}</h1><p>{escape(reason)}</p></main><script>{inlined.script}</script></body></html>"
    )
    return Made(html, policy(style, inlined.script))
