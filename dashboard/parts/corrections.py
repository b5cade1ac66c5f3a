"""The smallest correction of a report's table: a suggestion beside the findings it would settle, never applied."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.checks.finding import Finding
from dashboard.checks.repair.proposals import Proposal, Way, proposals
from dashboard.measures import findings as measure
from dashboard.parts.elements import aria, spoken
from dashboard.parts.view import View

_TABLE_RULES = "arithmetic."


def section(view: View, findings: Sequence[Finding], shown: Sequence[Finding]) -> list[Component]:
    """Nothing where the findings that the page shows are not about sums of the table. `findings` are all of the report."""
    if not any(each.rule.startswith(_TABLE_RULES) for each in shown):
        return []
    filters = view.filters
    repair = measure.repair(view.snapshot.engine, filters.body, filters.year, view.report["edition"])
    proposed = proposals(findings, repair, filters.language)
    ids = {each.id for each in shown}
    if not proposed:
        return []
    lead = html.P(view.text("repair.note"), className="told")
    return [
        html.Section(
            [html.H2(view.text("repair.title")), lead, *[_proposal(view, each, ids) for each in proposed]],
            id="corrections",
            className="card-chart corrections",
        )
    ]


def _proposal(view: View, proposal: Proposal, shown: Collection[str]) -> Component:
    choice = [html.P(proposal.choice)] if proposal.choice else []
    ways = html.Ol([_way(view, each) for each in proposal.ways])
    return html.Div([html.P(html.B(proposal.size)), *choice, ways, *_settled(view, proposal.settles, shown)])


def _settled(view: View, settles: Sequence[Finding], shown: Collection[str]) -> list[Component]:
    """Their rules; each leads to its finding where the page shows it."""
    if not settles:
        return []
    told = view.text("repair.settles_these")
    items = []
    for each in settles:
        rule = view.text(f"rule.{each.rule}")
        items.append(html.Li(html.A(rule, href=f"#finding-{each.id}") if each.id in shown else rule))
    return [html.P(told), html.Ul(items, **aria(label=told))]


def _way(view: View, way: Way) -> Component:
    return html.Li([_edit(view, sentence, locator) for sentence, locator in way.edits])


def _edit(view: View, sentence: str, locator: str) -> Component:
    said = html.Span(sentence, lang=spoken(sentence))
    if not locator:
        return html.Div(said)
    return html.Div([said, " ", html.A(view.text("repair.open"), href=f"#at={locator}", className="printed")])
