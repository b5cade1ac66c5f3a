"""Key areas: the quantities of the chapter on them, grouped by section, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.charts.row import Row, written
from dashboard.messages import plural
from dashboard.pages.titles import title
from dashboard.parts import View, figure_table, notice
from dashboard.tables.rows import records_of

# The chapter's number in the reports of the 2014 edition; later editions have no such chapter.
_CHAPTER = "二"


def content(view: View) -> list[Component]:
    mentions = view.snapshot.engine.mentions(view.filters.body, view.filters.year)
    rows = [row for row in records_of(mentions) if row["section"].startswith(_CHAPTER) and row["area"]]
    if not rows:
        return [title(view), notice(view.text("areas.none"))]
    return [
        title(view),
        html.P(view.text("areas.lead"), className="lead-in"),
        html.Div(list(_groups(view, rows)), className="areas"),
    ]


def _groups(view: View, rows: list[dict[str, Any]]) -> Iterator[Component]:
    for (section, area), group in groupby(rows, key=lambda row: (row["section"], row["area"])):
        listed = [_row(view, row) for row in group]
        count = plural("areas.count", len(listed), view.filters.language)
        place = view.text("areas.section", section=section)
        yield html.Section(
            [
                html.Header([html.H2(area or view.text("areas.unnamed"), lang="zh-CN"), html.P(f"{place} · {count}")]),
                figure_table(view, listed, caption=area, lang="zh-CN"),
            ],
            className="card-chart table-card",
        )


def _row(view: View, row: dict[str, Any]) -> Row:
    value, unit = written(row["value"], row["unit"], None, view.look)
    return Row(
        label=row["counts"],
        value=value,
        unit=unit,
        as_printed=row["as_printed"],
        locator=row["locator"],
        is_derived=False,
        is_marked=row["locator"] in view.failing,
    )
