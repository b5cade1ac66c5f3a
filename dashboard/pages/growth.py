"""Growth: stated rates and what they imply, series over the years with their breaks, and what is carried over."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.charts import draw
from dashboard.measures.series import DEFAULT
from dashboard.pages.titles import title
from dashboard.parts import View, card, choices, figure_table, notice
from dashboard.parts.elements import data, link


def content(view: View) -> list[Component]:
    return [title(view), *_stated(view), *_over_years(view)]


def _stated(view: View) -> list[Component]:
    """What the report of the year says itself."""
    drawing = draw(view.snapshot, "growth", view.filters)
    if drawing.figure is None:
        return [notice(view.text("growth.none"))]
    table = html.Section(
        [
            html.Header(html.H2(view.text("card.table"))),
            figure_table(view, drawing.rows, caption=drawing.title),
        ],
        className="card-chart table-card",
    )
    return [html.Div([card(view, "growth", is_wide=True), table], className="grid four")]


def _over_years(view: View) -> list[Component]:
    heading = html.H2(view.text("series.title"), className="part")
    if len(view.years) < 2:
        return [heading, notice(view.text("series.one_year", year=view.years[0], next=view.years[0] + 1))]
    carried = draw(view.snapshot, "carried", view.filters)
    cards = [card(view, "series", is_wide=True), card(view, "rates")]
    cards += [card(view, "carried")] if carried.figure else []
    cards += [card(view, "many", is_wide=True)]
    lead = html.P(view.text("series.lead", count=len(view.years), missing=_missing(view)), className="lead-in")
    return [heading, lead, _form(view), html.Div(cards, className="grid")]


def _missing(view: View) -> str:
    absent = [str(year) for year in range(view.years[0], view.years[-1] + 1) if year not in view.years]
    return view.text("word.comma").join(absent) or view.text("series.no_gap")


def _form(view: View) -> Component:
    """What is counted, and on which scale; both stand in the address."""
    language = view.filters.language
    indicators = [(each.code, each.name(language)) for each in definitions.indicators().values()]
    return html.Form(
        [
            choices(view, "indicator", dict(indicators)[DEFAULT], indicators),
            choices(view, "scale", view.text("series.absolute"), [("indexed", view.text("series.indexed"))]),
            html.Button(view.text("data.apply"), type="submit", className="btn btn-primary btn-sm"),
            *([link(view.text("data.reset"), view.href())] if view.filters.more else []),
        ],
        className="filter loose",
        role="search",
        action=view.href(),
        **data(go="1"),
    )
