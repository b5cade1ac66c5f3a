"""The menu of a chart card: the chart as pictures and as data, from the API."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.charts import of_chart
from dashboard.parts.elements import aria
from dashboard.parts.view import View

# How the file ends -> the id of its name; pictures need a browser on the server.
PICTURES = {"png": "download.png", "svg": "download.svg"}
DATA = {
    "csv": "download.csv",
    "xlsx": "download.xlsx",
    "json": "download.json",
    "plotly.json": "download.plotly",
}


def menu(view: View, chart_id: str) -> Component:
    """A list that unfolds; our script lets one be open at a time."""
    formats = (PICTURES if view.draws else {}) | DATA
    address, query = f"/api/v1/charts/{chart_id}.", view.filters.query(more=of_chart(chart_id, view.filters).more)
    links = [
        html.Li(html.A(view.text(name), href=f"{address}{ending}{query}", download=""))
        for ending, name in formats.items()
    ]
    summary = html.Summary(view.text("card.download"), **aria(describedby=f"{chart_id}-headline"))
    return html.Details([summary, html.Ul(links)], className="menu")
