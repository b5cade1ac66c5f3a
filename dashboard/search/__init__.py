"""Search from one box: bodies, indicators, terms, charts and figures told in the text, for the dialog and as a page."""

from dashboard.search.routes import JSON_PATH, PATH, routes

__all__ = ["JSON_PATH", "PATH", "routes"]
