"""The HTML around a Dash app: a page's words and addresses come in, text goes out; nothing inline can run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dash._utils import to_json

# What Dash tells every visitor: versions, and a socket that each browser would hold open for nothing.
_UNTOLD = (
    "dash_version",
    "dash_version_url",
    "ddk_version",
    "end_id",
    "plotly_version",
    "python_version",
    "websocket",
)


@dataclass(frozen=True)
class Page:
    """One page as the browser first sees it, in the reader's words.

    `styles` and `scripts` are names under assets/; scripts run in order, before Dash. Styles stand in the document: it is
    painted as soon as it has come, and nothing else shares the line until then. `head` is trusted
    HTML for the head (icons, canonical address, alternate languages), `first` trusted HTML of the page itself, shown until
    the one that Dash makes can take its place. `noscript_links` lead, each with its
    name, to pages that need no script. plotly.js is asked for by the
    first script where the page `has_charts`.
    """

    lang: str
    title: str
    description: str
    loading: str
    noscript: str
    noscript_links: Sequence[tuple[str, str]] = ()
    theme: str = "light"
    styles: Sequence[str] = ("vendor/bootstrap.min.css",)
    scripts: Sequence[str] = ()
    head: str = ""
    first: str = ""
    has_charts: bool = True


def told(config: Mapping[str, Any]) -> str:
    """The part of Dash's configuration that its renderer uses, as JSON that cannot end a script element."""
    kept = {key: value for key, value in config.items() if key not in _UNTOLD}
    text = to_json(kept)  # type: ignore[no-untyped-call]  # Dash tells no types
    return str(text).replace("<", "\\u003c")


def render(page: Page, config: str, styles: Sequence[str], scripts: Sequence[str], charts: str, base: str) -> str:
    """The whole document; `styles` are sheets, `scripts` and `charts` addresses in order, `config` is what `told` made."""
    return f"""<!DOCTYPE html>
<html lang="{escape(page.lang)}" data-bs-theme="{escape(page.theme)}" data-loading="{escape(page.loading)}"{_charts(page, charts)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<meta name="description" content="{escape(page.description)}">
{"".join(f"<style>{each}</style>" for each in styles)}
{page.head}
</head>
<body{' class="first"' if page.first else ""}>
<noscript><p>{escape(page.noscript)}{_ways_on(page)}</p></noscript>
<div id="react-entry-point"><div class="_dash-loading" role="status">{escape(page.loading)}</div></div>
{page.first}
<script id="_dash-config" type="application/json">{config}</script>
{_asked(scripts, base)}
</body>
</html>
"""


def _ways_on(page: Page) -> str:
    return "".join(f' <a href="{escape(address)}">{escape(name)}</a>' for address, name in page.noscript_links)


def _charts(page: Page, address: str) -> str:
    """What draws the charts, for our own script to ask for; asked for at the same time as Dash both would be late."""
    return f' data-charts="{escape(address)}"' if page.has_charts else ""


def _asked(scripts: Sequence[str], base: str) -> str:
    """What the browser asks for once it has the page."""
    run = [f'<script defer src="{escape(script)}"></script>' for script in scripts]
    # The renderer asks only once all scripts have run; without crossorigin its request would be another one.
    early = [
        f'<link rel="preload" as="fetch" crossorigin href="{escape(base)}{name}">'
        for name in ("_dash-layout", "_dash-dependencies")
    ]
    return "\n".join([*run, *early])
