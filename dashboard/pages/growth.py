"""Growth on the year before: stated rates, what they imply, and what two reports compute to."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.charts import draw
from dashboard.pages.titles import title
from dashboard.parts import View, card, figure_table, notice


def content(view: View) -> list[Component]:
    drawing = draw(view.snapshot, "growth", view.filters)
    if drawing.figure is None:
        return [title(view), notice(view.text("growth.none"))]
    table = html.Section(
        [
            html.Header(html.H2(view.text("card.table"))),
            figure_table(view, drawing.rows, caption=drawing.title),
        ],
        className="card-chart table-card",
    )
    return [title(view), html.Div([card(view, "growth", is_wide=True), table], className="grid four")]
