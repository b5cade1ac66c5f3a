"""What does not add up: problems first, each with the figures on both sides; what holds and what could not be tried below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.checks import Interval, Side, Verdict, basis, telling
from dashboard.checks.finding import Cell, Finding, Severity
from dashboard.checks.identities import Relation
from dashboard.measures import findings as measure
from dashboard.measures.findings import Audited, Officer
from dashboard.messages import plural
from dashboard.pages.titles import title
from dashboard.parts import View, choices, corrections, notice
from dashboard.parts.elements import aria, data, link
from dashboard.parts.term import term

_MOST = 200
_ALL_REPORTS = "all"
_TEXT = "text"
_SHAPES = {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "i"}
_QUIET = (Verdict.HOLDS_WITHIN_ROUNDING, Verdict.HOLDS, Verdict.NOT_ASSESSABLE)


def content(view: View) -> list[Component]:
    if view.filters.get("scope") == _ALL_REPORTS:
        return [title(view), *_everywhere(view)]
    audited = measure.of_report(view.snapshot.engine, view.filters.body, view.filters.year)
    if not audited:
        return [title(view), notice(view.text("findings.none_tried"))]
    failing = [each for each in audited if each.finding.verdict is Verdict.FAILS]
    shown = _chosen(view, failing)
    return [
        title(view),
        _summary(view, audited),
        _form(view, failing),
        *_problems(view, shown, len(failing)),
        *corrections.section(view, [each.finding for each in audited], [each.finding for each in shown]),
        *[_quiet(view, audited, verdict) for verdict in _QUIET],
        html.P(
            html.A(
                view.text("findings.download"),
                href="/api/v1/findings.csv" + view.filters.query(),
                download="",
            )
        ),
    ]


def _everywhere(view: View) -> list[Component]:
    failing = measure.problems(view.snapshot.engine, _MOST)
    shown = _chosen(view, failing)
    lead = html.P(plural("findings.everywhere", len(failing), view.filters.language, most=_MOST), className="lead-in")
    return [lead, _form(view, failing), *_problems(view, shown, len(failing))]


def _summary(view: View, audited: Sequence[Audited]) -> Component:
    """How many rules were tried, and what came of them."""
    counts = {verdict: sum(each.finding.verdict is verdict for each in audited) for verdict in Verdict}
    failing = [each.finding.severity for each in audited if each.finding.verdict is Verdict.FAILS]
    told = [(view.text("findings.tried"), len(audited), "")]
    told += [(view.text(f"severity.{each}.many"), failing.count(each), str(each)) for each in Severity]
    told += [(view.text(f"verdict.{each}"), counts[each], "") for each in _QUIET]
    return html.Dl(
        [
            html.Div(
                [html.Dt(name), html.Dd(html.B(str(count), className=f"tally {kind}" if count else "tally"))],
                className="kpi",
            )
            for name, count, kind in told
        ],
        className="kpis seven tallies",
    )


def _form(view: View, failing: Sequence[Audited]) -> Component:
    """The filters; each offers only what is there."""
    severities = [
        (str(each), view.text(f"severity.{each}"))
        for each in Severity
        if any(f.finding.severity is each for f in failing)
    ]
    rules = [(rule, view.text(f"rule.{rule}")) for rule in dict.fromkeys(f.finding.rule for f in failing)]
    tables = [(each, _table_name(view, each)) for each in sorted({_table(f.finding) for f in failing})]
    scopes = [(_ALL_REPORTS, view.text("findings.scope_all"))]
    return html.Form(
        [
            choices(view, "scope", view.text("findings.scope_one"), scopes),
            choices(view, "severity", view.text("findings.any"), severities),
            choices(view, "rule", view.text("findings.any"), rules),
            choices(view, "table", view.text("findings.any"), tables),
            html.Button(view.text("data.apply"), type="submit", className="btn btn-primary btn-sm"),
            *([link(view.text("data.reset"), view.href())] if view.filters.more else []),
        ],
        className="filter",
        role="search",
        action=view.href(),
        **data(go="1"),
    )


def _chosen(view: View, failing: Iterable[Audited]) -> list[Audited]:
    tests: dict[str, Callable[[Finding], str]] = {
        "severity": lambda finding: finding.severity,
        "rule": lambda finding: finding.rule,
        "table": _table,
    }
    wanted = {name: view.filters.get(name) for name in tests if view.filters.get(name)}
    return [each for each in failing if all(tests[name](each.finding) == value for name, value in wanted.items())]


def _table(finding: Finding) -> str:
    """The part of the form that the finding's first indicator stands in."""
    clauses = [definitions.indicators()[cell.indicator].clause for cell in finding.cells if cell.indicator]
    return clauses[0].split("（")[0] if clauses else _TEXT


