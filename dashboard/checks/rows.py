"""Findings as rows of tables and back: what a snapshot holds of them. Nothing is judged or said here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, TypeVar

from dashboard.checks.finding import Cell, Finding, Severity, Side, Verdict, Why
from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval
from dashboard.schema import EvidenceRow, FindingRow, Measure, Segment, columns
from dashboard.tables.by_column import ByColumn

Record = TypeVar("Record")
_COLUMN = Decimal("1e-8")
_OPEN = Interval(None, None)


def figures(finding: Finding) -> str:
    """The finding's figures as printed: what an officer's verdict on it was given on."""
    return "|".join(cell.as_printed for cell in finding.cells)


def of(findings: Iterable[Finding]) -> tuple[ByColumn[FindingRow], ByColumn[EvidenceRow]]:
    """The rows of both tables; what each finding is called is found out once."""
    found, cells = [], []
    for each in findings:
        told = each.id
        found.append(_row(each, told))
        cells += [_evidence(cell, told) for cell in each.cells]
    return _by_column(FindingRow, found), _by_column(EvidenceRow, cells)


def _by_column(record: type[Record], rows: Sequence[tuple[Any, ...]]) -> ByColumn[Record]:
    return ByColumn(record, list(zip(*rows, strict=True)) or [()] * len(columns(record)))


def _row(finding: Finding, told: str) -> tuple[Any, ...]:
    """The cells of a `FindingRow`, in its order: a record of each of millions would take longer than the rules."""
    left, right = finding.left or _OPEN, finding.right or _OPEN
    return (
        told, finding.rule, finding.verdict, finding.severity,
        _places(left.low, ROUND_FLOOR), _places(left.high, ROUND_CEILING),
        finding.relation if finding.left or finding.right else "",
        _places(right.low, ROUND_FLOOR), _places(right.high, ROUND_CEILING),
        finding.unit, finding.why or "", finding.inferred, finding.message, _told(finding), figures(finding),
    )  # fmt: skip


def _told(finding: Finding) -> str:
    if not finding.values:
        return "{}"
    return json.dumps({name: _plain(value) for name, value in finding.values}, ensure_ascii=False)


def _places(end: Decimal | None, rounding: str) -> Decimal | None:
    """An end as a column holds it: a quotient without end is rounded outwards, so that the interval loses nothing."""
    if end is None or end == end.quantize(_COLUMN, rounding):
        return end
    return end.quantize(_COLUMN, rounding)


def _evidence(cell: Cell, told: str) -> tuple[Any, ...]:
    """The cells of an `EvidenceRow`, in its order."""
    return (
        told, cell.side, cell.operator, cell.indicator, cell.applicant, cell.segment, cell.measure, cell.counts,
        cell.as_printed, cell.locator, cell.body, cell.year,
    )  # fmt: skip


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
