"""What was read of one document of a draft, with the doubtful figures first. Reads the draft's tables; knows no words.

A figure is doubtful where a rule fails that rests on it, where it is not printed as a plain number, or where there is
none. Those corrected follow. Figures beyond doubt keep the order of the form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from dashboard.checks import Finding, Severity, Verdict
from dashboard.checks.audit import Folder
from dashboard.checks.finding import Cell
from dashboard.messages import UserError
from dashboard.schema import Absence, Correction, Fact, Mention, Report
from dashboard.tables import corrections
from dashboard.tables.corrections import State
from dashboard.tables.package import Package

_DIGITS = re.compile(r"(\d+(?:\.\d+)?)(%?)\D*")
_WIDE = str.maketrans({",": None, "，": None, "．": ".", "％": "%"})
Key = tuple[str, str, str, str]


class Doubt(StrEnum):
    """Why a figure ought to be looked at, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    UNREADABLE = "unreadable"
    IN_WORDS = "in_words"
    EMPTY = "empty"
    NOTE = "note"


_ORDER = tuple(Doubt)
_OF_SEVERITY = {Severity.ERROR: Doubt.ERROR, Severity.WARNING: Doubt.WARNING, Severity.NOTE: Doubt.NOTE}
_OF_ABSENCE = {Absence.UNREADABLE: Doubt.UNREADABLE, Absence.BLANK: Doubt.EMPTY}


@dataclass(frozen=True, slots=True)
class Figure:
    """`was` is the same figure in the data folder, where it says something else; `is_new` where that has none.

    `correction` is the one in force for it in the draft.
    """

    fact: Fact
    doubts: tuple[Doubt, ...]
    findings: tuple[Finding, ...]
    was: Fact | None = None
    is_new: bool = False
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of the narrative."""

    mention: Mention
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`findings` are what fails, the gravest first. `had`: the data folder holds a report of this body and year;
    `is_held`: it is this one.
    """

    report: Report
    figures: tuple[Figure, ...]
    quantities: tuple[Quantity, ...]
    findings: tuple[Finding, ...]
    had: bool
    is_held: bool


def sheet(tables: Path, data: Path, document: str) -> Sheet:
    """Of the document with that hash. Raises UserError where the draft's tables hold nothing of it."""
    package = Package(tables)
    report = next((each for each in package.reports() if each.sha256 == document), None)
    if report is None:
        raise UserError("draft.nothing_read")
    folder = Folder(package)
    one = folder.report(report.body, report.year)
    failing = [each for each in folder.findings(one, folder.reports_of(report.body)) if each.verdict is Verdict.FAILS]
    failing.sort(key=lambda each: _ORDER.index(_OF_SEVERITY[each.severity]))
    touching = _touching(failing)
    known = Package(data)
    live = _live(known, report)
    corrected = _corrected(package, report)
    figures = [replace(_figure(fact, touching, live), correction=corrected.get(_place(fact))) for fact in one.facts]
    quantities = [Quantity(each, tuple(touching.get(each.locator, ()))) for each in one.mentions]
    return Sheet(
        report,
        tuple(sorted(figures, key=_rank)),
        tuple(sorted(quantities, key=lambda each: not each.findings)),
        tuple(failing),
        live is not None,
        any(each.sha256 == document for each in known.reports()),
    )


def _rank(figure: Figure) -> int:
    """The doubtful first; one that has been corrected comes after them, as somebody has looked at it."""
    if figure.correction:
        return len(_ORDER)
    return _ORDER.index(figure.doubts[0]) if figure.doubts else len(_ORDER) + 1


def _touching(failing: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    """Place -> what fails because of what stands there, of this report alone."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in failing:
        for cell in finding.cells:
            if cell.locator and is_own(cell, finding) and finding not in found[cell.locator]:
                found[cell.locator].append(finding)
    return found


def is_own(cell: Cell, finding: Finding) -> bool:
    """Whether the cell stands in the report that the finding is about."""
    return cell.body in ("", finding.body) and cell.year in (0, finding.year)


def _live(package: Package, report: Report) -> Mapping[Key, Fact] | None:
    """The figures that the data folder holds for the same body and year; None where it has no such report."""
    if not any((each.body, each.year) == (report.body, report.year) for each in package.reports()):
        return None
    return {_key(fact): fact for fact in package.facts(report.body, report.year)}


def _key(fact: Fact) -> Key:
    return fact.indicator, fact.segment, fact.applicant, fact.measure


def _corrected(package: Package, report: Report) -> Mapping[tuple[str, str, str], Correction]:
    listed = [each for each in corrections.listed(package) if each.state is State.IN_FORCE]
    rows = [each.correction for each in listed]
    return {_place(row): row for row in rows if (row.body, row.year) == (report.body, report.year)}


def _place(row: Fact | Correction) -> tuple[str, str, str]:
    return row.locator, row.indicator, row.applicant


def _figure(fact: Fact, touching: Mapping[str, list[Finding]], live: Mapping[Key, Fact] | None) -> Figure:
    findings = touching.get(fact.locator, [])
    doubts = {_OF_SEVERITY[each.severity] for each in findings}
    if fact.absence in _OF_ABSENCE:
        doubts.add(_OF_ABSENCE[fact.absence])
    elif not _is_plain(fact):
        doubts.add(Doubt.IN_WORDS)
    before = live.get(_key(fact)) if live is not None else None
    is_other = before is not None and (before.value, before.absence) != (fact.value, fact.absence)
    return Figure(
        fact,
        tuple(sorted(doubts, key=_ORDER.index)),
        tuple(findings),
        before if is_other else None,
        live is not None and before is None,
    )


def _is_plain(fact: Fact) -> bool:
    """Whether the value stands there in digits: neither in words, nor as so many ten thousands, nor rounded."""
    if fact.value is None:
        return True
    found = _DIGITS.fullmatch("".join(fact.as_printed.translate(_WIDE).split()))
    return found is not None and Decimal(found[1]) == fact.value * (100 if found[2] else 1)
