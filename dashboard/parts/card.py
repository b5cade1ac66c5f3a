"""The chart card, the same everywhere: finding, unit and scope, chart, source, data table, and ways to take it away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts import Drawing, draw
from dashboard.charts.row import Row
from dashboard.figures.marks import CORRECTED, SIGN
from dashboard.parts import downloads
from dashboard.parts.elements import aria, data, spoken
from dashboard.parts.term import term, terms
from dashboard.parts.view import View

_CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def card(view: View, chart_id: str, *, is_wide: bool = False) -> Component:
    """The card of one chart for this view."""
    drawing = draw(view.snapshot, chart_id, view.filters)
    label = f"{chart_id}-headline"
    return html.Section(
        [
            html.Header(
                [
                    html.H2(drawing.headline, id=label),
                    html.P([drawing.note, *terms(view, _counted(drawing))], id=f"{chart_id}-note"),
                ]
            ),
            html.Figure(
                dcc.Graph(
                    id=f"chart-{chart_id}",
                    figure=drawing.figure,
                    config=_CONFIG,
                    responsive=True,
                    style={"height": drawing.figure["layout"]["height"]},
                )
                if drawing.figure
                else html.P(view.text("card.empty"), className="none"),
                # Of a drawing one hears scattered labels; its table says all of it, in order.
                **(aria(hidden="true") if drawing.figure else {}),
            ),
            *([html.Div(className="marks", **data(hint=view.text("card.marks_hint")))] if drawing.figure else []),
            html.Footer(
                [
                    html.Span(drawing.source, className="source"),
                    *([_marks_button(view, chart_id, label)] if drawing.figure else []),
                    html.Details(
                        [
                            html.Summary(view.text("card.table"), **aria(describedby=label)),
                            figure_table(view, drawing.rows, caption=drawing.title),
                        ],
                        className="figures",
                    ),
                    downloads.menu(view, chart_id),
                    *[
                        html.A(view.text(f"card.{tool}"), href=f"#{tool}={chart_id}", **aria(describedby=label))
                        for tool in ("embed", "cite")
                    ],
                ]
            ),
        ],
        className="card-chart wide" if is_wide else "card-chart",
        **aria(labelledby=label, describedby=f"{chart_id}-note"),
    )


def _marks_button(view: View, chart_id: str, label: str) -> Component:
    """Opens the list by which arrow keys go from mark to mark, see `assets/marks.js`."""
    return html.Button(
        view.text("card.marks"),
        id=f"{chart_id}-marks",
        type="button",
        **aria(describedby=label, expanded="false"),
        **data(marks=chart_id),
    )


def _counted(drawing: Drawing) -> list[str]:
    """The codes of what a chart counts, in its order."""
    return [str(each) for each in drawing.data["indicator"]] if "indicator" in drawing.data else []


def figure_table(view: View, rows: Iterable[Row], *, caption: str, lang: str = "") -> Component:
    """Figures as a table; a row opens the place where its figure is printed."""
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden", lang=lang or None),
                html.Thead(
                    html.Tr(
                        [
                            html.Th(view.text("table.label"), scope="col"),
                            html.Th(view.text("table.value"), scope="col", className="number"),
                            html.Th(view.text("table.unit"), scope="col"),
                            html.Th(view.text("table.as_printed"), scope="col", className="number"),
                        ]
                    )
                ),
                html.Tbody([_line(view, row) for row in rows]),
            ]
        ),
        className="scroll",
        tabIndex=0,
        role="group",
        **aria(label=caption),
    )


def mark(view: View, locator: str) -> Component:
    """The sign of a figure that does not add up; it opens the figure's evidence, which tells why."""
    told = view.text("finding.mark")
    return html.A(SIGN, href=f"#at={locator}", className="sign", title=told, **aria(label=told))


def corrected_mark(view: View, locator: str) -> Component:
    """The sign of a figure that is corrected; it opens the figure's evidence, which tells what is printed, and why."""
    told = view.text("correction.mark")
    return html.A(CORRECTED, href=f"#at={locator}", className="sign corrected", title=told, **aria(label=told))


def _line(view: View, row: Row) -> Component:
    named: list[Component | str] = [term(view, row.indicator, row.label)]
    if row.is_corrected:
        named.append(corrected_mark(view, row.locator))
    if row.note and not row.is_corrected:
        named.append(html.Span(row.note, className="derived"))
    if row.is_marked:
        named.append(mark(view, row.locator))
    if row.is_corrected:
        named.append(html.Span(row.note, className="correction"))
    value: Component | str = row.value
    if row.locator:
        opened = view.text("table.open", label=row.label, value=row.value)
        value = html.A(row.value, href=f"#at={row.locator}", className="open", **aria(label=opened))
    return html.Tr(
        [
            html.Th(named, scope="row"),
            html.Td(value, className="number"),
            html.Td(row.unit, lang=spoken(row.unit)),
            html.Td(row.as_printed, className="number printed", lang="zh-CN"),
        ],
        className="hollow" if row.is_derived else None,
    )