def _table_name(view: View, table: str) -> str:
    return view.text("findings.text_alone") if table == _TEXT else table


def _problems(view: View, shown: Sequence[Audited], count: int) -> list[Component]:
    if not count:
        return [notice(view.text("findings.none"))]
    told = plural("findings.shown", count, view.filters.language, shown=len(shown))
    order = list(Severity)
    ranked = sorted(shown, key=lambda each: order.index(each.finding.severity))
    return [
        html.P(told, className="count", role="status"),
        *[_problem(view, each) for each in ranked],
    ]


def _problem(view: View, audited: Audited) -> Component:
    finding = audited.finding
    return html.Article(
        [
            html.Header(
                [
                    html.Span([html.B(_SHAPES[finding.severity], **aria(hidden="true")), view.text(f"severity.{finding.severity}")],
                              className=f"severity {finding.severity}"),
                    html.H2(view.text(f"rule.{finding.rule}")),
                    *_report(view, finding),
                ]
            ),
            html.P(telling.say(finding, view.filters.language), className="told"),
            *_sides(view, finding),
            *_officer(view, audited.officer),
            html.Footer(
                [
                    html.Span(view.text(basis(finding.rule, view.report["edition"])), className="source"),
                    html.Code(finding.rule),
                    html.A(view.text("findings.link"), href=f"#finding-{finding.id}"),
                ]
            ),
        ],
        id=f"finding-{finding.id}",
        className="card-chart finding",
    )  # fmt: skip


def _report(view: View, finding: Finding) -> list[Component]:
    if (finding.body, finding.year) == (view.filters.body, view.filters.year):
        return []
    href = view.href(body=finding.body, year=finding.year) + f"#finding-{finding.id}"
    return [link(f"{view.name_of(finding.body)} {finding.year}", href)]


def _sides(view: View, finding: Finding) -> list[Component]:
    """Both sides with their figures, each opening the place where it is printed."""
    left = [cell for cell in finding.cells if cell.side is Side.LEFT]
    right = [cell for cell in finding.cells if cell.side is Side.RIGHT]
    if not finding.cells:
        return []
    sign = "≤" if finding.relation is Relation.AT_MOST else "="
    broken = "＞" if finding.relation is Relation.AT_MOST else "≠"
    is_failing = finding.verdict is Verdict.FAILS
    between = html.Span(
        broken if is_failing else sign, className="relation", title=view.text(f"relation.{finding.relation}")
    )
    return [
        html.Div(
            [_side(view, finding, left, finding.left), between, _side(view, finding, right, finding.right)],
            className="sides",
        )
    ]


def _side(view: View, finding: Finding, cells: Sequence[Cell], value: Interval | None) -> Component:
    total = [html.P(telling.amount(value, finding.unit, view.filters.language), className="total")] if value else []
    return html.Div(
        [*total, html.Ul([_cell(view, finding, cell, is_first=not index) for index, cell in enumerate(cells)])]
    )


def _cell(view: View, finding: Finding, cell: Cell, *, is_first: bool) -> Component:
    operator = "" if is_first and cell.operator == "+" else f"{cell.operator} "
    printed = cell.as_printed or view.text("absence.blank")
    named = telling.name(cell, view.filters.language)
    body, year = cell.body or finding.body, cell.year or finding.year
    shown: Component = html.Span(printed)
    if cell.locator and (body, year) == (view.filters.body, view.filters.year):
        shown = html.A(
            printed,
            href=f"#at={cell.locator}",
            className="printed",
            **aria(label=view.text("table.open", label=named, value=printed)),
        )
    elif cell.locator:
        shown = link(
            f"{printed}（{view.name_of(body)} {year}）", view.href(body=body, year=year) + f"#at={cell.locator}"
        )
    return html.Li([operator, term(view, cell.indicator, named), " ", shown])


def _officer(view: View, officer: Officer | None) -> list[Component]:
    if officer is None:
        return []
    state = "lapsed" if officer.has_lapsed else officer.ruling
    told = view.text(f"officer.{state}", name=officer.name, given=officer.given)
    return [
        html.Div([html.P(told), *([html.Q(officer.reason)] if officer.reason else [])], className=f"officer {state}")
    ]


def _quiet(view: View, audited: Sequence[Audited], verdict: Verdict) -> Component:
    """Rules that hold or could not be tried: there for who asks."""
    found = [each.finding for each in audited if each.finding.verdict is verdict]
    items = [
        html.Li([html.B(view.text(f"rule.{each.rule}")), " ", telling.say(each, view.filters.language)])
        for each in found
    ]
    return html.Details(
        [html.Summary(f"{view.text(f'verdict.{verdict}')} ({len(found)})"), html.Ul(items)],
        className="card-chart quiet",
    )
