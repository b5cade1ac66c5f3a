"""The figures as the report has them: the statutory form's tables, then what the text states, each with its place.

What is corrected keeps its printed value here, with a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboard import definitions
from dashboard.charts.row import written
from dashboard.definitions import FormCell, FormTable
from dashboard.documents.document import Locator
from dashboard.report.paper import Paper, foreign, table
from dashboard.schema import Measure, Segment
from dashboard.tables.rows import records_of

_Facts = dict[tuple[str, str], dict[str, Any]]
_DEEPEST = 3


def tables(paper: Paper) -> str:
    view = paper.view
    reported = records_of(view.snapshot.engine.reported(view.filters.body, view.filters.year))
    printed: _Facts = {}
    for row in reported:
        if "table:" in row["locator"]:
            printed.setdefault((row["indicator"], row["applicant"]), row)
    return _statutory(paper, printed) + _of_text(paper, [row for row in reported if "table:" not in row["locator"]])


def _statutory(paper: Paper, printed: _Facts) -> str:
    form = definitions.forms().get(paper.view.report["edition"])
    if form is None or not printed:
        return f"<h3>{paper.say('paper.statutory')}</h3><p>{paper.say('paper.no_table')}</p>"
    about = paper.say("paper.statutory_about", edition=form.edition)
    return (
        f"<h3>{paper.say('paper.statutory')}</h3>"
        f'<p class="note">{about} {paper.say("paper.signs")} {_stands(paper, list(printed.values()))}</p>'
        f"{''.join(_grouped(paper, form.tables, printed))}"
    )


def _grouped(paper: Paper, form_tables: Sequence[FormTable], printed: _Facts) -> Iterator[str]:
    """In the order of the form; its small tables that follow each other stand under the same heads."""
    for is_crossed, group in groupby(form_tables, key=_has_applicants):
        if is_crossed:
            yield from (_crossed(paper, each, printed) for each in group)
        else:
            yield _listed(paper, list(group), printed)


def _has_applicants(form_table: FormTable) -> bool:
    return any(cell.applicant for _, _, cell in form_table.cells)


def _stands(paper: Paper, rows: Sequence[dict[str, Any]]) -> str:
    """On which pages of the document these figures are printed, or on which lines where it has no pages."""
    places = [Locator.parse(row["locator"]) for row in rows]
    for kind in ("page", "line", "para"):
        found = sorted(each for each in (getattr(place, kind) for place in places) if each is not None)
        if found:
            first, last = found[0], found[-1]
            told = str(first) if first == last else f"{first}–{last}"
            return paper.say(f"paper.on_{kind}", places=told)
    return ""


def _listed(paper: Paper, listed: Sequence[FormTable], printed: _Facts) -> str:
    """One line a figure."""
    bodies = [_body(paper, each, printed) for each in listed]
    heads = [
        ("place", paper.say("table.clause")),
        ("", paper.say("table.indicator")),
        ("number", paper.say("table.value")),
        ("", paper.say("table.unit")),
        ("number", paper.say("table.as_printed")),
    ]
    return table(heads, bodies, kind="listed") if any(bodies) else ""


def _body(paper: Paper, form_table: FormTable, printed: _Facts) -> str:
    lines = [
        _line(paper, cell, min(len(row), _DEEPEST), printed[cell.indicator, cell.applicant])
        for row, _, cell in form_table.cells
        if (cell.indicator, cell.applicant) in printed
    ]
    title = f'<tr class="title"><th colspan="5" scope="colgroup">{foreign(form_table.caption)}</th></tr>'
    return f"<tbody>{title}{''.join(lines)}</tbody>" if lines else ""


def _line(paper: Paper, cell: FormCell, depth: int, fact: dict[str, Any]) -> str:
    indicator = definitions.indicators()[cell.indicator]
    place = indicator.places.get(paper.view.report["edition"], "")
    value, unit = written(fact["value"], fact["unit"], fact["absence"], paper.view.look)
    return (
        f'<tr><td class="place" lang="zh-CN">{escape(place)}</td><th scope="row" class="in{depth}">'
        f'{escape(indicator.name(paper.language))}{paper.signs(fact["locator"])}</th><td class="number">{escape(value)}</td>'
        f'<td>{escape(unit)}</td><td class="number" lang="zh-CN">{escape(fact["as_printed"]) or "–"}</td></tr>'
    )


def _crossed(paper: Paper, form_table: FormTable, printed: _Facts) -> str:
    """Indicators by kinds of applicants, as printed."""
    applicants = list(dict.fromkeys(cell.applicant for _, _, cell in form_table.cells))
    depths = {cell.indicator: min(len(row), _DEEPEST) for row, _, cell in form_table.cells}
    lines = [
        _across(paper, code, depth, [printed.get((code, each)) for each in applicants])
        for code, depth in depths.items()
        if any((code, each) in printed for each in applicants)
    ]
    heads = [("", paper.say("table.indicator"))]
    heads += [("number", paper.say(f"applicant.{each}") if each else paper.say("table.value")) for each in applicants]
    caption = foreign(form_table.caption)
    return table(heads, [f"<tbody>{''.join(lines)}</tbody>"], caption, "crossed") if lines else ""


def _across(paper: Paper, code: str, depth: int, cells: Sequence[dict[str, Any] | None]) -> str:
    name = escape(definitions.indicators()[code].name(paper.language))
    told = "".join(f'<td class="number">{"".join(_cell(paper, each))}</td>' for each in cells)
    return f'<tr><th scope="row" class="in{depth}">{name}</th>{told}</tr>'


def _cell(paper: Paper, fact: dict[str, Any] | None) -> Iterator[str]:
    if fact is None:
        return
    yield escape(" ".join(fact["as_printed"].split())) or "–"
    yield paper.signs(fact["locator"])


def _of_text(paper: Paper, rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return ""
    view = paper.view
    held = records_of(view.snapshot.engine.facts(view.filters.body, [view.filters.year]))
    sections = {row["locator"]: row["section"] for row in held}
    heads = [
        ("place", paper.say("table.section")),
        ("", paper.say("table.indicator")),
        ("number", paper.say("table.value")),
        ("", paper.say("table.unit")),
        ("number", paper.say("table.as_printed")),
    ]
    lines = "".join(_stated(paper, row, sections.get(row["locator"], "")) for row in rows)
    about = f'<p class="note">{paper.say("paper.of_text_about")} {_stands(paper, rows)}</p>'
    return f"<h3>{paper.say('paper.of_text')}</h3>{about}{table(heads, [f'<tbody>{lines}</tbody>'], kind='listed')}"


def _stated(paper: Paper, fact: dict[str, Any], section: str) -> str:
    value, unit = written(fact["value"], fact["unit"], fact["absence"], paper.view.look)
    return (
        f'<tr><td class="place" lang="zh-CN">{escape(section)}</td><th scope="row">{_named(paper, fact)}'
        f'{paper.signs(fact["locator"])}</th><td class="number">{escape(value)}</td><td>{escape(unit)}</td>'
        f'<td class="number" lang="zh-CN">{escape(fact["as_printed"]) or "–"}</td></tr>'
    )


def _named(paper: Paper, fact: dict[str, Any]) -> str:
    told = [paper.indicator(fact["indicator"])]
    told += [paper.say(f"segment.{fact['segment']}")] if fact["segment"] != Segment.ALL else []
    told += [paper.say(f"measure.{fact['measure']}")] if fact["measure"] != Measure.VALUE else []
    return " · ".join(told)
