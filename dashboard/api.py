"""Data to take away: the figures of a chart or a report as CSV, from the same snapshot as the page.

CSV opens right in Excel and WPS (UTF-8 with a byte order mark); a cell that could run as a formula is defused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from dashboard.charts import draw
from dashboard.charts.filters import language_of
from dashboard.messages import UserError
from dashboard.parts import View
from dashboard.schema import Fact, FindingRow, Mention, columns
from dashboard.site import status_of
from dashboard.tables.records import written
from dashboard.tables.rows import records_of

ViewOf = Callable[[str, str], View]

_CHART_COLUMNS = (
    "indicator",
    "name",
    "segment",
    "measure",
    "value",
    "unit",
    "absence",
    "as_printed",
    "locator",
    "origin",
    "stated",
    "computed",
    "rate",
    "implied",
    "implied_low",
    "implied_high",
    "previous",
)


def routes(server: FastAPI, view_of: ViewOf) -> None:
    """Adds the addresses under /api/v1."""

    @server.get("/api/v1/charts/{chart_id}.csv", include_in_schema=False)
    def chart(chart_id: str, request: Request) -> Response:
        return _answer(request, view_of, chart_id, lambda view: _chart(view, chart_id))

    @server.get("/api/v1/facts.csv", include_in_schema=False)
    def facts(request: Request) -> Response:
        return _answer(request, view_of, "facts", _facts)

    @server.get("/api/v1/mentions.csv", include_in_schema=False)
    def mentions(request: Request) -> Response:
        return _answer(request, view_of, "mentions", _mentions)

    @server.get("/api/v1/findings.csv", include_in_schema=False)
    def findings(request: Request) -> Response:
        return _answer(request, view_of, "findings", _findings)


def _chart(view: View, chart_id: str) -> tuple[pd.DataFrame, Sequence[str]]:
    data = draw(view.snapshot, chart_id, view.filters).data
    return data, [name for name in _CHART_COLUMNS if name in data.columns]


def _facts(view: View) -> tuple[pd.DataFrame, Sequence[str]]:
    return view.snapshot.engine.facts(view.filters.body, [view.filters.year]), columns(Fact)


def _mentions(view: View) -> tuple[pd.DataFrame, Sequence[str]]:
    return view.snapshot.engine.mentions(view.filters.body, view.filters.year), columns(Mention)


def _findings(view: View) -> tuple[pd.DataFrame, Sequence[str]]:
    """Every rule tried, and what an officer said of it."""
    found = view.snapshot.engine.findings(view.filters.body, view.filters.year)
    return found, (*columns(FindingRow), "ruling", "reason", "name", "given")


def _answer(
    request: Request, view_of: ViewOf, name: str, select: Callable[[View], tuple[pd.DataFrame, Sequence[str]]]
) -> Response:
    search = f"?{request.url.query}"
    try:
        view = view_of("/", search)
        frame, names = select(view)
    except UserError as problem:
        status = status_of(problem)
        return JSONResponse({"status": status, "detail": problem.say(language_of(search))}, status_code=status)
    body, year = view.filters.body, view.filters.year
    rows = ([body, year, *(row[name] for name in names), view.snapshot.name] for row in records_of(frame))
    return _csv(["body", "year", *names, "snapshot"], rows, f"gongkai-{body}-{year}-{name}.csv")


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]], filename: str) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([defused(written(value)) for value in row] for row in rows)
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
            "Cache-Control": "no-cache",
        },
    )


def defused(cell: str) -> str:
    """A text that a spreadsheet would run as a formula, made plain; a negative number stays a number."""
    if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not _is_number(cell)):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
