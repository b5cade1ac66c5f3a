"""Which kind of address a path is: a closed set of names, so that neither counts nor the log repeat what a reader typed."""

from __future__ import annotations

from dashboard import body_page, search
from dashboard.parts import PAGES

_EXACT = frozenset(
    {*PAGES, body_page.PATH, body_page.JSON_PATH, search.PATH, search.JSON_PATH, "/healthz", "/oembed", "/embed.js"}
    | {"/_dash-layout", "/_dash-update-component"}
)
_STARTS = (
    ("/assets/", "/assets"),
    ("/embed/", "/embed"),
    ("/snapshot/", "/snapshot/embed"),
    ("/api/v1/charts/", "/api/v1/charts"),
    ("/api/v1/data.zip", "/api/v1/data.zip"),
    ("/api", "/api/v1"),
    ("/admin", "/admin"),
    ("/document", "/document"),
    ("/report/", "/report"),
    ("/_dash", "/_dash"),
)


def family(path: str) -> str:
    if path in _EXACT:
        return path
    return next((name for start, name in _STARTS if path.startswith(start)), "other")
