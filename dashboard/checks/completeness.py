"""What a report lacks: empty, missing and unreadable cells, whole tables, the right year, and the date the law sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from dashboard import definitions
from dashboard.checks import arithmetic
from dashboard.checks.case import Case, cell
from dashboard.checks.finding import Cell, Finding, Side, Verdict, Why
from dashboard.checks.identities import CellKey
from dashboard.schema import Absence, Fact

_YEAR = re.compile(r"(?:19|20)\d{2}(?=年|\s*年度)")
_DEPARTMENT = "department"
# The Regulations of 2007 gave everybody until 31 March, those of 2019, in force for reports on 2019, departments less.
_FIRST_OF_2019 = 2019


def check(case: Case) -> Iterator[Finding]:
    yield from of_form(case)
    yield from of_report(case)


def of_form(case: Case) -> Iterator[Finding]:
    """What follows from the table alone."""
    yield from _cells(case)
    yield from _tables(case)


def of_report(case: Case) -> Iterator[Finding]:
    """What follows from the rest of the report, and from the years that are there."""
    yield _narrative(case)
    yield _year(case)
    yield _period(case)
    yield _date(case)
    yield from _years(case)


def _cells(case: Case) -> Iterator[Finding]:
    """A finding for each cell that holds no figure, with the value it must have where a sum settles that."""
    filled = arithmetic.inferred(case)
    found: dict[str, list[Cell]] = {"completeness.missing": [], "completeness.blank": [], "completeness.unreadable": []}
    form = _form(case)
    keys = [CellKey(each.indicator, each.applicant) for each in form.cells] if form else []
    for key in keys:
        fact = case.table.get(key)
        rule = _lack(fact)
        if rule:
            found[rule].append(cell(fact, Side.LEFT) if fact else Cell(Side.LEFT, key.indicator, key.applicant))
    for rule, cells in found.items():
        for each in cells:
            value = filled.get(CellKey(each.indicator, each.applicant))
            yield case.finding(rule, Verdict.FAILS, cells=(each,), message="finding.lacking", inferred=value)
        if len(cells) < len(keys):
            kept = (("count", len(keys) - len(cells)),)
            yield case.finding(rule, Verdict.HOLDS, message="finding.cells", values=kept)


@cache
def _tables_of(edition: str) -> tuple[tuple[str, tuple[CellKey, ...]], ...]:
    """The caption of each table of the form, and its cells."""
    form = definitions.forms().get(edition)
    return tuple(
        (table.caption, tuple(CellKey(cell.indicator, cell.applicant) for _, _, cell in table.cells))
        for table in (form.tables if form else ())
    )


def _form(case: Case) -> definitions.Form | None:
    """None for a report of the years before there was a form."""
    return definitions.forms()[case.report.edition] if case.report.edition else None


def _lack(fact: Fact | None) -> str:
    if fact is None:
        return "completeness.missing"
    if fact.absence is Absence.BLANK:
        return "completeness.blank"
    return "completeness.unreadable" if fact.absence is Absence.UNREADABLE else ""


def _tables(case: Case) -> Iterator[Finding]:
    """A table of the form without a single figure."""
    for number, (caption, keys) in enumerate(_tables_of(case.report.edition), 1):
        facts = [case.table.get(key) for key in keys]
        told = [fact for fact in facts if fact is not None and fact.absence in (None, Absence.NOT_APPLICABLE)]
        verdict = Verdict.HOLDS if told else Verdict.FAILS
        values = (("table", caption), ("count", len(told)), ("all", len(facts)))
        marked = (Cell(Side.LEFT, counts=caption, locator=f"table:{number}"),)
        yield case.finding("completeness.table", verdict, cells=marked, message="finding.table", values=values)


def _narrative(case: Case) -> Finding:
    verdict = Verdict.HOLDS if case.mentions else Verdict.FAILS
    values = (("count", len(case.mentions)),)
    return case.finding("completeness.narrative", verdict, message="finding.narrative", values=values)


def _year(case: Case) -> Finding:
    """The title, the stated period and the edition of the form speak of the year reported on."""
    report = case.report
    told = {int(year) for year in _YEAR.findall(report.title)}
    told |= {int(day[:4]) for day in (report.period_start, report.period_end) if day}
    form = _form(case)
    others = sorted(told - {report.year})
    is_right = not others and (form is None or form.first_year <= report.year <= form.last_year)
    values = (
        ("told", "、".join(map(str, sorted(told))) or "–"),
        ("year", report.year),
        ("edition", report.edition or "–"),
    )
    if not told:
        return case.not_assessable("completeness.year", Why.NO_YEAR)
    verdict = Verdict.HOLDS if is_right else Verdict.FAILS
    return case.finding("completeness.year", verdict, message="finding.year", values=values)


def _period(case: Case) -> Finding:
    """The stated period is the whole year."""
    start, end, year = case.report.period_start, case.report.period_end, case.report.year
    if not (start and end):
        return case.not_assessable("completeness.period", Why.NO_PERIOD)
    verdict = Verdict.HOLDS if (start, end) == (f"{year}-01-01", f"{year}-12-31") else Verdict.FAILS
    return case.finding(
        "completeness.period", verdict, message="finding.period", values=(("start", start), ("end", end))
    )


def _date(case: Case) -> Finding:
    """Published by the date the law sets. Whether a body is a department decides only between the two dates."""
    report = case.report
    try:
        published = date.fromisoformat(report.published)
    except ValueError:
        return case.not_assessable("completeness.late", Why.NO_DATE)
    first, last = date(report.year + 1, 1, 31), date(report.year + 1, 3, 31)
    if report.year < _FIRST_OF_2019:
        first = last
    due = None if case.body is None else first if case.body.level == _DEPARTMENT else last
    values = (("published", report.published), ("due", str(due or last)))
    found = case.finding("completeness.late", Verdict.HOLDS, message="finding.published", values=values)
    if published <= (due or first):
        return found
    if published > (due or last):
        return replace(found, verdict=Verdict.FAILS)
    return case.not_assessable("completeness.late", Why.NO_LEVEL, values=values)


def _years(case: Case) -> Iterator[Finding]:
    """Reports that are not there between the body's first and last one; told by the report that follows the gap."""
    held = {each.report.year for each in case.previous} | {case.report.year}
    earlier = [year for year in held if year < case.report.year]
    if not earlier:
        yield case.not_assessable("completeness.years", Why.NO_PREVIOUS)
        return
    gap = range(max(earlier) + 1, case.report.year)
    for year in gap:
        missing = (Cell(Side.LEFT, year=year, body=case.report.body),)
        yield case.finding(
            "completeness.years",
            Verdict.FAILS,
            cells=missing,
            message="finding.year_missing",
            values=(("missing", year),),
        )
    if not gap:
        values = (("count", len(earlier)), ("first", min(earlier)))
        yield case.finding("completeness.years", Verdict.HOLDS, message="finding.years", values=values)
