"""The figures that a reader looks for first, each with the year before and the change that the report itself states."""

from __future__ import annotations

from html import escape
from typing import Any

from dashboard.measures import overview
from dashboard.messages import number, percent_as_stated, plural, shown_large
from dashboard.report.paper import Paper
from dashboard.tables.rows import records_of

_Rows = dict[str, dict[str, Any]]


def key_figures(paper: Paper) -> str:
    view = paper.view
    figures = overview.key_figures(view.snapshot.engine, view.filters.body, view.filters.year)
    rows = records_of(figures.values)
    now: _Rows = {row["indicator"]: row for row in rows if row["year"] == view.filters.year}
    before: _Rows = {row["indicator"]: row for row in rows if row["year"] == view.filters.year - 1}
    rates: _Rows = {row["indicator"]: row for row in records_of(figures.rates)}
    tiles = [
        _tile(paper, now[code], before.get(code), rates.get(code)) for code in overview.KEY_INDICATORS if code in now
    ]
    told = f'<dl class="tiles">{"".join(tiles)}</dl>' if tiles else f"<p>{paper.say('paper.no_key_figures')}</p>"
    return told + _checked(paper)


def _tile(paper: Paper, row: dict[str, Any], before: dict[str, Any] | None, rate: dict[str, Any] | None) -> str:
    notes = [*_before(paper, before), *_stated(paper, rate)]
    lines = "".join(f"<p>{each}</p>" for each in notes)
    return f"<div><dt>{paper.indicator(row['indicator'])}</dt><dd>{_figure(paper, row)}{paper.signs(row['locator'])}{lines}</dd></div>"


def _figure(paper: Paper, row: dict[str, Any]) -> str:
    """70.67 万条: the number large, its size and unit small."""
    if row["value"] is None:
        return f'<b class="absent">{paper.say("absence." + (row["absence"] or "blank"))}</b>'
    digits, unit = shown_large(row["value"], row["unit"], paper.language)
    return f"<b>{escape(digits)}</b> <i>{escape(unit)}</i>"


def _before(paper: Paper, before: dict[str, Any] | None) -> list[str]:
    if before is None or before["value"] is None:
        return []
    amount = " ".join(shown_large(before["value"], before["unit"], paper.language))
    return [paper.say("paper.year_before", amount=amount.strip())]


def _stated(paper: Paper, rate: dict[str, Any] | None) -> list[str]:
    if rate is None or rate["value"] is None:
        return []
    message = "kpi.up" if rate["value"] >= 0 else "kpi.down"
    return [paper.say(message, rate=percent_as_stated(abs(rate["value"])))]


def _checked(paper: Paper) -> str:
    """Whether the report agrees with itself, in one line."""
    view = paper.view
    found = view.snapshot.engine.findings(view.filters.body, view.filters.year)
    if found.empty:
        return ""
    failing = int((found["verdict"] == "fails").sum())
    told = view.text("overview.adds_up", tried=number(len(found)))
    if failing:
        told = plural("overview.failing", failing, paper.language, tried=number(len(found)))
    return f'<p class="checked">{escape(told)}</p>'
