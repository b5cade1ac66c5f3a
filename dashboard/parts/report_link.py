"""Where the report of a body and a year is as one document to print."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from dashboard.charts.filters import Filters

REPORT = "/report"


def report_address(filters: Filters, *, ink: str = "", snapshot: str = "", ending: str = "") -> str:
    """`snapshot` where it shall show that one for ever; `ending` is `.pdf` for the file."""
    told = {"lang": str(filters.language), "ink": ink, "snapshot": snapshot or filters.snapshot}
    query = urlencode({name: value for name, value in told.items() if value}, safe="~")
    return f"{REPORT}/{quote(filters.body, safe='')}/{filters.year}{ending}?{query}"
