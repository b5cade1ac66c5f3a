"""What does not add up, the gravest first, each with the figures on both sides; and what has been corrected."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from dashboard.charts.drawing import correction_note
from dashboard.charts.row import written
from dashboard.checks import Interval, Side, Verdict, basis, telling
from dashboard.checks.finding import Cell, Finding, Severity
from dashboard.checks.identities import Relation
from dashboard.figures.marks import CORRECTED
from dashboard.measures import findings as measure
from dashboard.measures.findings import Audited, Officer
from dashboard.parts.evidence import place
from dashboard.report.paper import Paper, facts
from dashboard.tables.rows import records_of

_ORDER = list(Severity)
_OTHERS = (Verdict.HOLDS_WITHIN_ROUNDING, Verdict.HOLDS, Verdict.NOT_ASSESSABLE)


def findings(paper: Paper) -> str:
    view = paper.view
    audited = measure.of_report(view.snapshot.engine, view.filters.body, view.filters.year)
    if not audited:
        return f"<p>{paper.say('findings.none_tried')}</p>{_corrections(paper)}"
    failing = [each for each in audited if each.finding.verdict is Verdict.FAILS]
    failing.sort(key=lambda each: _ORDER.index(each.finding.severity))
    problems = "".join(_problem(paper, each) for each in failing) or f"<p>{paper.say('findings.none')}</p>"
    return _tally(paper, audited, failing) + problems + _corrections(paper)


def _tally(paper: Paper, audited: Sequence[Audited], failing: Sequence[Audited]) -> str:
    told = [(paper.say("findings.tried"), str(len(audited)))]
    for severity in Severity:
        count = sum(each.finding.severity is severity for each in failing)
        told.append((paper.say(f"severity.{severity}.many"), str(count)))
    for verdict in _OTHERS:
        told.append((paper.say(f"verdict.{verdict}"), str(sum(each.finding.verdict is verdict for each in audited))))
    cells = "".join(f"<div><dt>{name}</dt><dd>{count}</dd></div>" for name, count in told)
    return f'<dl class="tally">{cells}</dl>'


def _problem(paper: Paper, audited: Audited) -> str:
    finding, view = audited.finding, paper.view
    heading = f"{paper.say(f'severity.{finding.severity}')} · {paper.say(f'rule.{finding.rule}')}"
    rests = paper.say(basis(finding.rule, view.report["edition"]))
    return (
        f'<article class="problem {escape(finding.severity)}"><h3>{heading}</h3>'
        f"<p>{escape(telling.say(finding, paper.language))}</p>{_sides(paper, finding)}"
        f'{_officer(paper, audited.officer)}<p class="source">{rests} · <code>{escape(finding.rule)}</code></p></article>'
    )


def _sides(paper: Paper, finding: Finding) -> str:
    if not finding.cells:
        return ""
    is_at_most = finding.relation is Relation.AT_MOST
    between = "＞" if is_at_most else "≠"
    left = _side(paper, finding, Side.LEFT, finding.left)
    right = _side(paper, finding, Side.RIGHT, finding.right)
    return f'<div class="sides">{left}<b class="relation">{between}</b>{right}</div>'


def _side(paper: Paper, finding: Finding, side: Side, value: Interval | None) -> str:
    cells = [cell for cell in finding.cells if cell.side is side]
    total = telling.amount(value, finding.unit, paper.language)
    shown = f'<p class="total">{escape(total)}</p>' if total else ""
    items = "".join(_cell(paper, finding, cell, is_first=not index) for index, cell in enumerate(cells))
    return f"<div>{shown}<ul>{items}</ul></div>"


def _cell(paper: Paper, finding: Finding, cell: Cell, *, is_first: bool) -> str:
    operator = "" if is_first and cell.operator == "+" else f"{escape(cell.operator)} "
    printed = escape(cell.as_printed) or paper.say("absence.blank")
    return (
        f"<li>{operator}{escape(telling.name(cell, paper.language))} <b>{printed}</b>"
        f"{_where(paper, finding, cell)}</li>"
    )


def _where(paper: Paper, finding: Finding, cell: Cell) -> str:
    """The place of a figure, in words; of another report's its body and year."""
    view = paper.view
    body, year = cell.body or finding.body, cell.year or finding.year
    told = place(view, cell.locator, "") if cell.locator else ""
    if (body, year) != (view.filters.body, view.filters.year):
        told = " · ".join(
            each for each in (view.text("title.report", name=view.name_of(body), year=year), told) if each
        )
    return f" <small>{escape(told)}</small>" if told else ""


def _officer(paper: Paper, officer: Officer | None) -> str:
    if officer is None:
        return ""
    state = "lapsed" if officer.has_lapsed else officer.ruling
    reason = f"<q>{escape(officer.reason)}</q>" if officer.reason else ""
    return f'<p class="officer">{paper.say(f"officer.{state}", name=officer.name, given=officer.given)} {reason}</p>'


def _corrections(paper: Paper) -> str:
    """Each figure that is shown otherwise than the report has it: what is printed, why that is not right, what shows it."""
    view = paper.view
    rows = records_of(view.snapshot.engine.corrected(view.filters.body, view.filters.year))
    if not rows:
        return ""
    told = facts((f"{CORRECTED} {escape(place(view, row['locator'], ''))}", _corrected(paper, row)) for row in rows)
    return f"<h3>{paper.say('correction.title')}</h3>{told}"


def _corrected(paper: Paper, row: dict[str, Any]) -> str:
    view = paper.view
    value, unit = written(row["value"], row["unit"], row["absence"], view.look)
    now = view.text("correction.now", value=f"{value} {unit}".strip(), evidence=row["evidence"])
    return escape(f"{correction_note(row, view.look)} {now}")
