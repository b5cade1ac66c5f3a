"""Findings as rows of tables and back: what a snapshot holds of them. Nothing is judged or said here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from dashboard.checks.finding import Cell, Finding, Severity, Side, Verdict, Why
from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval
from dashboard.schema import EvidenceRow, FindingRow, Measure, Segment

_COLUMN = Decimal("1e-8")


def figures(finding: Finding) -> str:
    """The finding's figures as printed: what an officer's verdict on it was given on."""
    return "|".join(cell.as_printed for cell in finding.cells)


def of(findings: Iterable[Finding]) -> tuple[list[FindingRow], list[EvidenceRow]]:
    """The rows of both tables; what each finding is called is found out once."""
    found: list[FindingRow] = []
    cells: list[EvidenceRow] = []
    for each in findings:
        told = each.id
        found.append(_row(each, told))
        cells += _evidence(each, told)
    return found, cells


def _row(finding: Finding, told: str) -> FindingRow:
    left, right = finding.left or Interval(None, None), finding.right or Interval(None, None)
    return FindingRow(
        id=told,
        rule=finding.rule,
        verdict=finding.verdict,
        severity=finding.severity,
        left_low=_places(left.low, ROUND_FLOOR),
        left_high=_places(left.high, ROUND_CEILING),
        relation=finding.relation if finding.left or finding.right else "",
        right_low=_places(right.low, ROUND_FLOOR),
        right_high=_places(right.high, ROUND_CEILING),
        unit=finding.unit,
        why=finding.why or "",
        inferred=finding.inferred,
        message=finding.message,
        told=_told(finding),
        figures=figures(finding),
    )


def _told(finding: Finding) -> str:
    if not finding.values:
        return "{}"
    return json.dumps({name: _plain(value) for name, value in finding.values}, ensure_ascii=False)


def _places(end: Decimal | None, rounding: str) -> Decimal | None:
    """An end as a column holds it: a quotient without end is rounded outwards, so that the interval loses nothing."""
    if end is None or end == end.quantize(_COLUMN, rounding):
        return end
    return end.quantize(_COLUMN, rounding)


def _evidence(finding: Finding, told: str) -> list[EvidenceRow]:
    return [
        EvidenceRow(
            finding=told,
            side=cell.side,
            operator=cell.operator,
            indicator=cell.indicator,
            applicant=cell.applicant,
            segment=cell.segment,
            measure=cell.measure,
            counts=cell.counts,
            as_printed=cell.as_printed,
            locator=cell.locator,
            source_body=cell.body,
            source_year=cell.year,
        )
        for cell in finding.cells
    ]


def finding(found: Mapping[str, Any], cells: Iterable[Mapping[str, Any]]) -> Finding:
    """The finding of a row of `findings` and its rows of `evidence`, in their order."""
    told = json.loads(found["told"])
    return Finding(
        body=found["body"],
        year=int(found["year"]),
        rule=found["rule"],
        verdict=Verdict(found["verdict"]),
        severity=Severity(found["severity"]),
        cells=tuple(_cell(each) for each in cells),
        left=_side(found["left_low"], found["left_high"]),
        relation=Relation(found["relation"] or Relation.EQUAL),
        right=_side(found["right_low"], found["right_high"]),
        unit=found["unit"],
        why=Why(found["why"]) if found["why"] else None,
        inferred=found["inferred"],
        message=found["message"],
        values=tuple((name, _value(value)) for name, value in told.items()),
    )


def _side(low: Decimal | None, high: Decimal | None) -> Interval | None:
    """A side that is open at both ends says nothing, as one that was not known."""
    return None if low is None and high is None else Interval(low, high)


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        side=Side(row["side"]),
        indicator=row["indicator"],
        applicant=row["applicant"],
        segment=Segment(row["segment"]),
        measure=Measure(row["measure"]),
        counts=row["counts"],
        as_printed=row["as_printed"],
        locator=row["locator"],
        body=row["source_body"],
        year=int(row["source_year"]),
        operator=row["operator"],
    )


def _plain(value: str | int | Decimal) -> object:
    """An exact number keeps its digits, and that it is one."""
    return {"decimal": f"{value:f}"} if isinstance(value, Decimal) else value


def _value(value: Any) -> str | int | Decimal:
    return Decimal(value["decimal"]) if isinstance(value, dict) else value
