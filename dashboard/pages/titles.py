"""The title block of a page: whose report of which year, and what it covers."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.parts import PAGES, View
from dashboard.parts.report_link import report_address

_SEPARATOR = " · "


def title(view: View) -> Component:
    """The report's name (on all but the overview: the page's) as the first heading, what it compiles below it."""
    page = PAGES[view.path]
    heading = view.text("title.report", name=view.name, year=view.filters.year)
    above = [] if page == "overview" else [html.Span(heading, className="over")]
    lead = _SEPARATOR.join(_scope(view))
    paper = html.A(view.text("paper.open"), href=report_address(view.filters))
    return html.Div(
        [
            html.H1([*above, html.Span(heading if page == "overview" else view.text(f"nav.{page}"))]),
            html.P([lead, _ways(lead, paper, _cite(view))]),
        ],
        className="title",
    )


def plain_title(view: View, lead: str) -> Component:
    """The title of a page that is not of one report."""
    return html.Div(
        [
            html.H1(html.Span(view.text(f"nav.{PAGES[view.path]}"))),
            html.P([lead, _ways(lead, _cite(view))]),
        ],
        className="title",
    )


def _ways(lead: str, *links: Component) -> Component:
    """What leads on from a title, after its `lead`; a sheet of paper does without."""
    parts: list[Component | str] = []
    for link in links:
        parts += [_SEPARATOR, link] if lead or parts else [link]
    return html.Span(parts, className="ways")


def _cite(view: View) -> Component:
    return html.A(view.text("cite.page"), href="#cite=page")


def _scope(view: View) -> list[str]:
    report = view.report
    told = []
    if report["localities"] is not None and report["departments"] is not None:
        told.append(view.text("title.compiled", localities=report["localities"], departments=report["departments"]))
    form = definitions.forms().get(report["edition"])
    if form:
        told.append(_filled(view, form))
    if report["period_start"]:
        told.append(view.text("title.period", start=report["period_start"], end=report["period_end"]))
    return told


def _filled(view: View, form: definitions.Form) -> str:
    facts = view.snapshot.engine.reported(view.filters.body, view.filters.year)
    in_table = facts[["table:" in locator for locator in facts["locator"]]]
    filled = int(in_table["value"].notna().sum())
    required = len(in_table)
    if filled == required:
        return view.text("title.form_full", edition=form.edition, required=required)
    return view.text("title.form", edition=form.edition, filled=filled, required=required)
