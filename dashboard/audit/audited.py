"""What is checked: documents as they are, or reports of the data folder with those before and below them. Writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard import __version__, checks, documents, forms
from dashboard.checks import Below, Finding, Reported
from dashboard.checks.case import table_of
from dashboard.checks.repair import Repair, smallest_repair
from dashboard.messages import UserError
from dashboard.schema import Body, Report
from dashboard.tables.package import Package


@dataclass(frozen=True, slots=True)
class Audited:
    """A report with every rule tried on it; `name` is its body's as people know it, `repair` what would settle its sums."""

    report: Report
    name: str
    findings: tuple[Finding, ...]
    repair: Repair


def held(package: Package, body: str, year: int) -> Audited:
    """The report of the data folder. Raises UserError where it holds none of that body and year."""
    reports = {(each.body, each.year): each for each in package.reports()}
    if (body, year) not in reports:
        known = "、".join(f"{code}-{when}" for code, when in reports) or "–"
        raise UserError("report.unknown", body=body, year=year, known=known)
    reported = _reported(package, reports[body, year])
    return _audit(package, reported, package.bodies())


def document(package: Package, path: Path, *, body: str = "", year: int | None = None) -> Audited:
    """The report that a file holds, of a body that need not be known. Raises UserError for what is no report."""
    bodies = package.bodies() if (package.folder / "bodies.csv").exists() else []
    content, read = documents.read(path)
    reading = forms.read(read, bodies, body=body, year=year, new_body=True)
    told = reading.recognition
    report = Report(
        body=told.body, year=told.year, edition=told.form.edition, title=told.title, publisher=told.publisher,
        period_start=told.period_start, period_end=told.period_end, localities=told.localities,
        departments=told.departments, format=read.format, sha256=hashlib.sha256(content).hexdigest(),
        tool_version=__version__,
    )  # fmt: skip
    known = [*bodies, *([told.proposed] if told.proposed else [])]
    return _audit(package, Reported(report, reading.facts, reading.mentions), known)


def _audit(package: Package, reported: Reported, bodies: Sequence[Body]) -> Audited:
    report = reported.report
    body = next((each for each in bodies if each.body == report.body), None)
    findings = checks.run(
        report, reported.facts, reported.mentions, previous=_previous(package, report), body=body,
        below=_below(package, report, bodies),
    )  # fmt: skip
    cells = {key: fact.value for key, fact in table_of(reported.facts).items()}
    repair = smallest_repair(report.edition, cells)
    return Audited(report, body.name if body else report.body, tuple(findings), repair)


def _previous(package: Package, report: Report) -> list[Reported]:
    others = [each for each in package.reports() if report.body == each.body and report.year != each.year]
    return [_reported(package, each) for each in others]


def _below(package: Package, report: Report, bodies: Sequence[Body]) -> Below:
    under = [each for each in bodies if report.body and each.parent == report.body]
    codes = {each.body for each in under}
    reports = [each for each in package.reports() if each.body in codes and each.year == report.year]
    return Below(under, [_reported(package, each) for each in reports])


def _reported(package: Package, report: Report) -> Reported:
    return Reported(report, package.facts(report.body, report.year), package.mentions(report.body, report.year))
