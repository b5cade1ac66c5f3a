"""The page to try the API with: RapiDoc over its description, and the kinds of problems with an anchor for each.

Everything comes from this site; no script is inline and none is evaluated.
"""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from dashboard.api.answers import LIVE
from dashboard.api.parameters import LANGUAGE, read
from dashboard.api.parameters import language as language_of
from dashboard.delivery import Cache, Delivery, Stored
from dashboard.messages import Language, catalog, text

_SCRIPT, _LOOK, _STYLE, _ICON = "vendor/rapidoc.min.js", "docs.js", "docs.css", "seal.svg"
# What `type` of a problem leads to, see errors.
PROBLEMS = (
    "query.too_long", "query.unknown", "query.repeated", "query.not_one_of", "query.malformed", "query.not_in_range",
    "view.body_unknown", "view.year_unknown", "view.year_nowhere", "view.indicator_unknown", "view.snapshot_unknown",
    "chart.unknown", "chart.empty", "api.format_unknown", "api.not_found", "api.not_allowed", "api.not_acceptable",
    "api.too_many", "api.bad_request", "api.internal", "api.busy", "api.no_data", "api.no_room", "still.no_browser", "still.failed",
)  # fmt: skip
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        # The page's elements bring styles of their own.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
# Of RapiDoc: no fonts from elsewhere, no foreign server, no word of who made it.
_ATTRIBUTES = {
    "render-style": "view",
    "load-fonts": "false",
    "show-header": "false",
    "allow-authentication": "false",
    "allow-server-selection": "false",
    "allow-spec-url-load": "false",
    "allow-spec-file-load": "false",
    "allow-spec-file-download": "false",
    "schema-style": "table",
    "default-schema-tab": "schema",
    "primary-color": "#b3261e",
    "theme": "light",
    "regular-font": "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif",
}


class DocsPage:
    """Answers for /docs?lang="""

    def __init__(self, default: Language, delivery: Delivery) -> None:
        self._default, self._assets = default, delivery.assets
        self._held: dict[Language, Stored] = {}

    async def answer(self, request: Request) -> Response:
        language = language_of(read(request.url.query, (LANGUAGE,)), self._default)
        if language not in self._held:
            headers = {"Content-Security-Policy": POLICY}
            html = self._html(language).encode()
            self._held[language] = Stored.of(html, "text/html; charset=utf-8", Cache(None), LIVE, headers=headers)
        return self._held[language].answer(request)

    def _html(self, language: Language) -> str:
        other = Language.EN if language is Language.ZH else Language.ZH
        attributes = " ".join(f'{name}="{value}"' for name, value in _ATTRIBUTES.items())
        listed = "".join(
            f'<dt id="{each}"><code>{each}</code></dt><dd>{escape(catalog(language)[each])}</dd>' for each in PROBLEMS
        )
        told = {
            each: escape(text(f"api.{each}", language))
            for each in ("title", "to_dashboard", "to_description", "problems")
        }
        return f"""<!DOCTYPE html>
<html lang="{language.tag}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{told["title"]}</title>
<link rel="icon" type="image/svg+xml" href="{self._assets.url(_ICON)}">
<link rel="stylesheet" href="{self._assets.url(_STYLE)}">
<script src="{self._assets.url(_LOOK)}" defer></script>
<script src="{self._assets.url(_SCRIPT)}" type="module"></script></head>
<body><header><h1>{told["title"]}</h1><nav>
<a href="/?lang={language}">{told["to_dashboard"]}</a>
<a href="/api/v1/openapi.json?lang={language}">{told["to_description"]}</a>
<a href="/api/v1/docs?lang={other}" lang="{other.tag}">{escape(text("api.in_this_language", other))}</a></nav></header>
<main><rapi-doc spec-url="/api/v1/openapi.json?lang={language}" {attributes}></rapi-doc>
<section><h2>{told["problems"]}</h2><dl>{listed}</dl></section></main></body></html>
"""
