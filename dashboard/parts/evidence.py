"""The evidence of one figure: what it is, how and where it was printed, and the document at that place."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.charts.row import written
from dashboard.checks import telling
from dashboard.documents.document import Locator
from dashboard.figures.marks import CORRECTED, SIGN
from dashboard.measures import findings
from dashboard.parts.dialog import heading
from dashboard.parts.elements import link, spoken
from dashboard.parts.term import term
from dashboard.parts.view import View
from dashboard.tables.rows import records_of


def evidence(view: View, at: str, *, has_document: bool, within: str = "") -> list[Component]:
    """The panel for the figure at the locator `at` of the view's report; `within` stands before it in the page's links."""
    found = _find(view, at)
    if found is None:
        return [heading(view, view.text("evidence.title")), html.P(view.text("evidence.unknown"))]
    value, unit = written(found["value"], found["unit"], found.get("absence"), view.look)
    return [
        heading(view, found["title"]),
        html.P([html.B(value), " ", unit], className="figure"),
        *_correction(view, found),
        html.Dl([part for name, told in _facts(view, found) for part in (html.Dt(name), html.Dd(told))]),
        *_findings(view, at),
        *_others(view, found, within),
        html.P(_document(view, at, has_document), className="document"),
    ]


def _find(view: View, at: str) -> dict[str, Any] | None:
    """The fact at the place, else the mention; with its title in the reader's language."""
    facts = view.snapshot.engine.facts(view.filters.body, [view.filters.year])
    fact = facts[facts["locator"] == at]
    if len(fact):
        row = records_of(fact)[0]
        return row | {
            "title": definitions.indicators()[row["indicator"]].name(view.filters.language),
            "facts": facts,
        }
    mentions = view.snapshot.engine.mentions(view.filters.body, view.filters.year)
    mention = mentions[mentions["locator"] == at]
    if len(mention):
        row = records_of(mention)[0]
        return row | {"title": row["counts"], "segment": "", "absence": None, "indicator": "", "facts": facts}
    return None


def _facts(view: View, found: dict[str, Any]) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = [
        (
            view.text("evidence.as_printed"),
            html.Q(found["as_printed"], lang="zh-CN") if found["as_printed"] else "–",
        ),
        (view.text("evidence.place"), place(view, found["locator"], found["section"])),
    ]
    if found["indicator"]:
        clause = definitions.indicators()[found["indicator"]].clause
        told += [
            (view.text("evidence.scope"), view.text(f"segment.{found['segment']}")),
            (view.text("evidence.measure"), view.text(f"measure.{found['measure']}")),
            (view.text("evidence.clause"), html.Span(clause, lang="zh-CN")),
            (view.text("evidence.code"), term(view, found["indicator"], found["indicator"])),
        ]
    if found.get("bound"):
        told.append((view.text("evidence.bound"), html.Span(found["bound"], lang="zh-CN")))
    told.append((view.text("evidence.report"), html.Span(view.report["title"], lang="zh-CN")))
    if view.report["publisher"]:
        told.append((view.text("evidence.publisher"), html.Span(view.report["publisher"], lang="zh-CN")))
    return told


def place(view: View, at: str, section: str) -> str:
    """A locator in words: 统计表第 7 行第 3 列 · 第 217 行."""
    locator = Locator.parse(at)
    parts = []
    if section:
        parts.append(view.text("evidence.section", section=section))
    if locator.table is not None:
        parts.append(view.text("evidence.table_cell", row=locator.row, col=locator.col))
    if locator.page is not None:
        parts.append(view.text("evidence.page", page=locator.page))
    if locator.line is not None:
        parts.append(view.text("evidence.line", line=locator.line))
    if locator.para is not None:
        parts.append(view.text("evidence.para", para=locator.para))
    return " · ".join(parts)


def _correction(view: View, found: dict[str, Any]) -> list[Component]:
    """Where the figure is corrected: what the report has, why that is not right, what shows it, and since when."""
    if not found.get("correction"):
        return []
    corrected = view.snapshot.engine.corrected(view.filters.body, view.filters.year)
    row = next(
        each
        for each in records_of(corrected)
        if (each["locator"], each["indicator"]) == (found["locator"], found["indicator"])
    )
    printed, unit = written(row["printed_value"], row["unit"], row["printed_absence"], view.look)
    told = [
        (view.text("correction.printed"), [html.B(printed), " ", unit]),
        (view.text("correction.reason"), html.Span(row["reason"], lang=spoken(row["reason"]))),
        (view.text("correction.evidence"), _shown_by(view, row["evidence"])),
        (view.text("correction.given"), row["given"]),
    ]
    return [
        html.Section(
            [
                html.H3(f"{CORRECTED} {view.text('correction.title')}"),
                html.Dl([part for name, words in told for part in (html.Dt(name), html.Dd(words))]),
            ],
            className="correction",
        )
    ]


def _shown_by(view: View, evidence: str) -> Component:
    """An address as a link, a place in this report's document as one to it; all else as the words it is."""
    digest, _, place_ = evidence.removeprefix("sha256:").partition("#")
    if evidence.startswith("sha256:") and digest == view.report["sha256"] and place_:
        return html.A(evidence, href=f"/document{view.filters.query()}&at={quote(place_)}#here")
    if evidence.startswith(("https://", "http://")):
        return html.A(evidence, href=evidence, rel="noopener noreferrer")
    return html.Span(evidence, lang=spoken(evidence))


def _findings(view: View, at: str) -> list[Component]:
    """What does not add up with this figure; each leads to the whole of it."""
    found = [each.finding for each in findings.at(view.snapshot.engine, view.filters.body, view.filters.year, at)]
    if not found:
        return []
    items = [
        html.Li(
            [
                html.B(view.text(f"severity.{each.severity}"), className=f"severity {each.severity}"),
                " ",
                telling.say(each, view.filters.language),
                " ",
                link(view.text("evidence.finding"), view.href("/findings") + f"#finding-{each.id}"),
            ]
        )
        for each in found
    ]
    return [html.H3(f"{SIGN} {view.text('finding.mark')}"), html.Ul(items, className="found")]


def _others(view: View, found: dict[str, Any], within: str) -> list[Component]:
    """The same figure where the report states it again."""
    if not found["indicator"]:
        return []
    facts = found["facts"]
    same = facts[
        (facts["indicator"] == found["indicator"])
        & (facts["segment"] == found["segment"])
        & (facts["applicant"] == found["applicant"])
        & (facts["measure"] == found["measure"])
        & (facts["locator"] != found["locator"])
    ]
    if same.empty:
        return []
    items = [
        html.Li(
            html.A(
                f"{row['as_printed']} — {place(view, row['locator'], row['section'])}",
                href=f"#at={within}{row['locator']}",
            )
        )
        for row in records_of(same)
    ]
    return [html.H3(view.text("evidence.others")), html.Ul(items)]


def _document(view: View, at: str, has_document: bool) -> list[Component | str]:
    parts: list[Component | str] = []
    if has_document:
        query = view.filters.query() + f"&at={quote(at)}"
        parts.append(
            html.A(
                view.text("evidence.open"),
                href=f"/document{query}#here",
                target="_blank",
                rel="noopener",
                className="btn btn-primary btn-sm",
            )
        )
    else:
        parts.append(view.text("evidence.no_document", sha256=view.report["sha256"][:12]))
    if view.report["url"].startswith(("https://", "http://")):
        parts += [
            " ",
            html.A(view.text("evidence.published"), href=view.report["url"], rel="noopener noreferrer"),
        ]
    return parts
