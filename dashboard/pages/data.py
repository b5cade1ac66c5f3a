"""Data and method: every figure of the report, filterable; the indicator dictionary; how the figures are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.charts.row import written
from dashboard.messages import plural
from dashboard.pages.titles import title
from dashboard.parts import View, corrected_mark, mark, notice
from dashboard.parts.elements import aria, data, link, spoken
from dashboard.tables.rows import records_of

_SHOWN = 400
_KINDS = ("all", "table", "text", "mention")
_TABLES = ("facts", "mentions", "findings")
_METHOD = ("source", "choice", "missing", "derived", "rounding", "corrected")


def content(view: View) -> list[Component]:
    return [title(view), _figures(view), _downloads(view), _dictionary(view), _method(view)]


def _figures(view: View) -> Component:
    rows = [row for row in _all_rows(view) if _matches(row, view)]
    count = plural("data.count", len(rows), view.filters.language)
    if len(rows) > _SHOWN:
        count = view.text("data.shown", shown=_SHOWN, count=len(rows))
    return html.Section(
        [
            html.Header([html.H2(view.text("data.figures")), html.P(view.text("data.lead"))]),
            _form(view),
            html.P(count, className="count", role="status"),
            _table(view, rows[:_SHOWN]) if rows else notice(view.text("data.none")),
        ],
        className="card-chart table-card",
    )


def _all_rows(view: View) -> Iterator[dict[str, Any]]:
    """Facts in the order of the document, then the quantities of the text that are no facts."""
    filters, engine = view.filters, view.snapshot.engine
    facts = records_of(engine.facts(filters.body, [filters.year]))
    for fact in facts:
        indicator = definitions.indicators()[fact["indicator"]]
        kind = "table" if "table:" in fact["locator"] else "text"
        section = (
            _clause(indicator, view) if kind == "table" else view.text("evidence.section", section=fact["section"])
        )
        segment = "" if fact["segment"] == "all" else view.text(f"segment.{fact['segment']}")
        yield fact | {
            "kind": kind,
            "name": indicator.name(filters.language),
            "scope": segment,
            "place": section,
        }
    told = {fact["locator"] for fact in facts}
    for mention in records_of(engine.mentions(filters.body, filters.year)):
        if mention["locator"] not in told:
            place = view.text("evidence.section", section=mention["section"])
            yield mention | {
                "kind": "mention",
                "name": mention["counts"],
                "scope": "",
                "place": place,
                "absence": None,
            }


def _clause(indicator: definitions.Indicator, view: View) -> str:
    return view.text("source.table", places=indicator.clause.removeprefix("统计表"))


def _matches(row: dict[str, Any], view: View) -> bool:
    kind, word = view.filters.get("kind"), view.filters.get("q").strip().lower()
    if kind in _KINDS and kind not in ("all", row["kind"]):
        return False
    told = (row["name"], row["indicator"], row["as_printed"], row["scope"], row["place"], row["unit"])
    return not word or any(word in str(part).lower() for part in told)


def _form(view: View) -> Component:
    chosen = view.filters.get("kind")
    kinds = [
        html.Option(
            view.text(f"data.kind_{kind}"),
            value="" if kind == "all" else kind,
            selected=True if kind == chosen else None,
        )
        for kind in _KINDS
    ]
    reset = [link(view.text("data.reset"), view.href())] if view.filters.more else []
    return html.Form(
        [
            html.Label(
                [
                    html.Span(view.text("data.search")),
                    dcc.Input(
                        id="search",
                        name="q",
                        type="search",
                        value=view.filters.get("q"),
                        autoComplete="off",
                        placeholder=view.text("data.search_hint"),
                        className="form-control form-control-sm",
                    ),
                ]
            ),
            html.Label(
                [
                    html.Span(view.text("data.kind")),
                    html.Select(kinds, name="kind", className="form-select form-select-sm"),
                ]
            ),
            html.Button(view.text("data.apply"), type="submit", className="btn btn-primary btn-sm"),
            *reset,
        ],
        className="filter",
        role="search",
        action=view.href(),
        **data(go="1"),
    )


def _table(view: View, rows: list[dict[str, Any]]) -> Component:
    names = ("indicator", "segment", "value", "unit", "as_printed", "section")
    head = [
        html.Th(
            view.text(f"table.{name}"),
            scope="col",
            className="number" if name in ("value", "as_printed") else None,
        )
        for name in names
    ]
    body = [_line(view, row) for row in rows]
    return _scrolled(head, body, view.text("data.figures"))


def _scrolled(head: Sequence[Component], body: Sequence[Component], label: str) -> Component:
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)])
    return html.Div(table, className="scroll tall", tabIndex=0, role="group", **aria(label=label))


def _line(view: View, row: dict[str, Any]) -> Component:
    value, unit = written(row["value"], row["unit"], row["absence"], view.look)
    suffix = "" if row["measure"] == "value" else f" · {view.text('measure.' + row['measure'])}"
    opened = view.text("table.open", label=row["name"], value=value)
    name = html.Span(row["name"], lang=spoken(row["name"]))
    signs = [corrected_mark(view, row["locator"])] if row.get("correction") else []
    signs += [mark(view, row["locator"])] if row["locator"] in view.failing else []
    return html.Tr(
        [
            html.Th([name, suffix, *signs], scope="row"),
            html.Td(row["scope"]),
            html.Td(
                html.A(value, href=f"#at={row['locator']}", className="open", **aria(label=opened)),
                className="number",
            ),
            html.Td(unit, lang=spoken(unit)),
            html.Td(row["as_printed"], className="number printed", lang="zh-CN"),
            html.Td(row["place"]),
        ]
    )


def _downloads(view: View) -> Component:
    """The report's tables as files, all data as one, and how programs ask for them."""
    query = view.filters.query()
    tables = [
        html.Li(
            [
                html.Span(view.text(f"data.{table}"), id=f"take-{table}"),
                *(
                    html.A(
                        ending.upper(),
                        href=f"/api/v1/{table}.{ending}{query}",
                        download="",
                        **aria(describedby=f"take-{table}"),
                    )
                    for ending in ("csv", "xlsx")
                ),
            ]
        )
        for table in _TABLES
    ]
    frozen = view.filters.snapshot
    package = "/api/v1/data.zip" + (f"?{urlencode({'snapshot': frozen})}" if frozen else "")
    return html.Section(
        [
            html.Header([html.H2(view.text("data.take")), html.P(view.text("data.take_lead"))]),
            html.Ul(
                [
                    *tables,
                    html.Li(
                        [
                            html.Span(view.text("data.package"), id="take-package"),
                            html.A("ZIP", href=package, download="", **aria(describedby="take-package")),
                        ]
                    ),
                    html.Li(
                        [html.Span(view.text("data.api")), html.A(view.text("data.api_open"), href="/api/v1/docs")]
                    ),
                ],
                className="downloads",
            ),
        ],
        className="card-chart table-card",
    )


def _dictionary(view: View) -> Component:
    editions = list(definitions.forms())
    head = [html.Th(view.text(f"table.{name}"), scope="col") for name in ("indicator", "code", "unit")]
    head += [html.Th(f"{view.text('table.clause')} {edition}", scope="col") for edition in editions]
    body = [
        html.Tr(
            [
                html.Th(indicator.name(view.filters.language), scope="row", title=indicator.name_zh),
                html.Td(html.Code(indicator.code)),
                html.Td(view.text(f"unit.{indicator.unit}")),
                *(html.Td(indicator.places.get(edition, "–"), lang="zh-CN") for edition in editions),
            ]
        )
        for indicator in definitions.indicators().values()
    ]
    return html.Section(
        [
            html.Header([html.H2(view.text("data.dictionary")), html.P(view.text("data.dictionary_lead"))]),
            _scrolled(head, body, view.text("data.dictionary")),
        ],
        className="card-chart table-card",
    )


def _method(view: View) -> Component:
    return html.Section(
        [
            html.Header(html.H2(view.text("data.method"))),
            html.Ul([html.Li(view.text(f"data.method_{part}")) for part in _METHOD], className="method"),
        ],
        className="card-chart table-card",
    )
