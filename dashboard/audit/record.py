"""Findings for programs: JSON objects and CSV rows. Values are exact, as text; what is absent is null or empty."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dashboard import checks
from dashboard.audit.audited import Audited
from dashboard.checks import Cell, Finding, Interval, telling
from dashboard.checks.repair import Edit, Group
from dashboard.checks.repair import telling as repairs
from dashboard.checks.repair.proposals import locators, settled
from dashboard.messages import Language
from dashboard.schema import Report, columns
from dashboard.tables import records

CSV_COLUMNS = (
    "body", "year", "id", "rule", "verdict", "severity", "left_low", "left_high", "relation", "right_low", "right_high",
    "unit", "inferred", "why", "message", "locators",
)  # fmt: skip
# What a spreadsheet takes for a formula; such a cell gets an apostrophe before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(audits: Sequence[Audited], language: Language) -> str:
    """One object for one report; for several `{"reports": [...]}` with one object each."""
    objects = [_audit(each, language) for each in audits]
    return json.dumps(objects[0] if len(objects) == 1 else {"reports": objects}, ensure_ascii=False, indent=2)


def to_csv(audits: Sequence[Audited], language: Language) -> str:
    """One row a finding, both sides as their ends; lines ended by a single line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for audited in audits:
        writer.writerows(_row(finding, language) for finding in audited.findings)
    return out.getvalue()


def defused(cell: str) -> str:
    """The text of a cell so that no spreadsheet takes it for a formula."""
    first = unicodedata.normalize("NFKC", cell.lstrip(" \u3000")[:1])  # the full-width ones too, in a Chinese Excel
    return f"'{cell}" if first in _FORMULA else cell


def _audit(audited: Audited, language: Language) -> dict[str, Any]:
    report = {name: getattr(audited.report, name) for name in columns(Report)} | {"name": audited.name}
    edition = audited.report.edition
    return {
        "report": report,
        "findings": [_finding(each, edition, language) for each in audited.findings],
        "smallest_correction": [_group(audited, each, language) for each in audited.repair.groups],
    }


def _group(audited: Audited, group: Group, language: Language) -> dict[str, Any]:
    """Broken sums that hang together; `settles` are ids of findings, `corrections` every way that is equally small."""
    return {
        "settles": [finding.id for finding in settled(audited.findings, group.broken)],
        "is_proven": group.is_proven,
        "is_complete": group.is_complete,
        "corrections": [
            [_edit(edit, locators(audited.findings).get(edit.cell, ""), language) for edit in each.edits]
            for each in group.corrections
        ],
    }


def _edit(edit: Edit, locator: str, language: Language) -> dict[str, Any]:
    return {
        "indicator": edit.cell.indicator,
        "applicant": edit.cell.applicant,
        "locator": locator,
        "printed": _text(edit.printed),
        "suggested": _text(edit.suggested),
        "low": _text(edit.low),
        "high": _text(edit.high),
        "slip": edit.slip,
        "message": repairs.say(edit, language),
    }


def _finding(finding: Finding, edition: str, language: Language) -> dict[str, Any]:
    return {
        "id": finding.id,
        "rule": finding.rule,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "left": _interval(finding.left),
        "relation": finding.relation,
        "right": _interval(finding.right),
        "unit": finding.unit,
        "cells": [_cell(cell, language) for cell in finding.cells],
        "message": telling.say(finding, language),
        "why": finding.why,
        "inferred": _text(finding.inferred),
        "basis": checks.basis(finding.rule, edition),
    }


def _cell(cell: Cell, language: Language) -> dict[str, Any]:
    return {
        "side": cell.side,
        "operator": cell.operator,
        "indicator": cell.indicator,
        "applicant": cell.applicant,
        "segment": cell.segment,
        "measure": cell.measure,
        "counts": cell.counts,
        "name": telling.name(cell, language),
        "as_printed": cell.as_printed,
        "locator": cell.locator,
        "body": cell.body,
        "year": cell.year or None,
    }


def _interval(interval: Interval | None) -> dict[str, str | None] | None:
    return None if interval is None else {"low": _text(interval.low), "high": _text(interval.high)}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _row(finding: Finding, language: Language) -> list[str]:
    left, right = (each or Interval(None, None) for each in (finding.left, finding.right))
    values = (
        finding.body, finding.year, finding.id, finding.rule, finding.verdict, finding.severity, left.low, left.high,
        finding.relation, right.low, right.high, finding.unit, finding.inferred, finding.why,
        defused(telling.say(finding, language)), " ".join(cell.locator for cell in finding.cells if cell.locator),
    )  # fmt: skip
    return [records.written(value) for value in values]
